"""The pipeline file: TOML, checked key by key."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wslabel.errors import PipelineError, suggest

NO_END_MODEL, AUTO = "none", "auto"
FORMATS, SPAN_FORMATS = ("openai_chat", "parquet", "csv"), ("jsonl", "spacy_docbin")
"""What is exported where nothing is said, of labels and of spans."""


class Section(BaseModel):
    """A table of the file: no key is taken that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordsSection(Section):
    """``[records]``: the corpus. Paths are relative to the pipeline file."""

    paths: list[str] = Field(min_length=1)
    id: str | None = None
    text: str = "text"
    gold: str | None = None
    max_quarantine_rate: float = Field(0.01, ge=0, le=1)


class ApplySection(Section):
    """``[apply]``: how votes are made. Engine and workers change no vote."""

    engine: str = "local"
    workers: int | Literal["auto"] = "auto"
    shard_size: int = Field(10_000, ge=1)
    max_fault_rate: float = Field(0.01, ge=0, le=1)
    time_limit: float = Field(10.0, ge=0, allow_inf_nan=False)
    evidence: bool = False
    profile: bool = False


class LabelModelSection(Section):
    """``[label_model]``: name and hyper-parameters."""

    name: str = "auto"
    parameters: dict[str, Any] = {}


class EndModelSection(Section):
    """``[end_model]``: the model on text; ``none`` leaves the label model's labels as they are.

    ``auto`` is what suits the task: `tfidf_logreg`, for spans `span_logreg`.
    """

    name: str = AUTO
    folds: int = Field(5, ge=2)
    parameters: dict[str, Any] = {}


class GoldSection(Section):
    """``[gold]``: known labels that models learn from.

    `decisions` names run directories whose reviewers' decisions are gold; `share` is the share of the corpus's gold
    labels that is handed over, drawn by record id. The rest stays for measuring.
    """

    decisions: list[str] = []
    share: float = Field(0.0, ge=0, le=1)


class FlagSection(Section):
    """``[flag]``: Cleanlab's filter, see `wslabel.flag`; with `features`, Datalab's checks of the texts, too."""

    rule: str = "prune_by_noise_rate"
    features: bool = False


class ReviewSection(Section):
    """``[review]``: which records people are asked about, how many, and by whom; see `wslabel.ReviewQueue`."""

    strategy: str = "worst_first"
    budget: int | None = Field(None, ge=1)
    reviewers: list[str] = []
    shared: float = Field(0.0, ge=0, le=1)
    where: dict[str, str] = {}


class RedactionSection(Section):
    """``[redaction]``: see `wslabel.Redaction`. ``review = true``: reviewers see redacted texts, too."""

    kinds: list[str] | None = None
    recognisers: list[str] = []
    names: list[str] = []
    regions: list[str] = ["US"]
    mode: str = "kind"
    columns: list[str] | None = None
    review: bool = False


class SplitsSection(Section):
    """``[export.splits]``: see `wslabel.SplitPlan`; ``near_duplicates = false`` keeps only equal texts together."""

    ratios: dict[str, float] | None = None
    folds: int | None = None
    stratify: str | None = None
    groups: list[str] = []
    time: str | None = None
    gap: str | float = 0.0
    near_duplicates: float | Literal[False] = 0.5
    never_test: list[str] = ["gold", "developed"]
    run_length: int | Literal[False] = 13


class ChoiceSection(Section):
    """``[export.choice]``: see `wslabel.Choice`."""

    target_precision: float | None = None
    quotas: dict[str, int] = {}
    targets: dict[str, int] = {}
    slice: str | None = None
    prefer: str = "sample"
    balance: str = "none"
    impact: str | None = None
    difficulty: float = 0.0


class ExportSection(Section):
    """``[export]``: formats and filters; `template` is a file, see `wslabel.load_template`.

    No formats means `FORMATS`, for spans `SPAN_FORMATS`.
    """

    formats: list[str] = []
    min_confidence: float = Field(0.0, ge=0, le=1)
    include_uncovered: bool = False
    options: dict[str, Any] = {}
    splits: SplitsSection | None = None
    choice: ChoiceSection | None = None
    template: str | None = None
    unredacted: str | None = None


