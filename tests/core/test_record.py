"""The record: nothing lost on the way to JSON and back, nothing wrong let in."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign import record
from sovereign.errors import UsageError
from sovereign.model import CONTEXT_CHARS, Gap, Report
from standins import reports as fakes

REPORTS = [
    pytest.param(fakes.rich_report, id="rich"),
    pytest.param(fakes.approved_report, id="approved"),
    pytest.param(fakes.bare_report, id="bare"),
    pytest.param(fakes.second_report, id="second"),
]
Edit = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize("make", REPORTS)
def test_round_trip(make: Callable[[], Report]) -> None:
    """A record read back gives the same record, and the same report but for the seventh digit."""
    text = record.to_json(make())

    again = record.from_json(text)

    assert record.to_json(again) == text
    assert again.draft.claims == make().draft.claims
    assert again.goal == make().goal
    assert again.decision == make().decision


@pytest.mark.parametrize("make", REPORTS)
def test_satisfies_its_own_schema(make: Callable[[], Report]) -> None:
    """What is written is what the published schema describes."""
    jsonschema.Draft202012Validator.check_schema(record.schema())
    jsonschema.validate(json.loads(record.to_json(make())), record.schema())


def test_bytes_are_stable() -> None:
    """Keys are sorted, floats short, letters plain, one newline at the end."""
    text = record.to_json(fakes.rich_report())

    assert text.endswith("}\n")
    assert "Émile Ñandú" in text
    assert '"confidence": 0.971235' in text
    whole = json.loads(text)
    assert list(whole) == ["report", "schema"]
    assert list(whole["report"]) == sorted(whole["report"])


def test_explains_itself() -> None:
    """Values that follow from others stand beside them for readers without this program."""
    told = json.loads(record.to_json(fakes.rich_report()))["report"]

    assert told["draft"]["claims"][0]["id"] == fakes.C1
    assert told["decision"]["action"] == "ESCALATE_TO_OWNER"
    assert told["goal"]["sha256"] == fakes.rich_report().goal.sha256
    assert told["retrieved"] == 7


def test_the_sentences_beside_a_quote_are_kept() -> None:
    """What stands before and after a quote comes back as it was; a record from before they were kept is read all the same."""
    text = record.to_json(fakes.rich_report())
    old = json.loads(text)
    for claim in old["report"]["draft"]["claims"]:
        del claim["before"], claim["after"]

    kept = record.from_json(text).draft.claims[0]

    assert (kept.before, kept.after) == ("All models were trained on the same tokens.", "The dense model reaches 70.9%.")
    assert record.from_json(json.dumps(old)).draft.claims[0].before == ""


@pytest.mark.parametrize("name", ["before", "after"])
def test_a_record_holds_no_paper_beside_a_quote(name: str) -> None:
    """More than a sentence beside a quote is refused, where the claim is built and where a record is read."""
    long = "word " * (CONTEXT_CHARS // 5 + 1)
    whole = json.loads(record.to_json(fakes.rich_report()))
    whole["report"]["draft"]["claims"][0][name] = long

    with pytest.raises(ValueError, match=f"{name}: expected at most {CONTEXT_CHARS} characters"):
        replace(fakes.CLAIMS[0], **{name: long})  # type: ignore[arg-type] # one of two texts
    with pytest.raises(UsageError, match=f"{name}: expected at most"):
        record.from_json(json.dumps(whole))


def test_schema_is_a_copy() -> None:
    """Changing what schema() gave changes nothing here."""
    record.schema().clear()

    assert record.schema()["properties"]["schema"] == {"const": record.VERSION}


def _report(whole: dict[str, Any]) -> dict[str, Any]:
    inner: dict[str, Any] = whole["report"]
    return inner


WRONG = [
    pytest.param(lambda w: w.update(schema="sovereign/record/2"), "expected schema", id="another version"),
    pytest.param(lambda w: w.pop("report"), "report", id="no report"),
    pytest.param(lambda w: w.update(extra=1), "extra", id="unknown key on top"),
    pytest.param(lambda w: _report(w).update(mood="good"), "mood", id="unknown key in the report"),
    pytest.param(lambda w: _report(w).pop("date"), "date", id="missing key"),
    pytest.param(lambda w: _report(w).update(date="2026-02-31"), "date", id="impossible day"),
    pytest.param(lambda w: _report(w).update(engine="steam"), "engine", id="unknown word"),
    pytest.param(lambda w: _report(w)["papers"][0].update(title=3), "title", id="number for a text"),
    pytest.param(lambda w: _report(w)["draft"]["claims"][0]["quote"].update(end=1), "span", id="quote of the wrong length"),
    pytest.param(lambda w: _report(w)["draft"]["claims"][0].update(text="Another claim."), fakes.C1, id="claim changed"),
    pytest.param(lambda w: _report(w)["draft"]["claims"][0].update(id="c0123456789"), "follows from the rest", id="id changed"),
    pytest.param(lambda w: _report(w)["decision"].update(action="AUTO_APPROVE"), "follows from the rest", id="decision changed"),
    pytest.param(lambda w: _report(w).update(verified=6), "follows from the rest", id="count changed"),
    pytest.param(lambda w: _report(w)["draft"]["evidence"].pop(), "one evidence for each claim", id="evidence taken away"),
    pytest.param(lambda w: _report(w)["draft"]["dropped"][0].pop(), "dropped", id="pair of one"),
]


@pytest.mark.parametrize(("edit", "said"), WRONG)
def test_refuses(edit: Edit, said: str) -> None:
    """A record that was changed, or is of another kind, is an error that says where."""
    whole = json.loads(record.to_json(fakes.rich_report()))
    edit(whole)

    with pytest.raises(UsageError, match=said) as caught:
        record.from_json(json.dumps(whole), name="reports/x/record.json")

    assert "reports/x/record.json" in str(caught.value)
    assert caught.value.tip


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("[]", id="a list"),
        pytest.param("{", id="cut off"),
        pytest.param("[" * 100_000, id="nested too deep"),
        pytest.param('{"schema": 1, "schema": 2}', id="a key twice"),
        pytest.param('{"schema": NaN}', id="no number"),
    ],
)
def test_refuses_what_is_no_record(text: str) -> None:
    """Anything else is an error of ours, never a trace."""
    with pytest.raises(UsageError, match=r"record\.json"):
        record.from_json(text)


def test_refuses_a_huge_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that no run writes is not even parsed."""
    monkeypatch.setattr(record, "MAX_CHARS", 10)

    with pytest.raises(UsageError, match="at most 10"):
        record.from_json("{" + " " * 20 + "}")


