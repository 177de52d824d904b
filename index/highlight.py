"""Where the words asked for stand in a text. Ranges only; a page makes its own markup of them."""

from collections.abc import Collection

from index.words import Word, shared_start, stemmer, terms, words_starting

Span = tuple[int, int]


def highlights(
    text: str, asked: Collection[str], term_numbers: Collection[int], language: str | None
) -> tuple[Span, ...]:
    """Character ranges of `text` whose words have a stem asked for, in order.

    `asked` are the query's normalised words: a text's word that starts like none of them need not
    be stemmed, which is most of them. Adjoining and overlapping ranges become one.
    """
    starts = {shared_start(word) for word in asked}
    if not starts:
        return ()
    wanted = frozenset(term_numbers)
    stemmed_as = stemmer(language)

    def meant(word: Word) -> bool:
        return not wanted.isdisjoint(terms(word.text, stemmed_as))

    return _joined([(word.start, word.end) for word in words_starting(text, starts) if meant(word)])


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
