"""Finding suites: industry packages in ``labeling_functions/`` folders and in installed packages, without importing."""

from __future__ import annotations

import importlib.util
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from wslabel.errors import SuiteError, suggest

FOLDER = "labeling_functions"
VARIABLE = "WSLABEL_SUITES"
GROUP = "wslabel.suites"
PACKAGE_KEYS = ("name", "version", "description", "owners", "language", "spacy", "sensitive", "licences", "tasks")
TASK_KEYS = ("description", "sample")


@dataclass(frozen=True)
class SuiteInfo:
    """What package.toml says of a suite.

    Attributes
    ----------
    name
        ``industry.task``.
    folder
        The task's folder.
    version, language, spacy, description
        From package.toml.
    sample
        A small corpus on which golden votes are kept; None where there is none.
    sensitive
        Whether records may not be exported as they are, see docs/privacy.md.
    licences
        Where the words and tables of the package come from.
    """

    name: str
    folder: Path
    version: str
    language: str
    spacy: str
    description: str
    sample: Path | None
    sensitive: bool = False
    licences: Mapping[str, str] = field(default_factory=dict)

    @property
    def package(self) -> Path:
        """The folder of the industry package."""
        return self.folder.parent

    @property
    def golden_votes(self) -> Path:
        """The file of votes on the sample."""
        return self.folder / "golden_votes.csv"


def find_suites(path: str | Path | None = None) -> dict[str, SuiteInfo]:
    """Return the suites by name, sorted.

    Parameters
    ----------
    path
        A folder of industry packages, or one package. None: the folders in the environment variable
        WSLABEL_SUITES; else the nearest ``labeling_functions`` at or above the working directory; and
        in both cases the packages that installed distributions offer as entry points ``wslabel.suites``.

    Raises
    ------
    SuiteError
        A package.toml is broken, or two places offer a suite of one name.
    """
    packages = list(_packages(Path(path))) if path is not None else [*_default_packages(), *_entry_point_packages()]
    found: dict[str, SuiteInfo] = {}
    for package in packages:
        for info in _suites(package):
            if info.name in found and found[info.name].folder != info.folder:
                raise SuiteError(
                    f"The suite {info.name} stands twice: {found[info.name].folder} and {info.folder}. Remove one."
                )
            found[info.name] = info
    return dict(sorted(found.items()))


def suite_info(name: str, path: str | Path | None = None) -> SuiteInfo:
    """Return the suite of that name, or say which there are."""
    found = find_suites(path)
    if name not in found:
        looked = path or f"$%s, {FOLDER}/ at or above {Path.cwd()} and installed packages" % VARIABLE
        raise SuiteError(f"There is no suite {name!r} (looked in {looked}). {suggest(name, found)}")
    return found[name]


def _default_packages() -> Iterator[Path]:
    given = os.environ.get(VARIABLE)
    if given:
        for one in given.split(os.pathsep):
            yield from _packages(Path(one))
        return
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FOLDER).is_dir():
            yield from _packages(folder / FOLDER)
            return


def _entry_point_packages() -> Iterator[Path]:
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        spec = importlib.util.find_spec(entry.module.partition(".")[0])
        locations = list(spec.submodule_search_locations or []) if spec else []
        folder = Path(locations[0], *entry.module.split(".")[1:]) if locations else None
        if folder is None or not folder.is_dir():
            raise SuiteError(f"The entry point {GROUP}:{entry.name} names {entry.value}, which is no folder of suites.")
        yield from _packages(folder)


def _packages(folder: Path) -> Iterator[Path]:
    folder = folder.resolve()
    if (folder / "package.toml").exists():
        yield folder
        return
    if not folder.is_dir():
        raise SuiteError(f"{folder}: no such folder. Expected a folder of industry packages, like {FOLDER}/.")
    for inside in sorted(folder.iterdir()):
        if inside.is_dir() and not inside.name.startswith((".", "_")):
            if not (inside / "package.toml").exists():
                raise SuiteError(f"{inside} has no package.toml. Add one (see `wslabel new`), or move the folder away.")
            yield inside


def _suites(package: Path) -> Iterator[SuiteInfo]:
    file = package / "package.toml"
    content = _read(file)
    _known(content, PACKAGE_KEYS, str(file))
    name = content.get("name")
    if name != package.name:
        raise SuiteError(f"{file}: name is {name!r}; expected {package.name!r}, the name of its folder.")
    tasks = content.get("tasks", {})
    unlisted = sorted(p.parent.name for p in package.glob("*/task.py") if p.parent.name not in tasks)
    if unlisted:
        raise SuiteError(f"{file} does not list the task {unlisted[0]!r}. Add a table [tasks.{unlisted[0]}].")
    for task, about in tasks.items():
        _known(about, TASK_KEYS, f"{file}, [tasks.{task}]")
        if not (package / task / "task.py").exists():
            raise SuiteError(f"{file} lists the task {task!r}, but there is no {package / task / 'task.py'}.")
        language = str(content.get("language", "en"))
        yield SuiteInfo(
            f"{name}.{task}",
            package / task,
            str(content.get("version", "0")),
            language,
            str(content.get("spacy", f"blank:{language}")),
            str(about.get("description", "")),
            (package / about["sample"]).resolve() if "sample" in about else None,
            _sensitive(content, file),
            {str(what): str(licence) for what, licence in dict(content.get("licences", {})).items()},
        )


def _sensitive(content: Mapping[str, Any], file: Path) -> bool:
    said = content.get("sensitive", False)
    if not isinstance(said, bool):
        raise SuiteError(f"{file}: sensitive is {said!r}; expected true or false.")
    return said


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SuiteError(f"{file}: not valid TOML: {error}.") from None


def _known(content: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in content:
        if key not in keys:
            raise SuiteError(f"{where}: unknown key {key!r}. {suggest(key, keys)}")
