"""No page breaks an accessibility rule that axe-core can check, in either scheme, wide or narrow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

PAGES = (
    "",
    "reports/",
    "claims/",
    "method/",
    "status/",
    "404.html",
    "browse/2026/",
    "browse/tags/efficiency/",
    "reports/sparse-experts/",
    "reports/sparse-experts/v1/",
    "reports/routing-accuracy/",
    "reports/routing-accuracy/v1/",
    "reports/nothing-found/v1/",
    "reports/cjk-question/v1/",
    "reports/maths-question/v1/",
    "reports/hostile-text/v1/",
    "reports/with-contradiction/v1/",
)


def violations(page: Page) -> list[str]:
    """Give what axe-core holds against a page, one line a rule with the first places."""
    # Through the protocol, not as a script element: the page's own policy forbids those.
    page.evaluate(f"(() => {{ {AXE}\n}})()")
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then((all) => all.violations)")
    return [f"{rule['id']}: {rule['help']}: " + "; ".join(str(node["html"])[:160] for node in rule["nodes"][:3]) for rule in found]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")], ids=["wide-light", "narrow-dark"])
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path or "home")
def test_no_page_breaks_a_rule(open_page: Callable[..., Page], faults: list[str], path: str, width: int, scheme: str) -> None:
    """axe-core finds no violation; every row of a report is open while it looks."""
    page = open_page(path, width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    assert violations(page) == []
