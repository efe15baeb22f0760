"""Stand-ins for the actions that the workflows use."""
