"""Any OpenAI-compatible service: chat, embeddings, the wire between, and the meter."""
