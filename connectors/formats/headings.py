"""Codes of subject schemes into words: by a table that a person provides, else the broadest word.

BISAC's and Thema's full lists are not ours to hand on; what their first letters stand for is here.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from catalogue.errors import NeedsPerson

LARGEST = 16 * 2**20  # bytes; BISAC's whole list has 0.3 million
_BISAC = re.compile(r"([A-Z]{3})\d{6}")
_FIRST_OF_BISAC = (
    "ANT Antiques & Collectibles|ARC Architecture|ART Art|BIB Bibles"
    "|BIO Biography & Autobiography|BUS Business & Economics|CGN Comics & Graphic Novels"
    "|CKB Cooking|COM Computers|CRA Crafts & Hobbies|DES Design|DRA Drama|EDU Education"
    "|FAM Family & Relationships|FIC Fiction|FOR Foreign Language Study"
    "|GAM Games & Activities|GAR Gardening|HEA Health & Fitness|HIS History"
    "|HOM House & Home|HUM Humor|JNF Juvenile Nonfiction|JUV Juvenile Fiction"
    "|LAN Language Arts & Disciplines|LAW Law|LCO Literary Collections"
    "|LIT Literary Criticism|MAT Mathematics|MED Medical|MUS Music|NAT Nature"
    "|OCC Body, Mind & Spirit|PER Performing Arts|PET Pets|PHI Philosophy|PHO Photography"
    "|POE Poetry|POL Political Science|PSY Psychology|REF Reference|REL Religion"
    "|SCI Science|SEL Self-Help|SOC Social Science|SPO Sports & Recreation|STU Study Aids"
    "|TEC Technology & Engineering|TRA Transportation|TRU True Crime|TRV Travel"
    "|YAF Young Adult Fiction|YAN Young Adult Nonfiction"
)
_BISAC_FIRST = dict(pair.split(" ", 1) for pair in _FIRST_OF_BISAC.split("|"))
_THEMA_FIRST = {
    "A": "The Arts",
    "C": "Language & Linguistics",
    "D": "Biography, Literature & Literary studies",
    "F": "Fiction",
    "G": "Reference, Information & Interdisciplinary subjects",
    "J": "Society & Social Sciences",
    "K": "Economics, Finance, Business & Management",
    "L": "Law",
    "M": "Medicine & Nursing",
    "N": "History & Archaeology",
    "P": "Mathematics & Science",
    "Q": "Philosophy & Religion",
    "R": "Earth Sciences, Geography, Environment, Planning",
    "S": "Sports & Active outdoor recreation",
    "T": "Technology, Engineering, Agriculture, Industrial processes",
    "U": "Computing & Information Technology",
    "V": "Health, Relationships & Personal development",
    "W": "Lifestyle, Hobbies & Leisure",
    "X": "Graphic novels, Comic books, Cartoons",
    "Y": "Children's, Teenage & Educational",
}


def read_headings(path: Path | None) -> Mapping[str, str]:
    """Words by code, from a CSV file of these two columns. Raises NeedsPerson."""
    if path is None:
        return {}
    try:
        if path.stat().st_size > LARGEST:
            raise NeedsPerson(f"{path} is larger than {LARGEST:,} bytes; correct `headings`")
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if len(row) >= 2]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NeedsPerson(f"{path} is no CSV file of codes and words: {error}") from None
    return {row[0].strip(): " ".join(row[1].split()) for row in rows}


def bisac(code: str) -> str:
    """What a BISAC code's letters stand for; nothing for any other code."""
    match = _BISAC.fullmatch(code)
    return _BISAC_FIRST.get(match[1], "") if match else ""


def thema(code: str) -> str:
    """What a Thema code's first letter stands for; nothing for its qualifiers, which are digits."""
    return _THEMA_FIRST.get(code[:1], "")
