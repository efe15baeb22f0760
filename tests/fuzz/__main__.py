"""Fuzz one target, guided by coverage: python -m tests.fuzz TARGET SECONDS [FOLDER]. Needs atheris; `make fuzz` installs it.

The corpus lives in FOLDER/TARGET and grows from run to run; what ends the run is written to FOLDER/found. Prints one JSON line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path


def fuzz(name: str, seconds: int, folder: Path) -> None:
    """Run libFuzzer in this process; it ends the process."""
    import atheris

    with atheris.instrument_imports(include=["sovereign"]):
        from tests.fuzz import shapes
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]
    corpus = folder / name
    corpus.mkdir(parents=True, exist_ok=True)
    for at, seed in enumerate(target.seeds):
        (corpus / f"seed-{at}").write_bytes(seed)
    found = folder / "found" / name
    found.mkdir(parents=True, exist_ok=True)
    flags = [f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=3000", "-max_len=60000", f"-artifact_prefix={found}/"]

    def mutate(data: bytes, max_size: int, chance: int) -> bytes:
        """Change JSON as JSON every other time; bytes as bytes."""
        found = shapes.changed(data, max_size, chance) if chance % 2 else None
        return atheris.Mutate(data, max_size) if found is None else found

    extra = {"custom_mutator": mutate} if target.is_json else {}
    atheris.Setup([sys.argv[0], *flags, str(corpus)], target.meet, **extra)
    atheris.Fuzz()


def main() -> int:
    """Fuzz in a process of its own, so that its end can be told."""
    name, seconds = sys.argv[1], int(sys.argv[2])
    folder = Path(sys.argv[3] if len(sys.argv) > 3 else ".fuzz").resolve()
    if os.environ.get("SOVEREIGN_FUZZ_CHILD"):
        fuzz(name, seconds, folder)
        return 0
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.fuzz", name, str(seconds), str(folder)]
    done = subprocess.run(
        command, env=os.environ | {"SOVEREIGN_FUZZ_CHILD": "1"}, capture_output=True, text=True, errors="replace", check=False
    )
    lines = done.stderr.splitlines()
    runs = next((line.split()[1] for line in reversed(lines) if line.startswith("Done ")), None) or next(
        (line.split("#")[1].split()[0] for line in reversed(lines) if line.startswith("#")), "0"
    )
    told = {
        "target": name,
        "seconds": round(time.monotonic() - began),
        "inputs": int(runs),
        "found": done.returncode != 0,
        "code": done.returncode,
    }
    sys.stdout.write(json.dumps(told) + "\n")
    if done.returncode:
        sys.stderr.write("\n".join([*done.stdout.splitlines()[-40:], *lines[-20:]]) + "\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
