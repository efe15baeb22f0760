"""Answers kept on disk by content: a run that was cut short asks nothing twice, and one without a network asks nothing at all.

The wrapper has the shape of the Web port. A body is a file named by its SHA-256, an entry a small JSON file named by the request; both are
written under a temporary name and renamed, so a reader never sees half a file and two runs may share a folder. Full texts stay in
this folder and go nowhere else: e-prints may be read, not served again (https://info.arxiv.org/help/license/reuse.html).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from sovereign import foreign
from sovereign.adapters import atomic_files, plain_files
from sovereign.errors import WebError
from sovereign.model import Event, GapKind
from sovereign.ports import Response, Tell, Web, tell_nobody

DAY_S = 86_400.0
SKEW_S = 300.0
FORMAT = 1
MAX_ENTRY_BYTES = 64 << 10
MAX_BODY_BYTES = 128 << 20
"""No answer that was kept is longer (web.PoliteWeb); the folder may be a stranger's all the same."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is known of one kept answer; a refusal ("not found") has a status and no body."""

    stored_at: float
    url: str
    content_type: str
    status: int
    sha256: str


@dataclass(slots=True)
class Ledger:
    """Which kept answers a run rests on; is_whole says that it rests on nothing else that a server said.

    Attributes:
        used: By key, what was kept (a hash, or the status of a refusal) and for how many seconds it may stand, None for ever.
    """

    used: dict[str, tuple[str, float | None]] = field(default_factory=dict)
    is_whole: bool = True


class CachedWeb:
    """A Web that answers from disk where it may.

    Args:
        inner: Asked for what is not kept; not asked when offline.
        folder: Made when first written to.
        is_offline: Kept answers count whatever their age, and nothing is sent.
        now: Seconds since 1970.
        ledger: Told of every answer that is used.
    """

    def __init__(
        self,
        inner: Web,
        folder: Path,
        *,
        is_offline: bool = False,
        now: Callable[[], float] = time.time,
        ledger: Ledger | None = None,
    ) -> None:
        self._ledger = ledger or Ledger()
        self._inner = inner
        self._folder = folder
        self._is_offline = is_offline
        self._now = now
        self._may_write = True

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        keep_s: float | None = 0,
        check: Callable[[Response], None] | None = None,
        tell: Tell = tell_nobody,
    ) -> Response:
        """Give the kept answer where it is young enough, else the inner one's, which is then kept; see ports.Web."""
        key = hashlib.sha256(f"{url}?{urlencode(sorted((params or {}).items()))}".encode()).hexdigest()
        kept = self._kept(key, keep_s, check)
        if isinstance(kept, Response):
            self._ledger.used[key] = (hashlib.sha256(kept.content).hexdigest(), keep_s)
            return kept
        if kept is not None:
            self._ledger.used[key] = (str(kept.status), keep_s)
            raise WebError(f"{kept.url}: HTTP {kept.status} (kept answer)", kind=GapKind.NOT_FOUND, status=kept.status)
        if self._is_offline:
            raise WebError(f"offline, and no answer is kept for {url}", kind=GapKind.MISSING, is_unreachable=True)
        try:
            answer = self._inner.get(url, params=params, keep_s=keep_s, check=check, tell=tell)
        except WebError as error:
            if error.kind == GapKind.NOT_FOUND and keep_s != 0:
                self._keep(key, _Entry(self._now(), url, "", error.status or 404, ""), b"", tell)
                self._ledger.used[key] = (str(error.status or 404), keep_s)
            else:
                self._ledger.is_whole = False
            raise
        if keep_s != 0:
            digest = hashlib.sha256(answer.content).hexdigest()
            self._keep(key, _Entry(self._now(), answer.url, answer.content_type, 200, digest), answer.content, tell)
            self._ledger.used[key] = (digest, keep_s)
        else:
            self._ledger.is_whole = False
        return answer

    def stands(self, used: Mapping[str, tuple[str, float | None]]) -> bool:
        """Whether every answer that a run used (`Ledger.used`) would be given again, unchanged and without asking anybody."""
        for key, (what, keep_s) in used.items():
            entry = self._entry(key)
            if entry is None or not self._is_young(entry, keep_s) or what != (entry.sha256 or str(entry.status)):
                return False
            if entry.sha256 and not self._body_path(entry.sha256).is_file():
                return False
        return True

    # --- reading ---

    def _kept(self, key: str, keep_s: float | None, check: Callable[[Response], None] | None) -> Response | _Entry | None:
        """Give a kept answer, or the entry of a kept "not found"; None where there is none or it is damaged, too old or no good."""
        entry = self._entry(key)
        if entry is None:
            return None
        if not self._is_young(entry, keep_s):
            return None
        if entry.status != 200:
            return entry
        body = self._body(entry.sha256)
        if body is None:
            return None
        answer = Response(entry.url, body, entry.content_type, is_cached=True)
        if check is not None:
            try:
                check(answer)
            except ValueError:
                return None
        return answer

    def _is_young(self, entry: _Entry, keep_s: float | None) -> bool:
        age = self._now() - entry.stored_at
        bound = min(DAY_S, DAY_S if keep_s is None else keep_s) if entry.status != 200 else keep_s
        return self._is_offline or bound is None or -SKEW_S <= age <= bound

    def _entry(self, key: str) -> _Entry | None:
        try:
            raw = foreign.read(plain_files.read(self._entry_path(key), MAX_ENTRY_BYTES))
            if raw.pop("format") != FORMAT:
                return None
            stored_at = float(raw.pop("stored_at"))
            entry = _Entry(stored_at=stored_at, status=foreign.whole(raw.pop("status")), **raw)
            return entry if all(isinstance(text, str) for text in raw.values()) else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def _body(self, digest: str) -> bytes | None:
        """Give a body whose bytes still have the hash they are named by."""
        try:
            body = plain_files.read(self._body_path(digest), MAX_BODY_BYTES)
        except ValueError:
            return None
        return body if hashlib.sha256(body).hexdigest() == digest else None

    def _entry_path(self, key: str) -> Path:
        return self._folder / "answers" / key[:2] / f"{key}.json"

    def _body_path(self, digest: str) -> Path:
        return self._folder / "bodies" / digest[:2] / digest

    # --- writing ---

    def _keep(self, key: str, entry: _Entry, body: bytes, tell: Tell) -> None:
        """Write body, then entry. A disk that cannot be written costs the cache, not the run; it is said once."""
        if not self._may_write:
            return
        try:
            if entry.sha256 and self._body(entry.sha256) is None:
                atomic_files.write(self._body_path(entry.sha256), body, self._folder)
            fields = {"format": FORMAT, **{name: getattr(entry, name) for name in _Entry.__slots__}}
            atomic_files.write(self._entry_path(key), json.dumps(fields, sort_keys=True).encode(), self._folder)
        except OSError as error:
            self._may_write = False
            tell(Event("search", f"answers are not kept: {self._folder} cannot be written ({error.strerror or error})"))
