"""`wslabel redact`: a corpus without what tells who someone is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wslabel.cli.shell import json_option, print_json

if TYPE_CHECKING:
    from wslabel.core.records import Records


@click.command(short_help="Replace e-mail addresses, numbers and names in a corpus.")
@click.argument("corpus", nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The redacted corpus, .jsonl.")
@click.option("--kind", "kinds", multiple=True, help="A built-in kind; may be given again. [default: all]")
@click.option("--recognisers", multiple=True, metavar="FILE", help="TOML with recognisers of your own.")
@click.option("--names", multiple=True, metavar="FILE", help="A list of names, one a line.")
@click.option(
    "--region", "regions", multiple=True, default=["US"], show_default=True, help="Of phone numbers without +."
)
@click.option("--pseudonyms", is_flag=True, help="The same value gets the same pseudonym (secret: $WSLABEL_SECRET).")
@click.option("--column", "columns", multiple=True, help="A column to redact. [default: all texts but id]")
@click.option("--id", "id_", metavar="COLUMN", help="The column of ids [default: id, else derived from the text].")
@click.option("--text", default="text", show_default=True, metavar="COLUMN", help="The column of texts.")
@json_option
def redact(corpus: tuple[str, ...], output: Path, as_json: bool, **options: Any) -> None:
    """Write CORPUS (files, folders or globs) as JSON lines in which e-mail addresses, phone, card and bank account
    numbers, US social security numbers, record numbers, IP addresses, dates of birth and listed names are replaced.
    Ids and all else stay as they are. Beside it, OUTPUT.report.json tells how much was replaced, never what.

    \b
    Example:
      wslabel redact data_samples/finance/sentiment.jsonl -o runs/redacted.jsonl
    """
    from wslabel.core.files import write_json
    from wslabel.core.records import read_records
    from wslabel.errors import ExportError
    from wslabel.redacting import Redaction, load_recognisers
    from wslabel.redacting import redact as redact_records

    rules = load_recognisers(options["kinds"] or None, options["recognisers"], options["names"], options["regions"])
    mode = "pseudonym" if options["pseudonyms"] else "kind"
    redaction = Redaction(rules, mode, options["columns"] or None)  # type: ignore[arg-type]
    made = redact_records(read_records(list(corpus), options["id_"], options["text"]), redaction)
    _write(made, output)
    report = made.report()
    write_json(output.with_name(f"{output.name}.report.json"), report, ExportError)
    if as_json:
        print_json(report)
        return
    touched = report["touched"]
    for kind, count in sorted(report["replaced"].items()):
        click.echo(f"{kind:<12}{count:>9} replaced in {touched[kind]} records")
    if touched.get("ids"):
        click.echo(f"{touched['ids']} ids look like one of the kinds; ids stay as they are.")
    click.echo(f"{report['records']} records in {output}")


def _write(records: Records, output: Path) -> None:
    import json

    from wslabel.core.files import write_atomically
    from wslabel.errors import ExportError

    def rows(beside: Path) -> None:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            for batch in records.batches():
                for row in batch.to_pylist():
                    file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")

    write_atomically(output, rows, ExportError)
