"""The sample organisation: learning content of an invented ferry company."""
