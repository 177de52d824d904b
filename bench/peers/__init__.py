"""What a user would otherwise take, each run by the Python of an environment of its own."""
