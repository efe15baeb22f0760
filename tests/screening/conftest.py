"""The real papers that the readers' tests read, to be screened here."""

from tests.readers.conftest import real_papers

__all__ = ["real_papers"]
