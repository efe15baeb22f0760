"""What a desk keeps or is handed over may be another kind of file, endless, or nested without end.

Each reader says so, or goes on without.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from sovereign import foreign, record
from sovereign.adapters.cache import CachedWeb
from sovereign.adapters.openai.replies import Replies
from sovereign.adapters.reader_memory import RememberingReader
from sovereign.desk import audit, doctor, floor, installation, quotes, results, state, update
from sovereign.desk.initiate import Wanted
from sovereign.desk.plan import Job, Why
from sovereign.errors import PublishError, SovereignError, UsageError, WebError
from sovereign.model import Document, Form, GapKind
from sovereign.ports import Response
from sovereign.site import build, facts, measures
from sovereign.site import report as site_report
from tests.adapters.test_plain_files import box, hole, pipe, posix

MAKERS = [pytest.param(pipe, id="pipe"), pytest.param(hole, id="20 GB"), pytest.param(box, id="socket")]
KEY = "a" * 64
WEB_KEY = hashlib.sha256(b"https://example.org?").hexdigest()


class Nobody:
    """A web in which there is nothing."""

    def get(self, url: str, **_: object) -> Response:
        """Refuse."""
        raise WebError(f"asked for {url}", kind=GapKind.MISSING)


def _refused(kind: type[Exception], call: Callable[[], object]) -> None:
    with pytest.raises(kind):
        call()


def _cached(root: Path) -> None:
    web = CachedWeb(Nobody(), root)
    _refused(WebError, lambda: web.get("https://example.org", keep_s=None))
    assert not web.stands({WEB_KEY: ("x", None)})


def _remembered(root: Path) -> None:
    reader = RememberingReader(lambda paper, _: Document(paper, Form.HTML, "It floats."), root)
    assert reader("p", {}).text == "It floats."


def _measured(path: Path) -> None:
    if path.is_file():
        _refused(PublishError, lambda: measures._results(path))
    else:
        assert measures._results(path) == {}


def _job() -> Job:
    return Job(slug="boats", goal=KEY, why=Why.NEW)


# What reads a file, by where the file stands below a desk.
READERS: list[tuple[str, Callable[[Path], object]]] = [
    (f"answers/{WEB_KEY[:2]}/{WEB_KEY}.json", _cached),
    (f"aa/{KEY}.json", lambda root: _is(Replies(root).get(KEY), None)),
    ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.json", _remembered),
    ("outcome.json", lambda root: _is(results.read(root, _job()), results.Failure)),
    ("record.json", lambda root: _is(quotes.handed_over(root), None)),
    ("site/reports/boats/index.md", lambda root: _is(state.days(root), {})),
    ("site/reports/boats/v1/record.json", lambda root: _refused(UsageError, lambda: state.published(root))),
    ("site/reports/boats/v1/record.json", lambda root: _is(audit.versions(root)[0].report, None)),
    ("v1/record.json", lambda root: _refused(PublishError, lambda: facts.version(root / "v1", 1))),
    ("requirements.txt", lambda root: _is(installation.looked(root).health, doctor.Health.MISSING)),
    ("pyproject.toml", lambda root: _is(installation.looked(root).health, doctor.Health.MISSING)),
    (".github/CODEOWNERS", lambda root: _is(doctor.owners(root).health, doctor.Health.OPTIONAL)),
    ("mkdocs.yml", lambda root: _refused(UsageError, lambda: update.answers(root, Wanted("")))),
    ("a.json", lambda root: _measured(root / "a.json")),
    ("a.svg", lambda root: _refused(FileNotFoundError, lambda: site_report.read_figure(root / "a.svg"))),
    ("schemas/goal.schema.json", lambda root: _is(build._standing(root / "schemas" / "goal.schema.json"), None)),
]


def _is(found: object, expected: object) -> None:
    assert isinstance(found, expected) if isinstance(expected, type) else found == expected


@posix
@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(("name", "read"), [pytest.param(name, read, id=f"{at}-{name[:40]}") for at, (name, read) in enumerate(READERS)])
def test_a_file_of_another_kind(name: str, read: Callable[[Path], object], make: Callable[[Path], None], tmp_path: Path) -> None:
    """A pipe, 20 GB of nothing, a socket: an answer comes at once, and nothing but errors of ours."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    make(path)

    read(tmp_path)


@posix
def test_a_floor_of_20_gb(tmp_path: Path) -> None:
    """Stops publishing; it is never taken for none."""
    hole(tmp_path / "pyproject.toml")

    _refused(UsageError, lambda: floor.standing(tmp_path))
    for text in (b"a = " + b"[" * 50_000, b"a" + b".a" * 50_000 + b" = 1"):
        _refused(UsageError, lambda text=text: floor.read(text))  # type: ignore[misc]  # a value of the loop


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 1_000_000 + "]" * 1_000_000, id="deep"),
        pytest.param('{"a":' * 500_000 + "1" + "}" * 500_000, id="deep objects"),
        pytest.param("[" + "[]," * 2_500_000 + "[]]", id="lists"),
        pytest.param("[" + "{}," * 2_500_000 + "{}]", id="objects"),
        pytest.param("[" + "1," * 5_000_000 + "1]", id="numbers"),
        pytest.param('{"report": ' + "9" * 1_000_000 + "}", id="a number"),
    ],
)
def test_json_that_hurts(text: str) -> None:
    """Depth, width and numbers are bounded before anything is built, for every reader of JSON."""
    _refused(ValueError, lambda: foreign.read(text))
    _refused(SovereignError, lambda: record.from_json(text))
    _refused(UsageError, lambda: audit.from_json(text))
    assert quotes.from_json(text) == {}
