"""Loading a suite: its files are imported under a private namespace, never as top-level modules."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType

from wslabel.authoring import LabelingFunction, Preprocessor, Task
from wslabel.authoring.collect import collecting
from wslabel.authoring.fingerprints import SUITE_PREFIX
from wslabel.core.fingerprint import fingerprint
from wslabel.errors import SuiteError, WslabelError
from wslabel.suites.discovery import SuiteInfo, suite_info
from wslabel.suites.rule_files import NAMES, read_rules
from wslabel.suites.suite import Suite


def load_suite(name: str, path: str | Path | None = None) -> Suite:
    """Load a suite by name.

    Parameters
    ----------
    name
        ``industry.task``.
    path
        The folder of industry packages (or one package) to look in; see `find_suites` for the default.

    Returns
    -------
    Suite

    Raises
    ------
    SuiteError
        No such suite, a file that does not import, no task in task.py, or LFs that do not fit together.
    """
    return load(suite_info(name, path))


def load(info: SuiteInfo) -> Suite:
    """Load the suite afresh from its folder."""
    namespace = f"{SUITE_PREFIX}{fingerprint(str(info.package.parent))[:8]}"
    package = f"{namespace}.{info.package.name}"
    _forget(package)
    _namespace(namespace, info.package.parent)
    _namespace(package, info.package)
    _namespace(f"{package}.{info.folder.name}", info.folder)
    task: object = None
    files = _files(info.folder)
    with collecting() as made:
        for file in files:
            if file.name in NAMES:
                read_rules(file)
            else:
                module = _import(f"{package}.{info.folder.name}.{file.stem}", file)
                task = getattr(module, "task", None) if file.name == "task.py" else task
    order = {str(file): place for place, file in enumerate(files)}
    made.sort(key=lambda one: (order.get(one.place.file, len(files)), one.place.line))
    lfs = [one for one in made if isinstance(one, LabelingFunction)]
    preprocessors = [one for one in made if isinstance(one, Preprocessor)]
    if not isinstance(task, Task):
        raise SuiteError(f"{info.folder / 'task.py'} defines no task. Add: task = Task({info.name!r}, YourLabels).")
    if task.name != info.name:
        raise SuiteError(f"{info.folder / 'task.py'}: the task is called {task.name!r}; expected {info.name!r}.")
    suite = Suite(task, tuple(lfs), tuple(preprocessors), info.spacy, info.package.parent, info.sensitive)
    _ = suite.fingerprint  # now, while the files are what was imported
    return suite


class SuiteFinder(importlib.abc.MetaPathFinder):
    """Imports modules of the private namespaces from source, so that an edit is never hidden by a byte-code cache."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a module of a suite beside its parent; leave every other name to the standard finders."""
        if not fullname.startswith(SUITE_PREFIX) or not path:
            return None
        place = Path(next(iter(path))) / fullname.rpartition(".")[2]
        if place.with_suffix(".py").exists():
            file = str(place.with_suffix(".py"))
            return importlib.util.spec_from_file_location(fullname, file, loader=_Source(fullname, file))
        if place.is_dir():
            spec = importlib.machinery.ModuleSpec(fullname, None, is_package=True)
            spec.submodule_search_locations = [str(place)]
            return spec
        return None


class _Source(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return compile(self.get_data(path), path, "exec", dont_inherit=True)


def _files(folder: Path) -> list[Path]:
    """Return task.py, then the other Python files and the files of rules by name."""
    others = [file for file in folder.glob("*.py") if file.name not in ("task.py", "__init__.py")]
    rules = [folder / name for name in NAMES if (folder / name).exists()]
    return [folder / "task.py", *sorted(others + rules)]


def _import(name: str, file: Path) -> ModuleType:
    try:
        return importlib.import_module(name)
    except WslabelError:
        raise
    except SyntaxError as error:
        raise SuiteError(
            f"{error.filename or file}, line {error.lineno}: {error.msg}. The suite was not loaded."
        ) from error
    except (Exception, SystemExit) as error:
        raise SuiteError(
            f"{file} does not import: {type(error).__name__}: {error}. The suite was not loaded."
        ) from error


def _namespace(name: str, folder: Path) -> None:
    if not any(isinstance(finder, SuiteFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, SuiteFinder())
    module = ModuleType(name)
    module.__path__ = [str(folder)]
    sys.modules[name] = module


def _forget(package: str) -> None:
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]
