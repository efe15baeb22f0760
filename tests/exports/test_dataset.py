"""The claims as a dataset: what is written is what its schema describes, and ids, offsets and sources are the record's."""

from __future__ import annotations

import json
from collections.abc import Callable

import jsonschema
import pytest

from sovereign.exports import dataset
from sovereign.model import AnswerKind, Report
from standins import answers, reports


@pytest.mark.parametrize("make", [reports.rich_report, reports.bare_report, reports.second_report, answers.report])
def test_it_satisfies_its_schema(make: Callable[[], Report]) -> None:
    """Every report's claims fit the published schema, which is a valid one."""
    jsonschema.Draft202012Validator.check_schema(dataset.schema())
    jsonschema.validate(json.loads(dataset.claims_json(make(), version=1)), dataset.schema())


def test_every_claim_has_grade_place_and_source() -> None:
    """Ids are the record's, a quote has its offsets, and every paper that is named is listed."""
    report = answers.report(AnswerKind.YES)
    told = json.loads(dataset.claims_json(report, version=1))

    assert [claim["id"] for claim in told["claims"]] == [claim.id for claim in report.draft.claims]
    first = told["claims"][0]
    assert (first["grade"], first["page"], first["end"] - first["start"]) == ("corroborated", 5, len(first["quote"]))
    assert first["agrees"] == [report.papers[1].id]
    assert first["disagrees"] == [report.papers[3].id]
    assert [claim["confidence"] for claim in told["claims"] if claim["grade"] == "quoted"] == [None] * 3
    assert {claim["paper"] for claim in told["claims"]} <= {paper["id"] for paper in told["papers"]}


def test_an_id_stays_the_same_in_a_later_version() -> None:
    """A claim that two versions share has one id in both."""
    first = json.loads(dataset.claims_json(reports.approved_report(), version=1))
    second = json.loads(dataset.claims_json(reports.second_report(), version=2))

    assert first["claims"][0]["id"] == second["claims"][0]["id"] == reports.C1
