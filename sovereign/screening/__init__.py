"""What must not be trusted: hidden text, invisible and look-alike letters, orders to the reader."""
