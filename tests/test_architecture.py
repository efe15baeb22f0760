"""The house's plan, enforced: which way imports go, where outside libraries may be used, how long a file may be."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "sovereign"
MAX_LINES = 400
CORE = {"model", "errors", "text", "foreign"}
PURE = CORE | {"ports", "language", "citing", "prompting", "record"}

READ_THEIR_OWN_JSON = {
    *("foreign.py", "record.py", "prompting.py", "language/leaning.py", "language/terms.py", "site/measures.py"),
    "adapters/weights.py",
}

# Who reads the package's own files, or writes: what others wrote is read within bounds, by adapters/plain_files.py.
OPENS_FILES = {
    *("prompting.py", "site/measures.py", "adapters/weights.py", "desk/initiate.py", "desk/wheel.py", "language/leaning.py"),
    *("language/paraphrase.py", "language/terms.py", "language/verbs.py", "screening/cues.py", "screening/intent.py"),
    *("screening/signs.py", "screening/likely.py", "readers/tex/words.py", "adapters/settings.py", "exports/pdf.py"),
    *("desk/workflow.py", "cli/goals.py", "cli/progress.py", "adapters/web.py", "adapters/site_dir.py", "adapters/reading_process.py"),
    "readers/archive.py",  # in memory
}

# A module in … may import these of ours, and these outside libraries. The longest matching name wins.
MAY_IMPORT: dict[str, tuple[set[str], set[str]]] = {
    "model": (set(), set()),
    "errors": ({"text"}, set()),
    "text": (set(), set()),
    "foreign": (set(), set()),
    "abreast": (set(), set()),
    # Words, numbers and names; and works and people: the pure knowledge that steps, readers and adapters share.
    "language": ({"model", "text"}, set()),
    # Arithmetic on words by a library, as steps have numpy: it asks nothing of the world.
    "language/tfidf": (set(), {"sklearn"}),
    "citing": ({"text", "language"}, set()),
    "record": ({"model", "errors", "text", "foreign"}, {"pydantic", "pydantic_core"}),
    "prompting": ({"model", "ports", "text", "language"}, set()),
    "ports": ({"model"}, {"numpy"}),
    "steps": (PURE, {"numpy"}),
    # A paper's record is read as its full text is: screened before anything else sees it.
    "steps/read": (PURE | {"screening"}, set()),
    "screening": (CORE | {"language"}, {"lxml"}),
    "readers": (CORE | {"screening", "language", "citing"}, {"lxml", "pylatexenc", "pypdfium2"}),
    "exports": (PURE | {"exports"}, set()),
    # The one export that fills templates, and asks each other export for its format.
    "exports/pages": (PURE | {"exports"}, {"jinja2", "markupsafe"}),
    # A formula's readable line is the readers' own.
    "exports/untex": (PURE | {"exports", "readers"}, set()),  # reading TeX and showing it share the tables of its signs
    "exports/pdf": (PURE | {"exports", "readers"}, {"typst"}),
    "adapters": (
        PURE | {"adapters", "abreast"},
        {
            "arxiv",
            "httpcore",
            "httpx",
            "yaml",
            "onnxruntime",
            "tokenizers",
            "numpy",
            "stamina",
            "requests",
            "jsonschema",
            "lxml",
            "pydantic",
            "typing_extensions",
            "urllib3",
        },
    ),
    "pipeline": ({"model", "errors", "text", "ports", "steps", "abreast"}, set()),
    "site": (
        PURE | {"steps", "screening", "adapters", "exports", "site"},
        {"mkdocs", "nh3", "markdown", "jinja2", "lxml", "yaml", "material", "latex2mathml", "markupsafe"},
    ),
    "desk": (PURE | {"steps", "adapters", "exports", "site", "desk"}, {"yaml"}),
    "cli": (
        PURE | {"steps", "readers", "screening", "adapters", "exports", "pipeline", "desk", "site", "cli"},
        {"typer", "rich", "click", "numpy"},
    ),
    "__main__": ({"cli"}, set()),
}


def modules() -> list[Path]:
    """Give every Python file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Yield every imported module of a file, imports inside functions included."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if node.module == "sovereign":
                yield from (f"sovereign.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


def room(path: Path) -> str:
    """Give the part of the house a file stands in: "model", "steps" and so on."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    """Every import stands in the table, in functions too."""
    if path == PACKAGE / "__init__.py":
        assert not list(imports(path))
        return
    module = path.relative_to(PACKAGE).with_suffix("").as_posix()
    ours, outside = MAY_IMPORT.get(module, MAY_IMPORT[room(path)])
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "sovereign":
            target = rest.partition(".")[0]
            assert target in ours or target in {"__version__", "", room(path)}, f"{path}: {name}"
        elif top not in sys.stdlib_module_names:
            assert top in outside, f"{path}: {name} is not allowed here"


@pytest.mark.parametrize("path", sorted((PACKAGE / "steps").glob("*.py")), ids=lambda path: path.name)
def test_steps_do_not_meet(path: Path) -> None:
    """A step imports no other step: they meet in the data."""
    assert not [name for name in imports(path) if name.startswith("sovereign.steps")]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_foreign_json_is_read_in_one_place(path: Path) -> None:
    """Who reads JSON anywhere else reads the package's own; what others wrote is read by sovereign.foreign."""
    reads = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute) and node.attr == "loads"]
    named = [node for node in reads if isinstance(node.value, ast.Name) and node.value.id == "json"]
    assert not named or path.relative_to(PACKAGE).as_posix() in READ_THEIR_OWN_JSON


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_foreign_files_are_read_within_bounds(path: Path) -> None:
    """Who opens a file, walks a folder without bound or starts a program anywhere else leaves it to the two adapters that bound it."""
    opens = {"read_text", "read_bytes", "open", "rglob"}
    runs = {("subprocess", "run"), ("subprocess", "Popen"), ("subprocess", "check_output")}
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    used = [node for node in calls if isinstance(node, ast.Attribute)]
    name = path.relative_to(PACKAGE).as_posix()

    files = [node.attr for node in used if node.attr in opens and not (isinstance(node.value, ast.Name) and node.value.id == "os")]
    assert not files or name in OPENS_FILES
    programs = [node.attr for node in used if isinstance(node.value, ast.Name) and (node.value.id, node.attr) in runs]
    assert not programs or name in {"adapters/programs.py", "adapters/child_reader.py"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_there_is_one_way_out(path: Path) -> None:
    """Who asks the network asks through adapters/http.py, which bounds every exchange and judges every address."""
    ways = {("httpx", "Client"), ("httpx", "get"), ("httpx", "post"), ("httpx", "stream"), ("httpx", "request"), ("httpx", "AsyncClient")}
    ways |= {("socket", "create_connection"), ("socket", "socket"), ("request", "urlopen"), ("requests", "get"), ("requests", "Session")}
    used = {
        (node.value.id, node.attr)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    assert not used & ways or path.relative_to(PACKAGE).as_posix() == "adapters/http.py"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_one_subject(path: Path) -> None:
    """A file that outgrows the limit has two subjects."""
    assert len(path.read_text("utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("folder", ["benchmarks", "standins", "training"])
def test_what_is_measured_rests_on_no_test(folder: str) -> None:
    """Benchmarks measure the package by itself, and what stands in for the world serves them and the tests alike."""
    found = [(path.name, name) for path in sorted((ROOT / folder).rglob("*.py")) for name in imports(path)]

    assert found
    assert not [(path, name) for path, name in found if name.partition(".")[0] == "tests"]


def test_no_import_cycle() -> None:
    """No module reaches itself through imports at the top of files or inside functions."""
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in modules()}
    known = set(names.values())
    edges = {name: {target for target in _targets(path, known) if target != name} for path, name in names.items()}
    done: set[str] = set()
    for start in sorted(edges):
        _walk(start, edges, [], done)


def _targets(path: Path, known: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sovereign"):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in known else node.module


def _walk(name: str, edges: dict[str, set[str]], trail: list[str], done: set[str]) -> None:
    assert name not in trail, " -> ".join([*trail[trail.index(name) :], name])
    if name in done:
        return
    for target in sorted(edges.get(name, ())):
        _walk(target, edges, [*trail, name], done)
    done.add(name)


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "manager", "misc"])
def test_every_file_names_its_subject(name: str) -> None:
    """No drawer for odds and ends."""
    assert not [path for path in modules() if name in path.stem]
