"""What the program can do, in figures: `python -m benchmarks` measures and prints them. Not in the wheel."""
