"""Tests of what a report is exported to."""
