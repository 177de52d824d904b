"""Settings, the source file format and the skills taxonomies."""
