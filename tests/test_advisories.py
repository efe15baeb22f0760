"""`make advisories`, against a service of ours: every pinned version is asked for, and a known weakness ends it with its name."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from standins.faulty import Listening
from tests.conftest import ROOT
from tests.test_constraints import pinned

PINS = ("requirements/constraints.txt", "requirements/constraints-dev.txt", "tests/fuzz/constraints.txt")


class Advisories(Listening):
    """A service that knows weaknesses, shaped like https://google.github.io/osv.dev/post-v1-query/."""

    METHODS = ("POST",)

    def __init__(self, *weak: str) -> None:
        super().__init__()
        self.weak = weak
        self.asked: set[str] = set()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        package = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))["package"]
        self.asked.add(package["name"])
        ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "999"}]}]
        known = [{"id": "EXAMPLE-1", "summary": "An example.", "affected": [{"package": package, "ranges": ranges}]}]
        body = json.dumps({"vulns": known} if package["name"] in self.weak else {}).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def run(service: Advisories) -> subprocess.CompletedProcess[str]:
    """Run the target's own command in the environment of the tests."""
    asked = ["make", "--no-print-directory", "-n", "-o", ".make/dev", "advisories", f"ADVISORIES={service.url}"]
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    said = subprocess.run(asked, cwd=ROOT, env=alone, capture_output=True, text=True, check=True)
    program, *words = shlex.split(said.stdout.replace("\\\n", " ").strip())
    return subprocess.run([Path(sys.prefix) / "bin" / Path(program).name, *words], cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_pin_is_asked_for() -> None:
    """Nothing known: exit code 0, after all of every file was asked for."""
    with Advisories() as service:
        done = run(service)

    assert done.returncode == 0, done.stderr
    assert service.asked == {name for path in PINS for name in pinned(ROOT / path)}


def test_a_known_weakness_is_named() -> None:
    """Another exit code, with the package and the version that mends it."""
    with Advisories("lxml") as service:
        done = run(service)

    assert done.returncode == 1
    row = next(line for line in done.stdout.splitlines() if line.startswith("lxml"))
    assert "EXAMPLE-1" in row
    assert "999" in row
