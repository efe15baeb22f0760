"""What must not be trusted, told and never obeyed."""
