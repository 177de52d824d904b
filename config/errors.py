"""The part of the error tree that starts down here; `catalogue/errors.py` draws the whole."""


class SkillshelfError(Exception):
    """Root of every error this product raises on purpose. Its text is fit to show to a user."""


class NeedsPerson(SkillshelfError):
    """Wrong credentials, a moved or closed source, a full disk: retrying changes nothing."""


class BadConfig(NeedsPerson):
    """A setting is wrong. The text names the file, the line, the field and what is allowed."""
