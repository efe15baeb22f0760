"""One paper format each: bytes to a Document; pure, and written for hostile input."""
