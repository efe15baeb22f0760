"""What the artifact and Pages actions do, as their sources say, the unkind parts included; run by the stand-ins' action.yml.

- actions/upload-artifact v7.0.0 (src/shared/search.ts, src/upload): hidden files stay out, and hidden folders and files that are named too;
  links are followed, to folders too, and a broken one is passed over; several paths meet in their common parent; a name with a sign that
  some file system forbids is refused; a name that this attempt has taken is refused, unless `overwrite` is true; without a file there is
  no artifact.
- actions/download-artifact v8.0.1 (src/download-artifact.ts): by name into the path; by pattern into a folder for each name, but flat
  where exactly one matches, or with `merge-multiple`; of several attempts the latest; where none matches it succeeds and makes no folder.
- actions/upload-pages-artifact v5.0.0 (action.yml): a tar without hidden files, under a name of one's own choice.
- actions/deploy-pages v5.0.0 (src/internal/api-client.js): refuses no artifact and two of one name, over all attempts of the run.
- actions/configure-pages v6.0.0 (src/api-client.js): asks for the site; where there is none it fails, since a job's token may make none.

The first two were built from their sources and run against a results service of ours, on 2026-11-27, with the calls of
tests/desk/test_lessons.py (FOUND); what is said of them above is what they did.
"""

from __future__ import annotations

import fnmatch
import json
import os
import shutil
import sys
import tarfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path


class Refused(Exception):  # noqa: N818  # the action fails with these words
    """The action fails."""


def upload(told: Mapping[str, str], store: Path, attempt: str) -> None:
    """Keep files under a name."""
    if bad := sorted(set(told["NAME"]) & set('":<>|*?\r\n\\/')):
        raise Refused(f"The artifact name is not valid: {told['NAME']}. Contains the following character: {bad[0]}")
    roots = [Path(line.strip()) for line in told["PATHS"].splitlines() if line.strip()]
    found = {path for root in roots for path in _files(root, is_hidden_too=told.get("HIDDEN") == "true")}
    if not found:
        if told.get("IF_NONE", "warn") == "error":
            raise Refused(f"No files were found with the provided path: {told['PATHS']}. No artifacts will be uploaded.")
        return
    base = Path(os.path.commonpath(roots)) if len(roots) > 1 else roots[0] if roots[0].is_dir() else roots[0].parent
    place = store / "artifacts" / f"{told['NAME']}@{attempt}"
    earlier = sorted((store / "artifacts").glob(f"{told['NAME']}@*"))
    if told.get("OVERWRITE") == "true":
        for one in earlier[-1:]:
            shutil.rmtree(one)
    elif place.exists():
        raise Refused(
            "Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name exists"
        )
    for path in sorted(found):
        where = place / path.relative_to(base)
        where.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, where)  # what a link leads to, as the real one


def _files(root: Path, *, is_hidden_too: bool) -> list[Path]:
    every = [root] if root.is_file() else [Path(at, name) for at, _, names in os.walk(root, followlinks=True) for name in names]
    shown = [
        path for path in every if is_hidden_too or not any(part.startswith(".") for part in (root.name, *path.relative_to(root).parts))
    ]
    return [path for path in shown if path.is_file()]


def download(told: Mapping[str, str], store: Path) -> None:
    """Bring artifacts."""
    latest: dict[str, Path] = {}
    for path in sorted((store / "artifacts").glob("*@*")):
        latest[path.name.rpartition("@")[0]] = path
    if name := told.get("NAME"):
        if name not in latest:
            raise Refused(f"Unable to download artifact(s): Artifact not found for name: {name}")
        chosen = {name: latest[name]}
    else:
        chosen = {name: path for name, path in latest.items() if fnmatch.fnmatchcase(name, told.get("PATTERN") or "*")}
    is_flat = bool(name) or told.get("MERGE") == "true" or len(chosen) == 1
    where = Path(told["WHERE"])
    for name, path in chosen.items():
        shutil.copytree(path, where if is_flat else where / name, dirs_exist_ok=True, symlinks=True)


def pages(told: Mapping[str, str], store: Path, attempt: str) -> None:
    """Keep a site for its deployment."""
    packed = store / "artifact.tar"
    with tarfile.open(packed, "w") as archive:
        archive.add(
            told["PATH_"], ".", filter=lambda item: None if item.name.rpartition("/")[2].startswith(".") and item.name != "." else item
        )
    upload({"NAME": told["NAME"], "PATHS": str(packed), "IF_NONE": "error"}, store, attempt)


def deploy(told: Mapping[str, str], store: Path) -> None:
    """Put a kept site in its place."""
    found = list((store / "artifacts").glob(f"{told['NAME']}@*"))
    if not found:
        raise Refused(f'No artifacts named "{told["NAME"]}" were found for this workflow run.')
    if len(found) > 1:
        raise Refused(
            f'Multiple artifacts named "{told["NAME"]}" were unexpectedly found for this workflow run. Artifact count is {len(found)}.'
        )
    _site(told)
    shutil.rmtree(store / "pages", ignore_errors=True)
    with tarfile.open(found[0] / "artifact.tar") as archive:
        archive.extractall(store / "pages", filter="data")
    (store / "deployed").write_text(found[0].name)


def configure(told: Mapping[str, str]) -> None:
    """Give the site's address as the step's output."""
    base = str(_site(told)["html_url"]).rstrip("/")
    with Path(os.environ["GITHUB_OUTPUT"]).open("a") as stream:
        stream.write(f"base_url={base}\n")


def _site(told: Mapping[str, str]) -> dict[str, object]:
    url = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/pages"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {told['TOKEN']}"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            found: dict[str, object] = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        raise Refused(f"Get Pages site failed. Please verify that the repository has Pages enabled. Error: {error.code}") from error


def main(what: str, told: Mapping[str, str]) -> int:
    """Run an action; give its exit code."""
    store, attempt = Path(told["REHEARSAL_STORE"]), told.get("GITHUB_RUN_ATTEMPT") or "1"
    (store / "artifacts").mkdir(parents=True, exist_ok=True)
    try:
        match what:
            case "upload":
                upload(told, store, attempt)
            case "download":
                download(told, store)
            case "pages":
                pages(told, store, attempt)
            case "deploy":
                deploy(told, store)
            case _:
                configure(told)
    except Refused as refused:
        sys.stdout.write(f"Error: {refused}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], os.environ))
