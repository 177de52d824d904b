"""Elements of an ONIX message by their long names, whichever names it is written in.

Short tags are those of EDItEUR's ONIX 3.0 specification; 2.1 shares most of them.
"""

from collections.abc import Iterator
from html import unescape
from typing import Any

_PAIRS = (
    "RecordReference a001|NotificationType a002|ProductIDType b221|IDValue b244"
    "|ProductForm b012|TitleType b202|TitleElementLevel x409|TitleText b203|TitlePrefix b030"
    "|TitleWithoutPrefix b031|Subtitle b029|SequenceNumber b034|ContributorRole b035"
    "|PersonName b036|PersonNameInverted b037|NamesBeforeKey b039|KeyNames b040"
    "|CorporateName b047|LanguageRole b253|LanguageCode b252|ExtentType b218|ExtentValue b219"
    "|ExtentUnit b220|SubjectSchemeIdentifier b067|SubjectCode b069|SubjectHeadingText b070"
    "|AudienceCodeType b204|AudienceCodeValue b206|AudienceDescription b207|AudienceCode b073"
    "|EpubLicenseName x511|EpubLicenseExpressionLink x510|TextType x426|TextTypeCode d102"
    "|Text d104|ResourceContentType x436|ResourceLink x435|MediaFileTypeCode f114"
    "|MediaFileLink f117|ImprintName b079|PublishingRole b291|PublisherName b081"
    "|PublishingStatus b394|PublishingDateRole x448|Date b306|PublicationDate b003"
    "|WebsiteRole b367|WebsiteLink b295|ProductAvailability j396|UnpricedItemType j192"
    "|PriceAmount j151|CurrencyCode j152|BASICMainSubject b064|FirstPageNumber b286"
    "|SentDateTime x307|SentDate m182|DefaultLanguageOfText m184"
)
_SHORT = dict(pair.split(" ") for pair in _PAIRS.split("|"))


def local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def each(element: Any, *path: str) -> Iterator[Any]:
    """The elements at the path below `element`, in their order. A composite's short tag is its
    name in lower case.
    """
    names = {path[0], path[0].lower(), _SHORT.get(path[0], path[0])}
    for child in element:
        if local(child) in names:
            yield from each(child, *path[1:]) if path[1:] else iter((child,))


def text(element: Any, *path: str) -> str:
    """The text of the first element at the path, on one line."""
    return next(texts(element, *path), "")


def texts(element: Any, *path: str) -> Iterator[str]:
    for found in each(element, *path):
        words = " ".join(unescape("".join(found.itertext())).split())
        if words:
            yield words


def markup(element: Any) -> str:
    """An element's content with its markup, be it escaped, in CDATA, or as elements (XHTML)."""
    from lxml import etree

    inner = "".join(etree.tostring(child, encoding="unicode") for child in element)
    return f"{element.text or ''}{inner}".strip()
