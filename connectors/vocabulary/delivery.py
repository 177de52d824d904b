"""How something is taught."""

import re

from catalogue.model import Delivery

_WORDS = {
    Delivery.BLENDED: r"blended|hybrid\w*|mixed|flipped|kombiniert|hybride",
    Delivery.VIRTUAL: r"virtual(?:ly)?|vilt|live[ -]?online|online[ -]?live|live[ -]?stream\w*"
    r"|webinars?|online[ -]?seminare?|synchronous|synchron|virtuell\w*|remote[ -]live"
    r"|live[ -]virtual",
    Delivery.SELF_PACED: r"self[ -]?(?:paced|study|directed|guided)|on[ -]demand|asynchronous"
    r"|asynchron|e-?learning|wbt|cbt|web[ -]based training|computer[ -]based training|moocs?"
    r"|selbststudium|selbstlern\w*|selbstgesteuert\w*|im eigenen tempo|autoformation"
    r"|à son rythme",
    Delivery.INSTRUCTOR_LED: r"instructor[ -]?led|ilt|teacher[ -]?led|class ?room|in[ -]?person"
    r"|face[ -]to[ -]face|f2f|on[ -]?site|on[ -]campus|präsenz\w*|vor ort|en présentiel"
    r"|présentiel|presencial|in presenza",
    Delivery.INFORMAL: r"informal|informell\w*|on[ -]the[ -]job|social learning",
}
_PATTERNS = {
    mode: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for mode, words in _WORDS.items()
}
_ONLINE = re.compile(r"(?<!\w)online(?!\w)", re.IGNORECASE)
_VIRTUALLY = re.compile(
    r"virtual(?:ly)? (?:instructor|teacher|class|live|ilt)|virtuelle[rsn]? klassen", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"(?:instructor|teacher)[ -]?led,? online|online,? (?:instructor|teacher)[ -]?led",
    re.IGNORECASE,
)


def delivery(text: str) -> Delivery | None:
    """The one mode that `text` names; None for none or several, and for "online", which is two.

    An instructor online is a virtual one.
    """
    text = _ELSEWHERE.sub("virtual", text)
    named = [mode for mode, words in _PATTERNS.items() if words.search(text)]
    if Delivery.BLENDED in named:
        return Delivery.BLENDED
    if Delivery.INSTRUCTOR_LED in named and _ONLINE.search(text):
        return None
    if _VIRTUALLY.search(text):  # a classroom, but not one to travel to
        return Delivery.VIRTUAL
    return named[0] if len(named) == 1 else None
