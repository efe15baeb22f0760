"""The demo desk, its built site behind a loopback server, and a real Chromium to look at it with."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, sync_playwright

from sovereign.site import build
from standins import desk

CHROMIUM = Path("/usr/bin/chromium")
SETTLE_S = 30
# A test's browser asks nobody but the loopback server.
_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files; text compressed or not is the same to these tests, and nothing is printed."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""


def serve(folder: Path) -> tuple[str, Callable[[], None]]:
    """Serve a folder on a free loopback port; give its address and what ends it."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return f"http://127.0.0.1:{server.server_address[1]}/", end


@pytest.fixture(scope="session")
def demo_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a desk with reports of every kind, most of them merged, some drafts."""
    return desk.write(tmp_path_factory.mktemp("desk") / "lab")


@pytest.fixture(scope="session")
def demo_site(demo_desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the demo desk's site, built strictly."""
    return build.build(demo_desk, tmp_path_factory.mktemp("site") / "lab", home=build.Home(forge=desk.forge(demo_desk)))


@pytest.fixture(scope="session")
def site_url(demo_site: Path) -> Iterator[str]:
    """Give the address of the demo site, which stands in a folder of its host as project pages do."""
    url, end = serve(demo_site.parent)
    yield f"{url}lab/"
    end()


@pytest.fixture(scope="session")
def playwright_() -> Iterator[Playwright]:
    """Give Playwright, or skip where there is no Chromium."""
    if not CHROMIUM.is_file():
        pytest.skip("no Chromium at /usr/bin/chromium (Debian package chromium)")
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="session")
def chromium(playwright_: Playwright) -> Iterator[Browser]:
    """Give a running browser."""
    browser = playwright_.chromium.launch(executable_path=str(CHROMIUM), args=list(_ARGS))
    yield browser
    browser.close()


@pytest.fixture
def faults() -> list[str]:
    """Give the list into which an opened page's faults go."""
    return []


@pytest.fixture
def open_page(chromium: Browser, site_url: str, faults: list[str]) -> Iterator[Callable[..., Page]]:
    """Open pages of the demo site; when the test ends, no page may have logged an error or asked a third party."""
    contexts = []

    def opened(path: str, *, width: int = 1280, height: int = 900, scheme: str = "light", **more: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more)  # type: ignore[arg-type] # a literal
        contexts.append(context)
        page = context.new_page()
        watch(page, site_url, faults)
        under_way = requests(page)
        page.goto(site_url + path)
        settle(page, under_way)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


def watch(page: Page, home: str, faults: list[str]) -> None:
    """Note every console error, exception, failed request and request that leaves the site."""
    page.on("console", lambda said: faults.append(f"console: {said.text}") if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: faults.append(f"exception: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith((home, "data:", "blob:")) else faults.append(f"third party: {asked.url}"))
    page.on("response", lambda answer: faults.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None)


def requests(page: Page) -> set[Request]:
    """Give the set of requests that are under way on a page, kept up to date."""
    asked: set[Request] = set()
    page.on("request", lambda request: asked.add(request))  # noqa: PLW0108  # Playwright marks what it is given, which no method of a set bears
    page.on("requestfinished", lambda request: asked.discard(request))  # noqa: PLW0108  # as above
    page.on("requestfailed", lambda request: asked.discard(request))  # noqa: PLW0108  # as above
    return asked


def settle(page: Page, under_way: set[Request]) -> None:
    """Wait until nothing has been under way for a tenth of a second; the browser's own "networkidle" waits for five times as long."""
    quiet = 0
    for _ in range(SETTLE_S * 20):
        page.wait_for_timeout(50)
        quiet = 0 if under_way else quiet + 1
        if quiet == 2:
            return
    pytest.fail(f"still under way: {sorted(request.url for request in under_way)}")
