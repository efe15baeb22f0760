"""Every outside service × every fault: what a run makes of it."""
