"""The settings that every desk's site shares, put into MkDocs' configuration after the desk's own mkdocs.yml is read.

No request ever goes to a third party: fonts, scripts and styles come with the package. Reports stay out of the
navigation, whose cost grows with the square of its pages; they are reached through generated index pages.
"""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.config_options import PathSpec
from mkdocs.config.defaults import MkDocsConfig

THEME = Path(__file__).resolve().parent.parent / "templates" / "site" / "theme"

NAVIGATION = [
    {"Home": "index.md"},
    {"Reports": "reports/index.md"},
    {"Claims": "claims.md"},
    {"Method": "method.md"},
    {"Status": "status.md"},
]

_EXTENSIONS = ("attr_list", "def_list", "footnotes", "md_in_html", "sane_lists", "tables", "toc")

_PALETTE = [
    {
        "scheme": "default",
        "media": "(prefers-color-scheme: light)",
        "toggle": {"icon": "material/weather-night", "name": "Switch to the dark scheme"},
    },
    {
        "scheme": "slate",
        "media": "(prefers-color-scheme: dark)",
        "toggle": {"icon": "material/weather-sunny", "name": "Switch to the light scheme"},
    },
]


def settle(config: MkDocsConfig) -> None:
    """Complete the configuration in place; a desk's own navigation, palette and extensions are kept."""
    theme = config.theme
    if str(THEME) not in theme.dirs:
        # Behind a desk's own custom_dir, which may override ours, and before Material's.
        theme.dirs.insert(1 if theme.custom_dir else 0, str(THEME))
    theme["font"] = False
    theme["palette"] = theme.get("palette") or _PALETTE
    theme["features"] = sorted({*theme["features"], "toc.follow", "search.highlight"})
    config.extra.setdefault("generator", False)
    config.nav = config.nav or NAVIGATION
    config.not_in_nav = config.not_in_nav or PathSpec().run_validation("/reports/\n/browse/\n")
    config.validation.links.anchors = _at_least_warning(config.validation.links.anchors)
    for name in _EXTENSIONS:
        if name not in config.markdown_extensions:
            config.markdown_extensions.append(name)
    config.mdx_configs.setdefault("toc", {}).setdefault("permalink", False)
    config.mdx_configs["toc"].setdefault("toc_depth", "2-3")


def _at_least_warning(level: int) -> int:
    """Give the level of a WARNING or above, so that a strict build fails on a link to a place that is not there."""
    return max(level, 30)
