"""ONIX for Books: messages of product records, with long or short tags."""
