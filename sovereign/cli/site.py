"""The `site` commands: build and serve."""

from __future__ import annotations

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
) -> None:
    """Build the site, strictly; print its folder."""
    from sovereign.site import build

    build.prepare(root)
    typer.echo(build.build(root, out, file_links=file_links, tell=lambda event: typer.echo(f"* {event.message}", err=True)))


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
