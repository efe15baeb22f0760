"""No page breaks an accessibility rule that axe-core can check, in either scheme, wide or narrow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

QUICK = (
    "",
    "reports/",
    "claims/",
    "method/",
    "reports/routing-accuracy/",
    "reports/sparse-experts/v1/",
    "reports/waxed-boats/v1/",
    "glossary/",
)
PAGES = (
    *QUICK,
    "status/",
    "404.html",
    "browse/2026/",
    "browse/tags/efficiency/",
    "reports/sparse-experts/",
    "reports/routing-accuracy/v1/",
    "reports/nothing-found/v1/",
    "reports/cjk-question/v1/",
    "reports/maths-question/v1/",
    "reports/hostile-text/v1/",
    "reports/with-contradiction/v1/",
    "reports/boats-yes/v1/",
    "reports/waxed-boats/",
)
LOOKS = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"))


def violations(page: Page) -> list[str]:
    """Give what axe-core holds against a page, one line a rule with the first places."""
    # Through the protocol, not as a script element: the page's own policy forbids those.
    page.evaluate(f"(() => {{ {AXE}\n}})()")
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then((all) => all.violations)")
    return [f"{rule['id']}: {rule['help']}: " + "; ".join(str(node["html"])[:160] for node in rule["nodes"][:3]) for rule in found]


def look(open_page: Callable[..., Page], path: str, width: int, scheme: str) -> list[str]:
    """Give the violations of one page, every row of it open."""
    page = open_page(path, width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    return violations(page)


@pytest.mark.parametrize("path", QUICK, ids=lambda path: path or "home")
def test_no_kind_of_page_breaks_a_rule(open_page: Callable[..., Page], path: str) -> None:
    """One page of each kind, wide and light: axe-core finds no violation."""
    assert look(open_page, path, 1280, "light") == []


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), LOOKS, ids=str)
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path or "home")
def test_no_page_breaks_a_rule(open_page: Callable[..., Page], path: str, width: int, scheme: str) -> None:
    """Every page, wide and narrow, light and dark: axe-core finds no violation."""
    assert look(open_page, path, width, scheme) == []


def test_a_quote_on_show_breaks_no_rule(open_page: Callable[..., Page]) -> None:
    """The quote of a citation, once shown, is as sound as the page."""
    page = open_page("reports/sleep-and-memory/v1/")
    page.locator("a.cite").first.hover()
    page.locator(".sv-pop").wait_for()

    assert violations(page) == []
