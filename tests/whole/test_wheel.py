"""The wheel: what is built is what is tried, in an environment where the checkout cannot be seen."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, install it alone, and lend it this environment's dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT], check=True, capture_output=True, text=True
    )
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", wheel], check=True, capture_output=True)
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def test_the_wheel_runs_the_demo(installed: Path, tmp_path: Path) -> None:
    """Templates, prompts, weights and example papers all travel with the wheel."""
    done = subprocess.run(
        [installed.parent / "sovereign", "demo", "--out", tmp_path / "desk"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "desk" / "site" / "reports" / "paper-boats" / "v1" / "record.json").is_file()
    assert "index.html" in done.stdout


def test_the_wheel_holds_the_program_and_nothing_else(installed: Path) -> None:
    """No tests, training code or goals of ours in somebody's environment."""
    code = "import sovereign, pathlib; print(pathlib.Path(sovereign.__file__).parent.parent)"
    site = Path(subprocess.run([installed, "-c", code], check=True, capture_output=True, text=True, cwd="/").stdout.strip())

    assert site.is_relative_to(installed.parent.parent)
    assert not {"tests", "training", "benchmarks", "goals", "site"} & {path.name for path in site.iterdir()}
