"""What the method page shows: the rules as the program has them, and the measured figures where some were measured.

The rules come out of the program itself, so that the page cannot say other than what runs. The figures come from the results that
the benchmarks and the training wrote in the desk's own repository, else from the copy of them in the package, and from the verifier's
own card; nothing measured, nothing shown.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from markupsafe import Markup

from sovereign import foreign
from sovereign.adapters import plain_files
from sovereign.adapters.goal_file import keys
from sovereign.errors import PublishError
from sovereign.exports import glossary
from sovereign.language import cascade
from sovereign.model import Policy
from sovereign.site import plots
from sovereign.steps import policy, rubric

MAX_BYTES = 64 << 20

_SOURCES = {
    "scifact": "SciFact",
    "healthver": "HealthVer",
    "climate-fever": "Climate-FEVER",
    "citation-integrity": "Citation-Integrity",
    "scitab": "SciTab",
}
_TITLES = {
    "accuracy": "Verdicts on labelled claims",
    "perturbed": "Claims that were changed on purpose",
    "claim_sentences": "Telling which sentences claim something",
    "relevance": "Finding the sentences that are about a question",
    "ranking": "Finding the papers that answer a question",
    "answers_trials": "Finding a trial's evidence in the whole paper",
    "answers_direction": "Telling which way an effect goes",
    "answers_conclusions": "Telling yes, no and maybe from an abstract with its conclusion",
    "answers_cited": "Finding the passages that experts cite",
    "answers_shelves": "Whole answers beside gold answers",
    "answers_near_misses": "Telling questions that the papers answer from near misses",
    "answers_leaning": "Direction, and yes or no: what the training measured",
    "answers_reader": "The sentence reader: what the training measured",
    "throughput": "Time and memory",
    "tribunal": "How far the tribunal's score moves when nothing that matters changes",
    "tribunal_bad_role": "What one bad role of the tribunal can do",
}
Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Measures:
    """The method page's content.

    Attributes:
        card: The embedded verifier's card; empty where no weights are installed.
        faults: Role, then (fault, price) pairs of the published rubric.
        rules: The policy's rules: in plain words, what each asks exactly, and its name.
        defaults: The thresholds a goal may change: what each is, its name, its value.
        tables: Titled tables of measured figures.
        plots: Titled SVG plots of the same.
        survived: How many faults of outside services were tried, and what came of them.
        has_fault_page: Whether the desk's sources hold faults.md, which lists each.
        is_own: Whether the figures were measured in the desk's own repository; else they came with the program.
    """

    card: Mapping[str, Any]
    faults: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]
    rules: tuple[tuple[str, str, str], ...]
    defaults: tuple[tuple[str, str, str], ...]
    tfidf_min: float
    tables: tuple[tuple[str, Table], ...]
    plots: tuple[tuple[str, Markup], ...]
    survived: Mapping[str, int]
    has_fault_page: bool
    is_own: bool


def read(root: Path) -> Measures:
    """Give the method page's content for the desk at `root`.

    Raises:
        PublishError: The results are there but are no JSON object.
    """
    found = _measured(root)
    results = {**_part(found, "results"), **_part(_part(found, "tribunal"), "tables")}
    results |= {f"answers_{name}": part for name, part in _part(results, "answers").items()}
    trained, speed, card = _part(found, "trained"), _part(found, "speed"), _card()
    older = {name: _older(version, card) for name, version in _part(results, "versions").items()}
    accuracy = [row for row in results.get("accuracy", ()) if isinstance(row, dict)]
    policy = keys.schema()["properties"]["policy"]["properties"]
    return Measures(
        card=card,
        faults=tuple(
            (glossary.ROLES[role], tuple((fault.name, fault.price) for fault in faults)) for role, faults in rubric.FAULTS.items()
        ),
        rules=tuple((glossary.HOLDS[name], _first_line(rule), name) for name, rule in _named_rules()),
        defaults=tuple((of["description"], name, str(getattr(Policy(), name)).lower()) for name, of in policy.items()),
        tfidf_min=cascade.TFIDF_MIN,
        tables=(*_tables(results, older), *_noted(_trained_tables(trained), _trained_with(trained, card)), *_speed_tables(speed)),
        plots=(
            *_noted(_plots(accuracy), older.get("accuracy", "")),
            *_noted(_perturbed_plot(results.get("perturbed") or ()), older.get("perturbed", "")),
            *_noted(_trained_plot(trained), _trained_with(trained, card)),
        ),
        survived=_part(found, "faults"),
        has_fault_page=(root / "site" / "faults.md").is_file(),
        is_own=_is_own(root),
    )


def _is_own(root: Path) -> bool:
    return any((root / place / "results.json").is_file() for place in ("benchmarks", "training"))


def _measured(root: Path) -> Mapping[str, Any]:
    """Give the results that were measured in this repository, else those that the program's makers measured and packed with it."""
    if not _is_own(root):
        packed = resources.files("sovereign") / "data" / "measured.json"
        kept: dict[str, Any] = json.loads(packed.read_text(encoding="utf-8")) if packed.is_file() else {}
        return kept
    names = {name: root / "benchmarks" / f"results-{name}.json" for name in ("tribunal", "speed", "faults")}
    paths = {"results": root / "benchmarks" / "results.json", "trained": root / "training" / "results.json", **names}
    return {name: _results(path) for name, path in paths.items()}


