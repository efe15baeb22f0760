"""An old desk brought forward: the program's changes arrive, and its owner's stay."""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files
from pathlib import Path, PurePosixPath

import pytest

from sovereign.cli import main
from sovereign.desk import initiate, installation, update, wheel
from sovereign.desk.doctor import Health
from sovereign.desk.initiate import Wanted
from sovereign.desk.update import Became


def first_desk(root: Path, owner: str = "octo-cat") -> Path:
    """Write a desk as the first program wrote it."""
    values = {
        **initiate.values(Wanted("Lab", owner), package="sovereign-desk==0.1.0"),
        "CODEOWNERS": f"/goals/ @{owner}\n/site/ @{owner}\n/.github/ @{owner}",
    }
    for path, text in initiate.template(files("sovereign") / "desk" / "earlier" / "first"):
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(initiate.fill(text, values))
    (root / "goals").mkdir()
    (root / "goals" / "mine.yaml").write_text("question: What do I want to know?\n")
    return root


def contents(root: Path) -> dict[str, bytes]:
    """Give every file."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_desk_of_the_first_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Untouched files are the new ones, edits of other lines are merged, what was removed stays so, the same lines are told."""
    old, new = first_desk(tmp_path / "old"), tmp_path / "new"
    initiate.write(new, Wanted("Lab", "octo-cat"))
    readme, index, research = old / "README.md", old / "site" / "index.md", old / ".github" / "workflows" / "research.yml"
    index.write_text(index.read_text() + "\nOur own words.\n")
    research.write_text(research.read_text().replace('cron: "17 4 * * *"', 'cron: "1 1 * * *"'))
    (old / ".github" / "dependabot.yml").unlink()
    (old / ".github" / "workflows" / "ours.yml").write_text("on: push\n")
    before = research.read_bytes()

    assert main(["init", str(old), "--update"]) == 0
    now = contents(old)
    assert main(["init", str(old), "--update"]) == 0

    assert now == contents(old)
    assert "Our own words." in index.read_text()
    assert readme.read_bytes() == (new / "README.md").read_bytes()
    assert (old / ".github" / "CODEOWNERS").read_bytes() == (new / ".github" / "CODEOWNERS").read_bytes()
    assert research.read_bytes() == before
    assert (old / ".github" / "workflows" / "research.yml.new").read_bytes() == (
        new / ".github" / "workflows" / "research.yml"
    ).read_bytes()
    assert not (old / ".github" / "dependabot.yml").exists()
    assert (old / ".github" / "workflows" / "ours.yml").exists()
    assert [path.name for path in (old / "goals").iterdir()] == ["mine.yaml"]
    assert installation.looked(old).health is Health.GOOD
    assert "yours stays" in capsys.readouterr().out


def test_a_desk_that_holds_the_wheel_that_made_it(tmp_path: Path) -> None:
    """The template of then is read out of the old wheel, so that a change of both in other lines is merged."""
    root = tmp_path / "lab"
    initiate.write(root, Wanted("Lab", "octo-cat"))
    publish = root / ".github" / "workflows" / "publish.yml"
    name = "sovereign/desk/template/github/workflows/publish.yml"
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(wheel.built())) as now, zipfile.ZipFile(changed, "w") as then:
        for item in now.infolist():
            if item.filename.startswith("sovereign/desk/template/"):
                then.writestr(
                    item,
                    now.read(item).replace(b"timeout-minutes: 30", b"timeout-minutes: 25") if item.filename == name else now.read(item),
                )
    held = root / "vendor" / "sovereign_desk-0.0.9-py3-none-any.whl"
    held.write_bytes(changed.getvalue())
    (root / "vendor" / wheel.name()).unlink()
    text = publish.read_text()
    publish.write_text(text.replace("timeout-minutes: 30", "timeout-minutes: 25").replace("name: Publish", "name: Publish ours", 1))

    steps = {step.path: step.became for step in update.plan(root, update.answers(root, Wanted("")))}
    update.apply(root, update.plan(root, update.answers(root, Wanted(""))))

    assert steps[PurePosixPath(".github/workflows/publish.yml")] is Became.MERGED
    assert publish.read_text() == text.replace("name: Publish", "name: Publish ours", 1)
    assert [path.name for path in sorted((root / "vendor").iterdir())] == ["desk.json", wheel.name()]


CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"


@pytest.mark.parametrize(
    ("theirs", "kept"),
    [
        pytest.param(f"actions/checkout@{'a' * 40} # v7.1.0", True, id="Dependabot moved it"),
        pytest.param(f"actions/checkout@{'b' * 40} # v6.9.9", False, id="the program moved it"),
    ],
)
def test_pins_are_no_quarrel(tmp_path: Path, theirs: str, *, kept: bool) -> None:
    """Dependabot and the program move the same lines; the newer pin stands after the update, and nothing is put beside the file."""
    root = tmp_path / "lab"
    initiate.write(root, Wanted("Lab", "octo-cat"))
    research = root / ".github" / "workflows" / "research.yml"
    fresh = research.read_text()
    assert CHECKOUT in fresh
    research.write_text(fresh.replace(CHECKOUT, theirs).replace("default: usual", "default: model", 1))

    steps = update.plan(root, update.answers(root, Wanted("")))
    update.apply(root, steps)

    assert not [step for step in steps if step.became is Became.CONFLICT]
    assert "default: model" in research.read_text()
    assert (theirs in research.read_text(), CHECKOUT in research.read_text()) == (kept, not kept)
    assert not list(research.parent.glob("*.new"))


def test_drift_is_told(tmp_path: Path) -> None:
    """A desk whose wheel is another build than the program that looks at it is told what brings it here."""
    initiate.write(tmp_path / "lab", Wanted("Lab"))
    path = tmp_path / "lab" / "vendor" / wheel.name()
    from hashlib import sha256

    requirements = tmp_path / "lab" / "requirements.txt"
    requirements.write_text(requirements.read_text().replace(sha256(path.read_bytes()).hexdigest(), sha256(b"older").hexdigest()))
    path.write_bytes(b"older")

    found = installation.looked(tmp_path / "lab")

    assert (found.health, "--update" in found.todo) == (Health.OPTIONAL, True)


@pytest.mark.parametrize("text", ["{", "[]", '{"name": 3}'])
def test_what_is_no_desk_is_refused(tmp_path: Path, text: str) -> None:
    """Nothing is written where there is no desk, or where its answers are not what was written."""
    assert main(["init", str(tmp_path), "--update"]) == 2
    assert not list(tmp_path.iterdir())
    initiate.write(tmp_path / "lab", Wanted("Lab"))
    (tmp_path / "lab" / "vendor" / "desk.json").write_text(text)

    assert main(["init", str(tmp_path / "lab"), "--update"]) == 2
