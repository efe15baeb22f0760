"""The `site` commands: build and serve."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

site = typer.Typer(no_args_is_help=True, help="The website of the desk.")

Root = Annotated[Path, typer.Option("--root", help="The desk: the folder that holds mkdocs.yml.", file_okay=False)]


@site.command("build")
def _build(
    root: Root = Path(),
    out: Annotated[Path | None, typer.Option("--out", help="Where the site goes; site_dir of mkdocs.yml where it is not given.")] = None,
    *,
    file_links: Annotated[bool, typer.Option("--file-links", help="Links that work from the disk, without a web server.")] = False,
    url: Annotated[
        str,
        typer.Option("--url", envvar="SOVEREIGN_SITE_URL", help="Where the site will stand; mkdocs.yml's site_url if absent."),
    ] = "",
) -> None:
    """Build the site, strictly; print its folder. In a job of GitHub's it asks there who merged what."""
    from sovereign.cli.at_github import forge
    from sovereign.site import build

    build.prepare(root)
    with ExitStack() as closing:
        home = build.Home(url, forge(closing))
        typer.echo(build.build(root, out, file_links=file_links, home=home, tell=lambda event: typer.echo(f"* {event.message}", err=True)))


@site.command("serve")
def _serve(
    root: Root = Path(),
    address: Annotated[str, typer.Option("--address", help="Host and port.")] = "127.0.0.1:8000",
    *,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Serve the site, and build it again whenever a source changes."""
    from sovereign.site import build

    build.serve(root, address=address, open_browser=open_browser)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(site, name="site")
