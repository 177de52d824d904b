"""Text in, judgement out."""
