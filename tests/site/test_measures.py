"""The method page says what runs and what was measured, and nothing else."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from benchmarks import published
from sovereign.errors import PublishError
from sovereign.model import Policy
from sovereign.site import measures
from sovereign.site.desk import Desk
from sovereign.site.pages import Pages
from sovereign.steps import policy, rubric

RESULTS: dict[str, Any] = {
    "verifier": {"name": "a verifier"},
    "accuracy": [
        {
            "source": "scifact",
            "trained_on": "nothing of <this> set",
            "claims": 300,
            "ours": {
                "accepted_supported": 0.61,
                "accepted_refuted": 0.05,
                "accepted_refuted_95": [0.02, 0.09],
                "accepted_wrong": None,
                "auroc_supported_rest": 0.881,
                "calibration_error": 0.04,
                "reliability_supported": [{"confidence": 0.1, "right": 0.12, "count": 40}, {"confidence": 0.9, "right": 0.88, "count": 10}],
            },
            "tfidf": {"accepted_refuted": 0.41, "auroc_supported_rest": 0.6},
        }
    ],
    "perturbed": [
        {"suite": "other number", "should_be_accepted": False, "claims": 200, "accepted": 0.0, "refuted": 0.4, "tfidf_accepted": 0.99}
    ],
    "throughput": {"pairs_a_second": 61.5, "peak_mb": 1234},
}


def written(root: Path, results: object) -> Path:
    """Write results where the benchmarks write them."""
    (root / "benchmarks").mkdir()
    (root / "benchmarks" / "results.json").write_text(json.dumps(results), encoding="utf-8")
    return root


def test_every_rule_and_every_price_stands_on_the_page(tmp_path: Path) -> None:
    """The tables are the program's own: a rule or a fault added there appears here."""
    told = measures.read(tmp_path)
    assert len(told.rules) == len(policy.RULES)
    assert all(words and asks and name for words, asks, name in told.rules)
    assert {name for _, name, _ in told.defaults} == {field.name for field in fields(Policy)}
    assert sum(len(faults) for _, faults in told.faults) == sum(map(len, rubric.FAULTS.values()))
    assert not told.is_own


def test_a_desk_elsewhere_shows_what_came_with_the_program(tmp_path: Path) -> None:
    """Without results of its own a desk shows the package's copy of them, and says whose they are."""
    page = Pages(Desk(tmp_path, "Lab")).render("method.md", lambda target: f"/{target}")

    assert "measured by the program's makers" in page
    assert "Verdicts on labelled claims" in page
    assert "When outside services fail" in page
    assert "faults.md" not in page


def test_the_package_holds_what_was_measured_last() -> None:
    """The copy in the package is that of the results in this repository."""
    kept = json.loads(published.TARGET.read_text(encoding="utf-8"))
    assert kept == published.measured(), "the results are newer; run python -m benchmarks.published"


def test_measured_figures_are_shown_as_measured(tmp_path: Path) -> None:
    """Shares become per cent with their intervals; what was not measured is a dash, never a zero."""
    told = measures.read(written(tmp_path, RESULTS))
    tables = dict(told.tables)
    row = tables["Verdicts on labelled claims"][1][0]
    assert row[:2] == ("SciFact", "300")
    assert "5.0 % (2.0–9.0)" in row
    assert row[5] == "–"
    assert tables["Claims that were changed on purpose"][1][0][3] == "0.0 %"
    assert ("pairs a second", "61.5") in tables["Time and memory"][1]


def test_figures_of_an_older_checker_say_so(tmp_path: Path) -> None:
    """Where another version of the checker was measured than the one that runs here, titles of tables and plots name it; else none does."""
    now = str(measures.read(tmp_path).card["version"])
    old = RESULTS | {"versions": {"accuracy": "0.9", "perturbed": now}}
    told = measures.read(written(tmp_path, old))
    titles = [title for title, _ in (*told.tables, *told.plots)]

    assert "Verdicts on labelled claims (measured with version 0.9 of the checker)" in titles
    assert "Claims that were changed on purpose" in titles
    assert sum("version 0.9" in title for title in titles) == 3  # the table and both plots made of it
    assert not any(f"version {now} " in title for title in titles)


