"""Shapes that several kinds of source write: feeds, articles, tables."""
