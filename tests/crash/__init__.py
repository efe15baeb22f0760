"""Runs that die: killed, interrupted, out of space, twice at once."""