def test_plots_are_sound_and_say_in_words_what_they_show(tmp_path: Path) -> None:
    """Each plot parses as XML, and its description names every value."""
    plots = measures.read(written(tmp_path, RESULTS)).plots
    assert len(plots) == 3
    for _, svg in plots:
        drawn = ET.fromstring(str(svg))  # noqa: S314 - our own
        told = drawn.findtext("desc") or ""
        assert drawn.get("role") == "img"
        assert "%" in told or "stated" in told


@pytest.mark.parametrize("content", ["[]", "{", ""], ids=["list", "cut", "empty"])
def test_results_that_are_none_are_an_error(tmp_path: Path, content: str) -> None:
    """A results file that cannot be read is named, not passed over."""
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "results.json").write_text(content, encoding="utf-8")
    with pytest.raises(PublishError, match=r"results\.json: expected"):
        measures.read(tmp_path)


def test_the_tribunal_s_own_measurement_joins_the_others(tmp_path: Path) -> None:
    """It is measured by itself, and kept in a file of its own."""
    root = written(tmp_path, RESULTS)
    rows = [{"judges": "hasty", "largest move": 0.6}, {"judges": "noisy", "largest move": None}]
    (root / "benchmarks" / "results-tribunal.json").write_text(json.dumps({"tables": {"tribunal": rows}}), encoding="utf-8")

    tables = dict(measures.read(root).tables)

    assert len(tables) == 4
    assert tables["How far the tribunal's score moves when nothing that matters changes"] == (
        ("judges", "largest move"),
        (("hasty", "0.6"), ("noisy", "–")),
    )


def test_each_part_of_the_answers_has_its_table(tmp_path: Path) -> None:
    """What was measured of answers is several tables under one name; each stands under its own title, an empty one nowhere."""
    row = {"method": "BM25", "first": 0.1667, "all claims": None, "questions": 30}
    found = {"answers": {"trials": [row], "near_misses": [{"AUROC": 0.9}], "cited": []}}

    tables = dict(measures.read(written(tmp_path, found)).tables)

    assert tables == {
        "Finding a trial's evidence in the whole paper": (tuple(row), (("BM25", "0.1667", "–", "30"),)),
        "Telling questions that the papers answer from near misses": (("AUROC",), (("0.9",),)),
    }


def test_every_part_of_the_answers_that_is_kept_is_shown() -> None:
    """No part is measured, kept in the package and then left out of the page for want of a title."""
    kept = published.measured()["results"].get("answers", {})

    assert [name for name in kept if f"answers_{name}" not in measures._TITLES] == []


def test_the_verifier_alone_is_told_apart(tmp_path: Path) -> None:
    """What the training measured stands under its own title, so that nobody takes it for the whole cascade."""
    (tmp_path / "training").mkdir()
    row = {"pairs": 339, "accepted_supported": 0.3, "accepted_refuted": None, "auroc_supported_rest": 0.81, "macro_f1": 0.57}
    bins = [{"pairs": 10, "confidence": 0.9, "supported": 0.8}, {"pairs": 0, "confidence": None, "supported": None}]
    results = {"sources": {"scifact": row}, "suites": {"number": {"pairs": 120, "accepted": 0.01}}, "reliability": bins}
    (tmp_path / "training" / "results.json").write_text(json.dumps(results), encoding="utf-8")

    told = measures.read(tmp_path)

    tables = dict(told.tables)
    assert tables["The verifier alone, on claims held out of its training"][1][0][:4] == ("SciFact", "339", "30.0 %", "–")
    assert tables["The verifier alone, on changed sentences"][1] == (("number", "120", "1.0 %"),)
    assert len(told.plots) == 1
