# ruff: noqa: ARG002 - MkDocs names the arguments of its events
"""The MkDocs plugin behind every desk's site: `plugins: [search, sovereign]` in mkdocs.yml is all a desk needs.

It brings the theme's overrides and assets out of the package, adds the generated pages to the build without writing them
into the sources, and tells each page its state: what is a draft, who approved what. The committed Markdown never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Literal, cast

from mkdocs.config.base import Config
from mkdocs.config.config_options import Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from sovereign.errors import PublishError
from sovereign.site import approvals, facts, feed
from sovereign.site.desk import Desk, goals_under_way
from sovereign.site.index import as_scripts, shards
from sovereign.site.pages import Pages
from sovereign.site.report import decorate, read_figure, tidy
from sovereign.site.settings import settle
from sovereign.site.view import View, head, views


class SiteOptions(Config):  # type: ignore[no-untyped-call] # mkdocs carries few types
    """The plugin's own settings in mkdocs.yml; a desk needs none."""

    claims_per_shard = Type(int, default=500)
    goals = Type(str, default="goals")


class SovereignPlugin(BasePlugin[SiteOptions]):  # type: ignore[no-untyped-call] # mkdocs carries few types
    """Adds what the records say to a Material site."""

    def __init__(self) -> None:
        self._is_serving = False
        self.forge: approvals.Forge | None = None
        self._desk: Desk
        self._pages: Pages
        self._views: Mapping[str, View] = {}

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note whether the site is being served: live reload needs an inline script, a published page has none."""
        self._is_serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Settle the theme, the navigation and the extensions, then read the desk's records and goals."""
        settle(config)
        root = Path(config.config_file_path).resolve().parent if config.config_file_path else Path.cwd()
        docs = Path(config.docs_dir)
        reports = facts.read(docs, approvals.approvals(root, docs, self.forge))
        self._desk = Desk(
            root=root,
            name=config.site_name,
            description=config.site_description or "",
            url=_closed(config.site_url or ""),
            repository=(config.repo_url or approvals.repository(root)).rstrip("/"),
            reports=reports,
            goals=goals_under_way(root / self.config.goals, [report.slug for report in reports]),
        )
        self._pages = Pages(self._desk)
        self._views = views(self._desk)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the generated pages and data files; a file of the desk's own at the same place wins."""
        data = tuple(shards(self._desk, per_shard=self.config.claims_per_shard))
        if not config.use_directory_urls:
            data += tuple(as_scripts(data))
        for uri, content in (*self._pages.sources(), *data):
            theirs = files.get_file_from_path(uri)
            if theirs is not None and uri.startswith("schemas/"):
                # The copy in the sources is for editors; what is published is what this program holds.
                files.remove(theirs)
            elif theirs is not None:
                continue
            files.append(File.generated(config, uri, content=content))
        return files

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Keep versions out of the search, where the landing page stands for them; the claims have a search of their own.

        The head's words are escaped here, since Material writes them as they come.
        """
        if isinstance(said := page.meta.get("description"), str):
            page.meta["description"] = escape(said)
        view = self._views.get(page.file.src_uri)
        if view and not view.is_landing:
            page.meta.setdefault("search", {"exclude": True})
        return markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Tell a report's state on its page, and add what the records say to the generated pages."""
        link, view = _linker(page, files), self._views.get(page.file.src_uri)
        if view is None:
            return html + self._pages.render(page.file.src_uri, link)
        folder = Path(config.docs_dir, page.file.src_uri).parent
        return decorate(html, folder=folder, state=self._pages.state(view, link), figure=read_figure, status=self._pages.status(view, link))

    def on_page_context(self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> TemplateContext:
        """Hand the page's state to the theme."""
        view = self._views.get(page.file.src_uri)
        told = head(view, Path(config.docs_dir), self._desk) if view else None
        more = {"view": view, "head": told, "is_serving": self._is_serving}
        return cast("TemplateContext", {**context, **more})

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Write the page without the theme's empty lines and invalid attributes."""
        return tidy(output)

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """The same for pages without a source, such as 404.html."""
        return tidy(output_content) if template_name.endswith(".html") else output_content

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the Atom feed."""
        Path(config.site_dir, "feed.xml").write_bytes(feed.atom(self._desk))


def _closed(url: str) -> str:
    return url if not url or url.endswith("/") else f"{url}/"


def _linker(page: Page, files: Files) -> Callable[[str], str]:
    def link(uri: str) -> str:
        target = files.get_file_from_path(uri)
        if target is None:
            raise PublishError(
                f"{page.file.src_uri}: links to {uri}, which is no file of this site", tip="restore the report's pages from Git"
            )
        return str(target.url_relative_to(page.file))

    return link
