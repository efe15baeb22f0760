"""Proofs of origin: every published version gets one, by whichever way it came to the main branch, and none gets two."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

import pytest

from sovereign.desk.provenance import MAX_SUBJECTS, unproved
from tests.conftest import ROOT
from tests.desk.lab import Lab, approved, escalated

PUBLIC = {"private": False}


def told_paths(lab: Lab) -> list[str]:
    """Run the step in a fresh clone; give the paths that it hands on."""
    code, told = lab.ci("unproved")
    assert code == 0
    assert told["any"] == str(bool(told["paths"])).lower()
    return told["paths"].splitlines()


@pytest.fixture
def public(lab: Lab) -> Lab:
    """Give a desk whose repository is public."""
    lab.hub.settings[""] = PUBLIC
    return lab


def test_each_version_is_proved_once(public: Lab) -> None:
    """What the policy published and what the owner merged are both listed, until GitHub holds their proofs."""
    public.land(approved(public.ask("one")))
    public.land(escalated(public.ask("two")))
    public.hub.merge(1)

    paths = told_paths(public)
    assert paths == [f"site/reports/{slug}/v1/{name}" for slug in ("two", "one") for name in ("record.json", "report.pdf")]

    folder = public.checkout()
    public.hub.attested = {hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in paths[:2]}
    assert told_paths(public) == paths[2:]


def test_draft_and_private_repository_get_none(lab: Lab) -> None:
    """A draft that waits is not published; attestations of private repositories are refused on most plans, so none is tried."""
    lab.hub.settings[""] = PUBLIC
    lab.land(escalated(lab.ask("one")))
    assert told_paths(lab) == []

    lab.land(approved(lab.ask("two")))
    lab.hub.settings[""] = {"private": True}
    assert told_paths(lab) == []


def test_odd_paths_are_passed_over(tmp_path: Path) -> None:
    """Only a plain file at a published version's place is named, once; a link, a glob and a file that is gone are not."""
    for name in ("a/v1", "a/v2", "b/v1", "*/v1", "c/draft"):
        (tmp_path / "site/reports" / name).mkdir(parents=True)
        (tmp_path / "site/reports" / name / "record.json").write_text(name)
    (tmp_path / "site/reports/a/v2/record.json").unlink()
    (tmp_path / "site/reports/b/v1/record.json").unlink()
    (tmp_path / "site/reports/b/v1/record.json").symlink_to("/etc/passwd")
    (tmp_path / "site/reports/a/v1/report.pdf").symlink_to("/etc/passwd")
    records = [PurePosixPath("site/reports") / name / "record.json" for name in ("a/v1", "a/v2", "b/v1", "*/v1", "c/draft", "a/v1")]

    assert unproved(tmp_path, [*records, PurePosixPath("record.json")], lambda _: False) == (records[0],)


def test_bounds(tmp_path: Path) -> None:
    """At most so many as one attestation holds; once twenty in a row have a proof, the older ones are not asked about."""
    records = [PurePosixPath("site/reports") / f"r{number}" / "v1" / "record.json" for number in range(MAX_SUBJECTS + 50)]
    for path in records:
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(str(path))
    asked: list[str] = []

    def has_proof(sha256: str) -> bool:
        asked.append(sha256)
        return True

    assert MAX_SUBJECTS - 2 < len(unproved(tmp_path, records, lambda _: False)) <= MAX_SUBJECTS
    assert unproved(tmp_path, records, has_proof) == ()
    assert len(asked) == 20


def test_the_signing_jobs_run_nothing_else() -> None:
    """A job that may attest has no `run:` step and installs nothing; no other job but the caller's may."""
    for name in ("publish.yml", "release.yml"):
        jobs = (ROOT / ".github" / "workflows" / name).read_text().split("\n  ")
        text = "\n  ".join(jobs)
        assert text.count("attestations: write") == 1, name
        job = text.split("\n  prove:\n")[1].split("\n  draft:\n")[0]
        assert "attestations: write" in job
        assert "run:" not in job
        assert "setup" not in job
