"""Places that tags point at, good ones and bad ones."""

from collections.abc import Sequence

import numpy as np
import pytest

from bench.evidence import Grounds, grounds, says
from catalogue.model import Enrichment, Evidence, Method, Passage, Tag
from config.taxonomy import Skill, Taxonomy
from enrichment.encoder import Vectors

TURNING = Skill("x:1", "turning (metal)", ("operate a lathe",))
TEXT = "Here lathes are operated. We turn it. Coffee is free."
FIRST, SECOND, LAST = (0, 25), (26, 37), (38, 53)


class Letters:
    """Near are texts that share letters."""

    id = "letters"
    dimensions = 26

    def encode(self, texts: Sequence[str]) -> Vectors:
        counts = [[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts]
        found = np.array(counts, dtype=np.float32)
        scaled: Vectors = found / np.linalg.norm(found, axis=1, keepdims=True)
        return scaled


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Turned parts", True),
        ("She operates a lathe.", True),
        ("A lathe to operate", False),
        ("return", False),
        ("", False),
    ],
)
def test_a_name_is_said_in_whatever_inflection(text: str, said: bool) -> None:
    assert says(text, TURNING) is said


@pytest.mark.parametrize(
    ("method", "spans", "kind", "wanted"),
    [
        (Method.LABEL, [SECOND], "label", Grounds(1, 1, 1, 1)),
        (Method.BOTH, [LAST, SECOND], "label", Grounds(1, 1, 1, 1)),
        (Method.LABEL, [LAST], "label", Grounds(1, 1, 1, 0)),
        (Method.LABEL, [], "label", Grounds(1, 0, 0, 0)),
        (Method.MEANING, [SECOND], "meaning", Grounds(1, 1, 1, 1)),
        (Method.MEANING, [LAST], "meaning", Grounds(1, 1, 1, 0)),
        (Method.MEANING, [FIRST, SECOND, LAST], "meaning", Grounds(1, 1, 0, 0)),
    ],
)
def test_a_tag_holds_by_what_it_was_given_for(
    method: Method, spans: list[tuple[int, int]], kind: str, wanted: Grounds
) -> None:
    tag = Tag("x:1", 0.9, method, tuple(Evidence(0, *span) for span in spans))
    enrichment = Enrichment("1", "en", None, None, (Passage(0, TEXT, TEXT, "h"),), (tag,))
    found = grounds([(enrichment, [tag])], Taxonomy("t", "1", [TURNING]), Letters())
    assert found[kind] == wanted
    assert sum(one.tags for one in found.values()) == 1