def test_refuses_to_write_what_is_no_number() -> None:
    """NaN has no JSON, so it is an error when written, not when read."""
    report = fakes.approved_report()
    broken = replace(report.draft.evidence[0], lexical=float("nan"))
    draft = replace(report.draft, evidence=(broken, *report.draft.evidence[1:]))

    with pytest.raises(ValueError, match="finite"):
        record.to_json(replace(report, draft=draft))


def test_tells_every_fault() -> None:
    """What is wrong is said together, each with its place, what was expected and what came; a key that is nearly right is guessed."""
    values, keys = (json.loads(record.to_json(fakes.rich_report())) for _ in "12")
    _report(values).update(engine="steam", papers=3)
    _report(values)["goal"].pop("question")
    _report(keys).update(moods=1, gapz=[])
    _report(keys)["goal"]["max_papers"] = "12"
    _report(keys)["cost"]["calls"] = True

    with pytest.raises(UsageError) as wrong_values:
        record.from_json(json.dumps(values))
    with pytest.raises(UsageError) as wrong_keys:
        record.from_json(json.dumps(keys))

    assert str(wrong_values.value) == (
        "record.json: report.goal.question: missing; it is required; report.engine: expected 'local' or 'model', got 'steam'; "
        "report.papers: expected a list, got 3"
    )
    assert str(wrong_keys.value) == (
        "record.json: report.cost.calls: expected 1, which follows from the rest, got True; "
        "report.goal.max_papers: expected 12, which follows from the rest, got '12'; "
        "report.moods: unknown key; report.gapz: unknown key; did you mean gaps?"
    )


def test_a_list_stops_at_its_first_fault() -> None:
    """However long a list of rubbish a stranger hands over, it takes the memory of one fault; other lists are still looked at."""
    whole = json.loads(record.to_json(fakes.rich_report()))
    _report(whole).update(papers=[0] * 300_000, gaps=[1])

    tracemalloc.start()
    with pytest.raises(UsageError) as caught:
        record.from_json(json.dumps(whole))
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert str(caught.value).count("; ") == 1
    assert "report.papers[0]: expected an object, got 0" in str(caught.value)
    assert peak_bytes < 20_000_000


def test_a_long_list_of_faults_is_cut() -> None:
    """A record of another kind is not told key by key."""
    whole = json.loads(record.to_json(fakes.rich_report()))
    _report(whole).update({f"key {number}": 1 for number in range(12)})

    with pytest.raises(UsageError, match=r"report\.key 4: unknown key; and more$"):
        record.from_json(json.dumps(whole))


def test_an_older_record_is_read() -> None:
    """A field with a default may be missing: it was added after the record was written."""
    whole = json.loads(record.to_json(fakes.approved_report()))
    del whole["report"]["is_example"]

    assert record.from_json(json.dumps(whole)) == record.from_json(record.to_json(fakes.approved_report()))


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_survives(text: str) -> None:
    """Whatever a paper holds, half characters included, comes back as it was and fits a UTF-8 file."""
    report = replace(fakes.bare_report(), gaps=(Gap("read", text, text),))
    made = record.to_json(report)

    assert record.from_json(made.encode("utf-8").decode("utf-8")).gaps == report.gaps
