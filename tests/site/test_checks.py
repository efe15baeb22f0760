"""Checks by outside programs from npm: HTML by html-validate, everything by Lighthouse. Skipped where they are not installed.

`npm install --prefix tests/site/npm --ignore-scripts --no-package-lock` installs both.
"""

from __future__ import annotations

import gzip
import http.server
import io
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.site.conftest import _ARGS, CHROMIUM

SLOWEST = 1000
"""Of Lighthouse's own benchmark: below it the slowing down of a phone is worth nothing, and its report warns of it
(https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md#cpu-throttling)."""
MAX_SHIFT = 0.1  # how far what was painted may move, whatever a machine's speed is (https://web.dev/articles/cls)
NPM = Path(__file__).parent / "npm"


def program(name: str) -> str:
    """Give the path of an npm program, or skip."""
    path = NPM / "node_modules" / ".bin" / name
    if not path.exists() or not shutil.which("node"):
        pytest.skip(f"{name} is not installed: npm install --prefix tests/site/npm --ignore-scripts --no-package-lock")
    return str(path)


class _Compressing(http.server.SimpleHTTPRequestHandler):
    """Serves text compressed, as every host of static pages does; Lighthouse weighs what goes over the line."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""

    def send_head(self) -> Any:
        """Give the file, compressed where that helps."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return None
        data = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix not in {".woff2", ".png", ".pdf", ".zip"}:
            data = gzip.compress(data, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        return io.BytesIO(data)


@pytest.fixture(scope="module")
def compressed_url(demo_site: Path) -> Iterator[str]:
    """Give the address of the demo site behind a compressing server."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Compressing, directory=str(demo_site.parent)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/lab/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_is_named_can_be_pointed_at(demo_site: Path) -> None:
    """No element's id has a space in it, and none stands twice on a page: an address can lead to each."""
    for path in demo_site.rglob("*.html"):
        ids = re.findall(r'\sid="([^"]*)"', path.read_text(encoding="utf-8"))
        assert [name for name in ids if not name or any(sign.isspace() for sign in name)] == [], path
        assert len(ids) == len(set(ids)), path


@pytest.mark.slow
def test_html_is_valid(demo_site: Path) -> None:
    """html-validate holds nothing against any page."""
    command = [program("html-validate"), "--config", str(NPM / "htmlvalidate.json"), "--formatter", "json"]
    done = subprocess.run([*command, *map(str, sorted(demo_site.rglob("*.html")))], capture_output=True, text=True, check=False)
    said = [
        f"{Path(page['filePath']).relative_to(demo_site)}:{fault['line']}: {fault['message']}"
        for page in json.loads(done.stdout)
        for fault in page["messages"]
    ]
    assert said == []


@pytest.mark.slow
@pytest.mark.parametrize("device", ["--preset=desktop", "--form-factor=mobile"], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["", "reports/sleep-and-memory/v1/", "claims/"], ids=["home", "report", "explorer"])
def test_lighthouse_gives_95_everywhere(compressed_url: str, tmp_path: Path, path: str, device: str) -> None:
    """Performance, accessibility, best practices and search engines: at least 95 of 100 in each, for a desktop's screen and a phone's."""
    command = program("lighthouse")
    if not CHROMIUM.is_file():
        pytest.skip("no Chromium at /usr/bin/chromium (Debian package chromium)")
    out = tmp_path / "report.json"
    flags = " ".join(("--headless=new", *_ARGS))
    wanted = ["--quiet", device, "--output=json", f"--output-path={out}", f"--chrome-flags={flags}"]
    environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(tmp_path), "CHROME_PATH": str(CHROMIUM)}
    subprocess.run([command, compressed_url + path, *wanted], check=True, env=environment, capture_output=True)
    told = json.loads(out.read_text(encoding="utf-8"))
    low = {name: 100 * (part["score"] or 0) for name, part in told["categories"].items() if 100 * (part["score"] or 0) < 95}
    assert low.keys() <= {"performance"}, low
    assert told["audits"]["cumulative-layout-shift"]["numericValue"] <= MAX_SHIFT
    if low and told["environment"]["benchmarkIndex"] < SLOWEST:
        pytest.skip(f"{low}, on a machine that Lighthouse measures at {told['environment']['benchmarkIndex']:.0f}; it asks for {SLOWEST}")
    assert low == {}
