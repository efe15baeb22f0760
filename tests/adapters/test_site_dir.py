"""The publisher: whole reports or nothing, drafts replaced, approved versions frozen."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from sovereign.adapters import site_dir
from sovereign.adapters.site_dir import SiteDir
from sovereign.errors import PublishError
from sovereign.model import Page

SLUG = "a-report"


def pages(version: int, record: str, **more: str) -> tuple[Page, ...]:
    """Give the pages of a small report."""
    inside = {"record.json": record, "index.md": f"version {version}", "figures/a.svg": "<svg/>"} | more
    made = [Page(PurePosixPath(f"v{version}/{path}"), text.encode()) for path, text in inside.items()]
    return (Page(PurePosixPath("index.md"), f"landing of {version}".encode()), *made)


def tree(root: Path) -> dict[str, str]:
    """Give every file below a folder with its text."""
    return {path.relative_to(root).as_posix(): path.read_text() for path in sorted(root.rglob("*")) if path.is_file()}


def test_first_version(tmp_path: Path) -> None:
    """A new report is version 1, and all its files stand there."""
    place = SiteDir(tmp_path / "reports")

    slot = place.slot(SLUG, "{}")
    folder = place.publish(SLUG, pages(1, "{}"))

    assert (slot.version, slot.earlier, slot.is_same) == (1, (), False)
    assert folder == tmp_path / "reports" / SLUG / "v1"
    assert tree(tmp_path / "reports") == {
        "a-report/index.md": "landing of 1",
        "a-report/v1/figures/a.svg": "<svg/>",
        "a-report/v1/index.md": "version 1",
        "a-report/v1/record.json": "{}",
    }


def test_the_same_record_changes_nothing(tmp_path: Path) -> None:
    """A rerun that found the same is told so."""
    place = SiteDir(tmp_path)
    place.publish(SLUG, pages(1, "one"))

    slot = place.slot(SLUG, "one")

    assert (slot.version, slot.is_same) == (1, True)


def test_a_draft_is_replaced(tmp_path: Path) -> None:
    """The next run takes the draft's number, and no file of the old draft is left."""
    place = SiteDir(tmp_path)
    place.publish(SLUG, pages(1, "one", **{"old.txt": "old"}))

    slot = place.slot(SLUG, "two")
    place.publish(SLUG, pages(1, "two"))

    assert (slot.version, slot.earlier) == (1, ())
    assert tree(tmp_path)["a-report/v1/record.json"] == "two"
    assert "a-report/v1/old.txt" not in tree(tmp_path)


def test_an_approved_version_is_frozen(tmp_path: Path) -> None:
    """The next run becomes version 2, which knows the record of version 1; version 1 cannot be written."""
    place = SiteDir(tmp_path, is_frozen=lambda folder: folder.name == "v1")
    SiteDir(tmp_path).publish(SLUG, pages(1, "one"))

    slot = place.slot(SLUG, "two")
    place.publish(SLUG, pages(2, "two"))

    assert (slot.version, slot.earlier) == (2, ("one",))
    assert place.slot(SLUG, "three").version == 2
    with pytest.raises(PublishError, match="never changes"):
        place.publish(SLUG, pages(1, "three"))
    assert tree(tmp_path)["a-report/v1/record.json"] == "one"
    assert tree(tmp_path)["a-report/index.md"] == "landing of 2"


def test_versions_are_numbers(tmp_path: Path) -> None:
    """Version 10 comes after 9, and other folders do not count."""
    place = SiteDir(tmp_path, is_frozen=lambda _: True)
    for number in range(1, 11):
        SiteDir(tmp_path).publish(SLUG, pages(number, str(number)))
    (tmp_path / SLUG / "v0").mkdir()
    (tmp_path / SLUG / "v2b").mkdir()

    slot = place.slot(SLUG, "eleven")

    assert slot.version == 11
    assert slot.earlier == tuple(str(number) for number in range(1, 11))


def test_a_missing_record_is_said(tmp_path: Path) -> None:
    """A version without its record is damage, not a draft to write over."""
    (tmp_path / SLUG / "v1").mkdir(parents=True)

    with pytest.raises(PublishError, match=r"v1/record\.json: expected the record of version 1"):
        SiteDir(tmp_path).slot(SLUG, "one")


def test_pages_of_two_versions_are_refused(tmp_path: Path) -> None:
    """One call publishes one version."""
    with pytest.raises(PublishError, match="one version"):
        SiteDir(tmp_path).publish(SLUG, (*pages(1, "one"), *pages(2, "two")))


CRASHES = ["write", "first rename", "second rename", "landing"]


@pytest.mark.parametrize("at", CRASHES)
def test_a_failing_disk_leaves_what_was_there(tmp_path: Path, at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the disk fails, what stands there is one whole report, the old or the new, and nothing else is left."""
    place = SiteDir(tmp_path)
    place.publish(SLUG, pages(1, "one"))
    before = tree(tmp_path)
    _break(monkeypatch, at)

    with pytest.raises(PublishError, match="No space left") as caught:
        place.publish(SLUG, pages(1, "two"))

    monkeypatch.undo()
    after = tree(tmp_path)
    assert caught.value.tip.startswith("free some space")
    if at == "landing":
        assert after["a-report/v1/record.json"] == "two"
        assert after["a-report/index.md"] == "landing of 1"
        assert set(after) == set(before)
    else:
        assert after == before


def _break(monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """Let the disk be full at one point of publishing."""
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if at == "write":

        def refuse(path: Path, content: bytes) -> None:
            if path.name == "index.md" and path.parent.name == "v1":
                raise full
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

        monkeypatch.setattr(site_dir, "_write_file", refuse)
        return
    wanted = {"first rename": 0, "second rename": 1, "landing": 2}[at]
    monkeypatch.setattr(Path, "replace", _failing_at(wanted, Path.replace, full))


def _failing_at(wanted: int, real: Callable[[Path, Path], Path], error: OSError) -> Callable[[Path, Path], Path]:
    calls = iter(range(100))

    def replace(self: Path, target: Path) -> Path:
        if next(calls) == wanted:
            raise error
        return real(self, target)

    return replace


def test_a_killed_run_is_tidied(tmp_path: Path) -> None:
    """What a killed run left aside is cleared, and an old version whose successor never came is put back."""
    place = SiteDir(tmp_path)
    place.publish(SLUG, pages(1, "one"))
    (tmp_path / SLUG / "v1").replace(tmp_path / f".old-{SLUG}-v1")
    (tmp_path / f".new-{SLUG}-abc").mkdir()
    (tmp_path / f".new-{SLUG}-longer-abc").mkdir()

    place.publish(SLUG, pages(2, "two"))

    assert tree(tmp_path)["a-report/v1/record.json"] == "one"
    assert tree(tmp_path)["a-report/v2/record.json"] == "two"
    assert sorted(path.name for path in tmp_path.iterdir()) == [f".new-{SLUG}-longer-abc", SLUG]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_folder_is_said(tmp_path: Path) -> None:
    """A folder that cannot be written is an error with the next step."""
    tmp_path.chmod(0o500)

    with pytest.raises(PublishError, match="Permission denied") as caught:
        SiteDir(tmp_path).publish(SLUG, pages(1, "one"))

    tmp_path.chmod(0o700)
    assert "writable" in caught.value.tip


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    """A file where a folder should be is an error of ours."""
    (tmp_path / SLUG).write_text("in the way")

    with pytest.raises(PublishError, match="expected to write"):
        SiteDir(tmp_path).publish(SLUG, pages(1, "one"))