def _part(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = found.get(name, {})
    return part if isinstance(part, dict) else {}


def _named_rules() -> Iterator[tuple[str, Callable[..., object]]]:
    return ((rule.__name__.replace("_", "-"), rule) for rule in policy.RULES)


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").split("\n", 1)[0].rstrip(".")


def _results(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = foreign.read(plain_files.read(path, MAX_BYTES))
    except ValueError as error:
        raise PublishError(f"{path}: expected JSON, got {error}", tip="run the benchmarks again") from error
    if not isinstance(found, dict):
        raise PublishError(f"{path}: expected a JSON object, got {type(found).__name__}", tip="run the benchmarks again")
    return found


def _card() -> Mapping[str, Any]:
    path = resources.files("sovereign") / "weights" / "verifier.json"
    if not path.is_file():
        return {}
    card = json.loads(path.read_text(encoding="utf-8"))
    return {
        key: card.get(key)
        for key in ("name", "version", "threshold", "false_acceptance", "recall", "calibration_error", "calibrated_on", "method")
    }


def _older(version: object, card: Mapping[str, Any]) -> str:
    """Say of a figure's title that another version of the checker than the one that runs here was measured; empty of this one."""
    return "" if not card or version == card.get("version") else f" (measured with version {version} of the checker)"


def _trained_with(trained: Mapping[str, Any], card: Mapping[str, Any]) -> str:
    version = trained.get("version") or (trained.get("verifier") or {}).get("version")
    return _older(version, card) if version else ""


def _noted(titled: Iterator[tuple[str, Shown]], note: str) -> Iterator[tuple[str, Shown]]:
    """Give titled tables or plots with a note behind each title."""
    return ((title + note, shown) for title, shown in titled)


# --- Figures -----------------------------------------------------------------------------------------------------


def _tables(results: Mapping[str, Any], older: Mapping[str, str]) -> Iterator[tuple[str, Table]]:
    for name, title in _TITLES.items():
        part = results.get(name)
        table = _OWN_TABLES[name](part) if part and name in _OWN_TABLES else _plain_table(part)
        if table:
            yield title + older.get(name, ""), table


def _accuracy_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    head = ("Claims from", "Claims", "Trained on", "True accepted", "Refuted accepted", "Any wrong accepted", "AUROC", "Calibration error")
    return (*head, "TF-IDF: refuted accepted", "TF-IDF: AUROC"), tuple(_accuracy(row) for row in rows)


def _perturbed_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    head = ("Change", "Claims", "Should be accepted", "Accepted", "Called refuted", "TF-IDF accepts")
    return head, tuple(
        (
            str(row.get("suite")),
            f"{row.get('claims', 0):,}",
            "yes" if row.get("should_be_accepted") else "no",
            _percent(row.get("accepted"), row.get("accepted_95")),
            _percent(row.get("refuted")),
            _percent(row.get("tfidf_accepted")),
        )
        for row in rows
    )


def _accuracy(row: Mapping[str, Any]) -> tuple[str, ...]:
    ours, tfidf = row.get("ours", {}), row.get("tfidf", {})
    return (
        _source(row),
        f"{row.get('claims', 0):,}",
        str(row.get("trained_on", "")),
        _percent(ours.get("accepted_supported")),
        _percent(ours.get("accepted_refuted"), ours.get("accepted_refuted_95")),
        _percent(ours.get("accepted_wrong"), ours.get("accepted_wrong_95")),
        _number(ours.get("auroc_supported_rest")),
        _number(ours.get("calibration_error")),
        _percent(tfidf.get("accepted_refuted")),
        _number(tfidf.get("auroc_supported_rest")),
    )


def _plain_table(part: object) -> Table | None:
    """Give any other part as a table: a list of flat objects, or one flat object; None where it is neither."""
    if isinstance(part, dict) and part and all(not isinstance(value, dict | list) for value in part.values()):
        return ("Measure", "Value"), tuple((key.replace("_", " "), _cell(value)) for key, value in part.items())
    if isinstance(part, dict) and part and all(isinstance(value, dict) for value in part.values()):
        part = [{"name": key, **value} for key, value in part.items()]
    if not isinstance(part, list) or not part or not all(isinstance(row, dict) for row in part):
        return None
    names = [key for key, value in part[0].items() if not isinstance(value, dict | list)]
    return tuple(name.replace("_", " ") for name in names), tuple(tuple(_cell(row.get(name)) for name in names) for row in part)


def _plots(accuracy: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Markup]]:
    if not accuracy:
        return
    rows = [
        (
            _source(row),
            (
                ("true claims accepted", row.get("ours", {}).get("accepted_supported")),
                ("refuted claims accepted", row.get("ours", {}).get("accepted_refuted")),
                ("refuted claims that TF-IDF ≥ 0.15 accepts", row.get("tfidf", {}).get("accepted_refuted")),
            ),
        )
        for row in accuracy
    ]
    words = "; ".join(f"{label}: " + ", ".join(f"{name} {_percent(value)}" for name, value in values) for label, values in rows)
    yield (
        "What is accepted as verified, by set",
        _drawn(plots.shares(rows, name="plot-accepted", title="What is accepted as verified", words=words)),
    )
    for row in accuracy:
        bins = row.get("ours", {}).get("reliability_supported") or ()
        points = [(float(item["confidence"]), float(item["right"]), int(item["count"])) for item in bins]
        if points:
            said = "; ".join(f"stated {a:.2f}, right {b:.2f} of {n}" for a, b, n in points)
            name = f"plot-{row.get('source')}"
            yield (
                f"Confidence against truth: {_source(row)}",
                _drawn(plots.reliability(points, name=name, title=_source(row), words=said)),
            )


def _trained_tables(trained: Mapping[str, Any]) -> Iterator[tuple[str, Table]]:
    """Yield what the training measured of the verifier alone, without the checks that stand around it in a run."""
    sources, suites = trained.get("sources") or {}, trained.get("suites") or {}
    if sources:
        head = (
            "Claims from",
            "Pairs",
            "True accepted",
            "Refuted accepted",
            "Any wrong accepted",
            "AUROC",
            "AUROC against refuted",
            "Macro-F1",
        )
        keys = ("accepted_supported", "accepted_refuted", "accepted_wrong"), ("auroc_supported_rest", "auroc_supported_refuted", "macro_f1")
        rows = (
            (
                _SOURCES.get(name, name),
                f"{row.get('pairs', 0):,}",
                *(_percent(row.get(key)) for key in keys[0]),
                *(_number(row.get(key)) for key in keys[1]),
            )
            for name, row in sources.items()
        )
        yield "The verifier alone, on claims held out of its training", (head, tuple(rows))
    if suites:
        said = ((name, f"{row.get('pairs', 0):,}", _percent(row.get("accepted"))) for name, row in suites.items())
        yield "The verifier alone, on changed sentences", (("Change", "Pairs", "Accepted"), tuple(said))


def _speed_tables(speed: Mapping[str, Any]) -> Iterator[tuple[str, Table]]:
    """Yield what each command took; on how many cores stands in the title."""
    parts = [(name, part) for name, part in speed.items() if isinstance(part, dict)]
    cores = sorted({part["cores"] for _, part in parts if "cores" in part})
    rows = tuple(
        (name.replace("_", " "), key.replace("_", " "), _cell(value))
        for name, part in parts
        for key, value in part.items()
        if key not in {"cores", "load_at_start"}
    )
    if rows:
        on = f", on {' or '.join(map(str, cores))} cores" if cores else ""
        yield f"What each step takes{on}", (("Step", "Measure", "Value"), rows)


def _trained_plot(trained: Mapping[str, Any]) -> Iterator[tuple[str, Markup]]:
    points = [
        (float(row["confidence"]), float(row["supported"]), int(row["pairs"]))
        for row in trained.get("reliability") or ()
        if row.get("pairs")
    ]
    if points:
        said = "; ".join(f"stated {a:.2f}, right {b:.2f} of {n}" for a, b, n in points)
        title = "Confidence against truth: the verifier alone"
        yield title, _drawn(plots.reliability(points, name="plot-trained", title=title, words=said))


def _perturbed_plot(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Markup]]:
    if not rows:
        return
    lines = [
        (str(row.get("suite")), (("accepted as verified", row.get("accepted")), ("accepted by TF-IDF ≥ 0.15", row.get("tfidf_accepted"))))
        for row in rows
    ]
    words = "; ".join(f"{label}: " + ", ".join(f"{name} {_percent(value)}" for name, value in values) for label, values in lines)
    title = "What is accepted when a true sentence is changed"
    yield title, _drawn(plots.shares(lines, name="plot-perturbed", title=title, words=words))


def _drawn(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - written by ElementTree, which escapes


def _source(row: Mapping[str, Any]) -> str:
    return _SOURCES.get(str(row.get("source")), str(row.get("source")))


def _percent(value: float | None, interval: Sequence[float] | None = None) -> str:
    if value is None:
        return "–"
    around = f" ({100 * interval[0]:.1f}–{100 * interval[1]:.1f})" if interval else ""
    return f"{100 * value:.1f} %{around}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return (
        f"{value:.4g}"
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int) and not isinstance(value, bool)
        else str(value)
    )


_OWN_TABLES: Mapping[str, Callable[[Sequence[Mapping[str, Any]]], Table]] = {"accuracy": _accuracy_table, "perturbed": _perturbed_table}
