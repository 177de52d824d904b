"""Quality and speed, reproducible with one command."""
