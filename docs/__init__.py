"""The documentation; `generate` writes the reference from the program."""
