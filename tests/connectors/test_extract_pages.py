"""Pages as code: AsciiDoc, reStructuredText, and what stands above their text."""

import pytest

from catalogue.errors import BadItem
from connectors.extract.document import Document
from connectors.extract.formats import read
from connectors.extract.frontmatter import front_matter, withheld

RST = b"""
==========
My *Guide*
==========

:Author: Jane Doe
:Date: 2026-01-02
:lang: de

Intro with :ref:`the label <x>` and :py:func:`~os.path.join`.

Section one
-----------

Para *emph* ``code``.

- item a
- item b

.. note:: Careful with
   ropes.

.. versionadded:: 3.2
   The new thing.

.. toctree::
   :maxdepth: 2

   unseen

.. code-block:: python
   :linenos:

   x = 1

.. include:: /etc/passwd

.. raw:: html

   <b>unseen</b>

Sub
~~~

Last words.
"""

ADOC = b"""= Knots *guide*
Jane Doe <jane@example.org>; John Roe <john@example.org>
:lang: en
:product: Ropeworks
:description: All of it

Welcome to {product}. See <<tie,how to tie>> and https://site.example[the site].

== Tying `bends`
NOTE: Be *careful*.

* one
** two
. three

[source,python]
----
# no heading
----

|===
|a |b
|===

////
unseen
////
// unseen
include::unseen.adoc[]

[#own]
=== Deep one
Text_with_underscores and _emphasis_.
"""


def told(document: Document) -> list[tuple[str, str, str]]:
    return [(str(p.locator or ""), p.heading, p.text) for p in document.parts]


def test_restructured_text_by_eye() -> None:
    guide = read("guide.rst", RST)
    assert (guide.title, guide.language, guide.authors) == ("My Guide", "de", ("Jane Doe",))
    assert guide.updated is not None
    assert guide.updated.isoformat() == "2026-01-02T00:00:00+00:00"
    one = (
        "Para emph code.\n\nitem a\nitem b\n\nCareful with\nropes.\n\n3.2\nThe new thing.\n\nx = 1"
    )
    assert told(guide) == [
        ("anchor my-guide", "My Guide", "Intro with the label and os.path.join."),
        ("anchor section-one", "Section one", one),
        ("anchor sub", "Sub", "Last words."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        ".. include:: /etc/passwd\n",
        ".. literalinclude:: /etc/passwd\n",
        ".. csv-table::\n   :file: /etc/passwd\n",
        ".. csv-table::\n   :url: file:///etc/passwd\n",
        ".. raw:: html\n   :file: /etc/passwd\n",
        ".. figure:: /etc/passwd\n",
    ],
)
def test_restructured_text_reads_no_other_file(text: str) -> None:
    assert "root:" not in str(told(read("page.rst", f"Title\n=====\n\nwords\n\n{text}".encode())))


def test_asciidoc_by_eye() -> None:
    guide = read("guide.adoc", ADOC)
    assert (guide.title, guide.language, guide.summary) == ("Knots guide", "en", "All of it")
    assert guide.authors == ("Jane Doe", "John Roe")
    bends = "NOTE: Be careful.\n\none\ntwo\nthree\n\n# no heading\n\na b"
    assert told(guide) == [
        ("", "", "Welcome to Ropeworks. See how to tie and the site."),
        ("anchor _tying_bends", "Tying bends", bends),
        ("anchor own", "Deep one", "Text_with_underscores and emphasis."),
    ]


def test_toml_front_matter() -> None:
    page = b'+++\ntitle = "Bends"\ntags = ["rope"]\ndate = 2026-01-01\n+++\nWords.'
    read_page = read("bends.md", page)
    assert (read_page.title, read_page.subjects) == ("Bends", ("rope",))
    assert read_page.published is not None


@pytest.mark.parametrize("text", ["---\n[\n---\nx", "+++\na = \n+++\nx", "---\n- a\n---\nx"])
def test_what_is_no_front_matter_is_text(text: str) -> None:
    assert front_matter(text) == ({}, text)


def test_withheld_pages() -> None:
    assert withheld({"draft": True})
    assert withheld({"published": False})
    assert not withheld({"draft": False, "published": "2026-01-01"})


@pytest.mark.parametrize("name", ["page.rst", "page.adoc"])
def test_a_page_without_words_is_refused(name: str) -> None:
    with pytest.raises(BadItem, match="no text"):
        read(name, b"\n\n")