class Pipeline(Section):
    """A pipeline file.

    Attributes
    ----------
    suite
        ``industry.task``.
    suites
        The folder of industry packages; None looks in the usual places (see `wslabel.find_suites`), beginning at
        the pipeline file.
    output
        The run directory.
    seed
        For every model that draws random numbers.
    """

    suite: str
    records: RecordsSection
    suites: str | None = None
    output: str | None = None
    seed: int = 0
    apply: ApplySection = ApplySection.model_validate({})
    label_model: LabelModelSection = LabelModelSection.model_validate({})
    end_model: EndModelSection = EndModelSection.model_validate({})
    gold: GoldSection = GoldSection.model_validate({})
    flag: FlagSection = FlagSection.model_validate({})
    review: ReviewSection = ReviewSection.model_validate({})
    redaction: RedactionSection | None = None
    export: ExportSection = ExportSection.model_validate({})


def load_pipeline(path: str | Path) -> Pipeline:
    """Read a pipeline file; its relative paths become absolute.

    Raises
    ------
    PipelineError
        No such file, not valid TOML, an unknown key (the message suggests one), or a value of the wrong kind.
    """
    file = Path(path)
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PipelineError(f"{file}: cannot be read: {error.strerror}. Expected a pipeline file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PipelineError(f"{file}: not valid TOML: {error}.") from None
    pipeline = make_pipeline(content, str(file))
    return _absolute(pipeline, file.resolve().parent)


def make_section(content: dict[str, Any], where: str) -> SplitsSection:
    """Return the checked ``[export.splits]`` of a dictionary; `where` begins the error message."""
    filled = {"suite": "", "records": {"paths": [""]}, "export": {"splits": content}}
    section = make_pipeline(filled, where).export.splits
    assert section is not None
    return section


def make_pipeline(content: dict[str, Any], where: str) -> Pipeline:
    """Return the checked pipeline of a dictionary; `where` begins the error message."""
    try:
        return Pipeline.model_validate(content)
    except ValidationError as error:
        raise PipelineError(f"{where}: {'; '.join(_explain(one) for one in error.errors()[:3])}") from None


def _explain(error: Any) -> str:
    keys = [str(key) for key in error["loc"] if key != "function-after"]
    at = ".".join(keys)
    if error["type"] == "extra_forbidden":
        return f"unknown key {at!r}. {suggest(keys[-1], _section(keys[:-1]).model_fields)}"
    if error["type"] == "missing":
        return f"the key {at!r} is missing."
    return f"{at} is {error['input']!r}: {error['msg'].lower()}."


def _section(keys: list[str]) -> type[BaseModel]:
    section: type[BaseModel] = Pipeline
    for key in keys:
        inner = section.model_fields[key].annotation if key in section.model_fields else None
        for one in (inner, *get_args(inner)):
            if isinstance(one, type) and issubclass(one, BaseModel):
                section = one
    return section


def _absolute(pipeline: Pipeline, base: Path) -> Pipeline:
    records = pipeline.records.model_copy(update={"paths": [_join(base, path) for path in pipeline.records.paths]})
    suites = _join(base, pipeline.suites) if pipeline.suites else _nearest_suites(base)
    output = _join(base, pipeline.output) if pipeline.output else None
    gold = pipeline.gold.model_copy(update={"decisions": [_join(base, path) for path in pipeline.gold.decisions]})
    redaction = pipeline.redaction and pipeline.redaction.model_copy(
        update={
            "recognisers": [_join(base, path) for path in pipeline.redaction.recognisers],
            "names": [_join(base, path) for path in pipeline.redaction.names],
        }
    )
    template = pipeline.export.template and _join(base, pipeline.export.template)
    export = pipeline.export.model_copy(update={"template": template})
    changed = {"redaction": redaction, "records": records, "suites": suites, "output": output, "gold": gold}
    return pipeline.model_copy(update={**changed, "export": export})


def _join(base: Path, path: str) -> str:
    return os.path.normpath(base / path)


def _nearest_suites(base: Path) -> str | None:
    for folder in (base, *base.parents):
        if (folder / "labeling_functions").is_dir():
            return str(folder / "labeling_functions")
    return None
