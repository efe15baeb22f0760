"""Words, numbers and names in text, and when two texts say the same; pure, standard library only."""
