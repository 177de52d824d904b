"""Which language an item is in."""

import re
from functools import cache
from typing import Any

_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?(?:-[a-z0-9]{4,8})*", re.I)
_NO_LANGUAGE = {"und", "mul", "zxx", "mis", "xx"}
_THREE = {
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it",
    "por": "pt", "nld": "nl", "dut": "nl", "pol": "pl", "swe": "sv", "dan": "da", "nor": "no",
    "fin": "fi", "ces": "cs", "cze": "cs", "rus": "ru", "ukr": "uk", "zho": "zh", "chi": "zh",
    "jpn": "ja", "kor": "ko", "ara": "ar", "tur": "tr", "ell": "el", "gre": "el",
}  # fmt: skip
_ALIKE = {"nb": "no", "nn": "no", "da": "no"}  # written so alike that a claim settles it

ENOUGH_TO_TELL = 20  # letters; below, "Python" is Welsh to the detector
ENOUGH_TO_DOUBT = 300  # letters; a claim is doubted only on so much text
SURE = 0.8
SURE_TO_DOUBT = 0.99
READ = 1500  # characters; more never changed the answer on real items


def language(claim: str | None, text: str) -> str | None:
    """A BCP 47 tag: the source's claim, else what `text` shows. None where neither says.

    A claim yields only to much text that is surely in another language: feeds that say "en" by
    default and write in another tongue are common, regional variants no detector can tell are too.
    """
    claimed = tag(claim)
    letters = sum(map(str.isalpha, text[:READ]))
    if letters < (ENOUGH_TO_DOUBT if claimed else ENOUGH_TO_TELL):
        return claimed
    found, confidence = detected(text[:READ])
    if claimed is None:
        return found if confidence >= SURE else None
    doubted = found and confidence >= SURE_TO_DOUBT and not _same(claimed, found)
    return found if doubted else claimed


def tag(claim: str | None) -> str | None:
    """`claim` as a well-formed BCP 47 tag ("en_us" is "en-US"), or None if it names no language."""
    match = _TAG.fullmatch((claim or "").strip().replace("_", "-"))
    if match is None or match[1].lower() in _NO_LANGUAGE:
        return None
    primary = match[1].lower()
    parts = [_THREE.get(primary, primary)]
    if match[2]:
        parts.append(match[2].title())
    if match[3]:
        parts.append(match[3].upper())
    return "-".join(parts)


def detected(text: str) -> tuple[str | None, float]:
    """The likeliest language of `text` and how likely it is, in [0, 1]."""
    found = _detector().compute_language_confidence_values(text)
    if not found or not found[0].value:
        return None, 0.0
    return found[0].language.iso_code_639_1.name.lower(), float(found[0].value)


def _same(one: str, other: str) -> bool:
    one, other = one.split("-")[0], other.split("-")[0]
    return _ALIKE.get(one, one) == _ALIKE.get(other, other)


@cache
def _detector() -> Any:
    """Trigrams only: 57 MB and 0.3 s for 75 languages; all n-grams take 875 MB and 7.6 s."""
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()
