"""How works and people are identified, written down and named; pure, standard library only."""
