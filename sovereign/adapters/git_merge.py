"""Two changed texts and what both came from, made one by Git (https://git-scm.com/docs/git-merge-file)."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sovereign.adapters import programs
from sovereign.errors import PublishError


def merged(ours: bytes, base: bytes, theirs: bytes) -> bytes | None:
    """Give both changes in one text; None where they meet in the same lines.

    Raises:
        PublishError: There is no Git, or it cannot read the texts.
    """
    with tempfile.TemporaryDirectory(prefix="sovereign-merge-") as folder:
        paths = [Path(folder, name) for name in ("ours", "base", "theirs")]
        for path, content in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(content)
        try:
            done = programs.run(["git", "merge-file", "-p", *map(str, paths)])
        except FileNotFoundError as error:
            raise PublishError("git: expected the program on the PATH, found none", tip="install Git") from error
    # The exit code is the number of conflicts; above 127 Git could not merge at all.
    if done.returncode > 127:
        raise PublishError(f"git merge-file failed: {done.stderr.decode('utf-8', 'replace').strip()}", tip="see what Git said")
    return done.stdout if done.returncode == 0 else None
