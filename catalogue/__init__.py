"""The truth: what the organisation has to learn from, and what people said of it."""
