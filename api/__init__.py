"""The search API and the page on top of it."""
