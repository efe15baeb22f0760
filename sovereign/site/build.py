"""The site, built strictly and put in place whole: a build that fails leaves the old site standing."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.commands.build import build as build_mkdocs
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from sovereign import record
from sovereign.adapters import goal_file, plain_files
from sovereign.errors import PublishError, UsageError
from sovereign.model import Event
from sovereign.ports import Tell, tell_nobody
from sovereign.site.approvals import Forge
from sovereign.site.plugin import SovereignPlugin
from sovereign.text import counted

MAX_SCHEMA_BYTES = 4 << 20
SCHEMAS: dict[str, Callable[[], object]] = {"goal.schema.json": goal_file.schema, "record.schema.json": record.schema}


def prepare(root: Path) -> tuple[Path, ...]:
    """Bring the files that the program keeps in the sources up to date, and give those that changed: the two JSON Schemas."""
    folder = Path(_config(root).docs_dir)
    changed = []
    for name, made in SCHEMAS.items():
        path = folder / "schemas" / name
        content = json.dumps(made(), indent=1, ensure_ascii=False) + "\n"
        if _standing(path) != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            changed.append(path)
    return tuple(changed)


def _standing(path: Path) -> str | None:
    try:
        return plain_files.text(path, MAX_SCHEMA_BYTES)
    except ValueError:  # none, or none of ours: it is written anew
        return None


@dataclass(frozen=True, slots=True)
class Home:
    """Where the site will stand, and who can be asked about it.

    Attributes:
        url: The site's address, which goes before that of mkdocs.yml: a fork carries the settings of where it came from. Empty: theirs.
        forge: Tells who merged what; None where nobody can be asked.
    """

    url: str = ""
    forge: Forge | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if self.url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment):
            raise UsageError(f"url: expected the address of a site, as https://name.github.io/desk/, got {self.url!r}")

    @property
    def settings(self) -> dict[str, str]:
        """What of it goes into MkDocs' configuration."""
        return {"site_url": f"{self.url.rstrip('/')}/"} if self.url else {}


def build(
    root: Path,
    out: Path | None = None,
    *,
    strict: bool = True,
    file_links: bool = False,
    home: Home | None = None,
    tell: Tell = tell_nobody,
) -> Path:
    """Build the site of the desk at `root` and give its folder.

    Args:
        root: The folder that holds mkdocs.yml.
        out: Where the site goes; mkdocs.yml's site_dir where it is not given. What was there is replaced.
        strict: Whether a warning (a dead link, an unknown file) fails the build.
        file_links: Whether links name index.html, so that the site can be read from the disk without a server.
        home: Where it will stand; without it the address is that of mkdocs.yml, and who approved is unknown.

    Raises:
        UsageError: There is no mkdocs.yml at `root`, or it is wrong.
        PublishError: The build failed, or the folder cannot be written.
    """
    home = home or Home()
    config = _config(root, strict=strict, use_directory_urls=not file_links, **home.settings)
    for plugin in config.plugins.values():
        if isinstance(plugin, SovereignPlugin):
            plugin.forge = home.forge
    place = (out or Path(config.site_dir)).resolve()
    _refuse_to_overwrite(place, config)
    tell(Event("site", f"Building {config.site_name} into {place}"))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as folder:
            made = Path(folder) / "new"
            config.site_dir = str(made)
            with _warnings() as warnings:
                _run(config, warnings)
            _swap(made, place, Path(folder) / "old")
    except OSError as error:
        raise PublishError(
            f"{place}: the site could not be written: {error.strerror or error}", tip="check space and rights there"
        ) from error
    return place


def serve(root: Path, *, address: str, open_browser: bool = False) -> None:
    """Serve the site with live reload until interrupted.

    Raises:
        UsageError: There is no mkdocs.yml at `root`, or it is wrong.
        PublishError: The address is taken, or the site cannot be built.
    """
    from mkdocs.commands.serve import serve as serve_mkdocs

    prepare(root)
    config = _config(root)
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    watched = [str(path) for path in (root / "goals",) if path.is_dir()]
    try:
        serve_mkdocs(config.config_file_path, dev_addr=address, open_in_browser=open_browser, watch=watched)
    except (Abort, MkDocsException, OSError) as error:
        raise PublishError(f"{address}: the site cannot be served: {error}", tip="try another --address") from error


def _config(root: Path, **settings: Any) -> MkDocsConfig:  # noqa: ANN401 - as load_config has them
    path = root / "mkdocs.yml"
    if not path.is_file():
        raise UsageError(
            f"{path}: expected the site's settings, found no such file", tip="run `sovereign init` to make a desk, or name its folder"
        )
    try:
        return load_config(str(path), **settings)
    except (Abort, MkDocsException) as error:
        raise UsageError(f"{path}: {error}", tip="run `mkdocs get-deps` to see what the file asks for") from error


def _run(config: MkDocsConfig, warnings: list[str]) -> None:
    try:
        config.plugins.on_startup(command="build", dirty=False)
        build_mkdocs(config)
    except (Abort, MkDocsException) as error:
        said = "".join(f"\n  {line}" for line in warnings) or f"\n  {error}"
        raise PublishError(
            f"the site was not built: {counted(len(warnings) or 1, 'problem')}{said}", tip="mend them, then build again"
        ) from error
    finally:
        config.plugins.on_shutdown()


class _Ear(logging.Handler):
    """Keeps what MkDocs warns of, for the one message that a failed build ends with."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


@contextmanager
def _warnings() -> Iterator[list[str]]:
    ear, logger = _Ear(), logging.getLogger("mkdocs")
    before = logger.propagate
    logger.addHandler(ear)
    logger.propagate = False
    try:
        yield ear.heard
    finally:
        logger.propagate = before
        logger.removeHandler(ear)


def _refuse_to_overwrite(place: Path, config: MkDocsConfig) -> None:
    docs = Path(config.docs_dir).resolve()
    if place == docs or place in docs.parents or docs in place.parents:
        raise UsageError(f"{place}: expected a folder apart from the sources in {docs}", tip="choose another --out")
    if place.is_dir() and any(place.iterdir()) and not (place / "404.html").is_file():
        raise UsageError(f"{place}: expected an empty folder or an earlier site, found other files", tip="choose another --out")


def _swap(made: Path, place: Path, old: Path) -> None:
    if place.exists():
        place.rename(old)
    try:
        made.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)
