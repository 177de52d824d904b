"""What kind of learning resource something is.

Besides plain words: the types of schema.org and Dublin Core, as far as one kind fits them.
"""

import re

from catalogue.model import Kind

_WORDS = {
    Kind.PODCAST: r"podcasts?|podcast ?(?:episode|series)|radio episode|audio|sound|hörbeitrag",
    Kind.VIDEO: r"videos?|video ?object|movie|film|moving ?image|clip|screencast|recording"
    r"|lecture recording|aufzeichnung|lernvideo|erklärvideo",
    Kind.PATH: r"(?:learning |career |lern)?(?:path|pathway|pfad)s?|track|learning plan|curriculum"
    r"|speciali[sz]ation|program(?:me)?|educational occupational program|bootcamp|lehrplan"
    r"|professional certificate|certification",
    Kind.BOOK: r"(?:e-?|text|audio|lehr|fach|hör)?(?:book|buch)s?|monograph|epub",
    Kind.MANUAL: r"manuals?|documentation|docs|(?:user |reference |admin )?guide|handbook|handbuch"
    r"|anleitung|leitfaden|reference|api ?reference|runbook|standard operating procedure|sop",
    Kind.SESSION: r"(?:live |education |course )?(?:sessions?|events?|instance)|workshops?"
    r"|webinars?|seminare?s?|conference|veranstaltung|meetup|termin|classroom",
    Kind.DISCUSSION: r"discussions?|discussion ?forum ?posting|forum(?: post| thread)?|threads?"
    r"|q ?& ?a|qa ?page|question|conversation|diskussion",
    Kind.COURSE: r"(?:online |video |short |e-?)?courses?|(?:e-?)?learning|training(?: course)?"
    r"|class|lessons?|modules?|moocs?|scorm(?: package)?|kurse?|lehrgang|schulung|lektion|modul"
    r"|lernmodul|online-?kurs|full course|unit of study|tutorial series",
    Kind.ARTICLE: r"articles?|(?:tech|news|scholarly|journal) ?article|blog ?post(?:ing)?s?|blog"
    r"|posts?|tutorials?|how ?-?to|news|web ?page|page|wiki(?: page)?|narrative text|artikel"
    r"|beitrag|knowledge article|faq(?: page)?",
    Kind.DOCUMENT: r"documents?|digital ?document|(?:text ?)?digital ?document|reports?|pdf|docx?"
    r"|slides?|slide ?deck|presentations?|presentation ?digital ?document|pptx?|spreadsheets?"
    r"|xlsx?|white ?paper|worksheets?|handouts?|dokumente?|präsentation|bericht|files?|text",
}
_PATTERNS = {kind: re.compile(words, re.IGNORECASE) for kind, words in _WORDS.items()}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PREFIX = re.compile(r"^(?:https?://(?:\w+\.)*(?:schema\.org|purl\.org/dc/dcmitype)/|\w+:)")


def kind(text: str) -> Kind | None:
    """The kind that `text` as a whole names, or its last word: a training video is a video."""
    bare = _PREFIX.sub("", text.strip())
    forms = (bare, " ".join(_CAMEL.sub(" ", bare).replace("_", " ").split()))
    return _fitting(forms) or _fitting((forms[-1].rpartition(" ")[2],))


def _fitting(forms: tuple[str, ...]) -> Kind | None:
    fitting = (k for k, words in _PATTERNS.items() if any(map(words.fullmatch, forms)))
    return next(fitting, None)
