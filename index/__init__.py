"""The projection of the catalogue into Qdrant, and search over it."""
