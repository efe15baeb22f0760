"""The repository as a research desk: what `sovereign ci …`, `init` and `doctor` do."""
