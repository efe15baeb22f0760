"""`python -m sovereign` is the same as `sovereign`."""

from sovereign.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
