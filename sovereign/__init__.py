"""SOVEREIGN: a Git repository as a research desk.

A Goal becomes Queries, which find Papers, read as Documents, cut into Passages, from which Claims are drawn, weighed
against Evidence for a Verdict, told in a Draft, heard in Reviews, settled by a Decision, kept in a Report, shown on a Site.
"""

__version__ = "0.1.0"
