"""One export format each: a Report to text or bytes."""
