"""Hostile papers and hostile words, from the paper to the page."""
