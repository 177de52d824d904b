"""A product record as a payload. Codes stay as they are: what they mean is the reader's affair."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from catalogue.model import Payload
from connectors.formats.onix.tags import each, markup, text, texts

_AUTHORS = re.compile("A|B01$|B09$")  # list 17: who wrote it, or edited it, or a series of them
_WITHDRAWN = frozenset({"01", "05", "11", "12", "15", "17"})  # list 64: cancelled, recalled, …
_UNAVAILABLE = frozenset({"46", "49"})  # list 65: withdrawn from sale, recalled
DELETED, TESTS = "05", frozenset({"88", "89"})  # list 1


def payload(product: Any, language: str) -> Payload:
    """`language` is what the message says of all its texts."""
    detail = next(each(product, "DescriptiveDetail"), product)  # 2.1 has no such blocks
    publishing = next(each(product, "PublishingDetail"), product)
    supplies = [*each(product, "ProductSupply", "SupplyDetail"), *each(product, "SupplyDetail")]
    said = {
        "isbn": _isbn(product),
        "form": text(detail, "ProductForm"),
        "title": _title(detail),
        "authors": _authors(detail),
        "language": _language(detail) or language,
        "extents": [
            [text(e, "ExtentType"), text(e, "ExtentValue"), text(e, "ExtentUnit")]
            for e in each(detail, "Extent")
        ],
        "subjects": list(_subjects(detail)),
        "audiences": list(_audiences(detail)),
        "licence": _licence(detail),
        "texts": list(_texts(product)),
        "cover": _cover(product),
        "contents": list(_contents(product)),
        "publisher": _publisher(publishing),
        "published": _published(publishing),
        "pages": list(_pages(product, publishing)),
        "prices": _unique(price for supply in supplies for price in _prices(supply)),
    }
    return {
        "reference": text(product, "RecordReference"),
        **{name: value for name, value in said.items() if value},
    }


def withdrawn(product: Any) -> bool:
    """Whether the record says that the product is no more: deleted, cancelled, recalled."""
    publishing = next(each(product, "PublishingDetail"), product)
    supplies = [*each(product, "ProductSupply", "SupplyDetail"), *each(product, "SupplyDetail")]
    states = {text(supply, "ProductAvailability") for supply in supplies}
    return (
        text(product, "NotificationType") == DELETED
        or text(publishing, "PublishingStatus") in _WITHDRAWN
        or bool(states and states <= _UNAVAILABLE)
    )


def _isbn(product: Any) -> str:
    """ISBN-13 by preference (list 5: 15, then the EAN 03, then ISBN-10)."""
    known = {
        text(one, "ProductIDType"): text(one, "IDValue")
        for one in each(product, "ProductIdentifier")
    }
    return known.get("15") or known.get("03") or known.get("02") or ""


def _title(detail: Any) -> str:
    """The distinctive title (list 15: 01) of the product itself (list 149: 01), else the first."""
    titles = [*each(detail, "TitleDetail"), *each(detail, "Title")]
    titles.sort(key=lambda one: text(one, "TitleType") != "01")
    for title in titles:
        elements = [*each(title, "TitleElement"), title]
        elements.sort(key=lambda one: text(one, "TitleElementLevel") not in ("", "01"))
        found = next(filter(None, map(_worded, elements)), "")
        if found:
            return found
    return ""


def _worded(title: Any) -> str:
    parts = (text(title, "TitlePrefix"), text(title, "TitleWithoutPrefix"))
    words = text(title, "TitleText") or " ".join(filter(None, parts))
    subtitle = text(title, "Subtitle")
    return f"{words}: {subtitle}" if words and subtitle else words


def _authors(detail: Any) -> list[str]:
    people = [c for c in each(detail, "Contributor") if _AUTHORS.match(text(c, "ContributorRole"))]
    people.sort(key=lambda one: (text(one, "SequenceNumber") or "999").zfill(3))
    return [name for name in map(_name, people) if name]


def _name(person: Any) -> str:
    parts = (text(person, "NamesBeforeKey"), text(person, "KeyNames"))
    inverted = text(person, "PersonNameInverted").partition(",")
    return (
        text(person, "PersonName")
        or " ".join(filter(None, parts))
        or " ".join((inverted[2] + " " + inverted[0]).split())
        or text(person, "CorporateName")
    )


def _language(detail: Any) -> str:
    """The language of the text (list 22: 01)."""
    said = each(detail, "Language")
    return next((text(o, "LanguageCode") for o in said if text(o, "LanguageRole") == "01"), "")


def _subjects(detail: Any) -> Iterator[list[str]]:
    """Scheme (list 27), code and words."""
    if main := text(detail, "BASICMainSubject"):
        yield ["10", main, ""]
    for one in each(detail, "Subject"):
        scheme = text(one, "SubjectSchemeIdentifier")
        yield [scheme, text(one, "SubjectCode"), text(one, "SubjectHeadingText")]


def _audiences(detail: Any) -> Iterator[list[str]]:
    """Code (list 28) and words."""
    for code in texts(detail, "AudienceCode"):
        yield [code, ""]
    for one in each(detail, "Audience"):
        if text(one, "AudienceCodeType") == "01":
            yield [text(one, "AudienceCodeValue"), ""]
    for words in texts(detail, "AudienceDescription"):
        yield ["", words]


def _licence(detail: Any) -> str:
    link = text(detail, "EpubLicense", "EpubLicenseExpression", "EpubLicenseExpressionLink")
    return link or text(detail, "EpubLicense", "EpubLicenseName")


def _texts(product: Any) -> Iterator[list[str]]:
    """Type (list 153) and markup."""
    for one in each(product, "CollateralDetail", "TextContent"):
        for words in each(one, "Text"):
            yield [text(one, "TextType"), markup(words)]
    for one in each(product, "OtherText"):
        for words in each(one, "Text"):
            yield [f"2.1:{text(one, 'TextTypeCode')}", markup(words)]


def _cover(product: Any) -> str:
    """The front cover (list 158: 01)."""
    for one in each(product, "CollateralDetail", "SupportingResource"):
        if text(one, "ResourceContentType") == "01":
            link = text(one, "ResourceVersion", "ResourceLink")
            if link:
                return link
    media = each(product, "MediaFile")
    return next(
        (text(o, "MediaFileLink") for o in media if text(o, "MediaFileTypeCode") == "04"), ""
    )


def _contents(product: Any) -> Iterator[list[str]]:
    """Chapters: title, first page, and what is said of them."""
    for item in each(product, "ContentDetail", "ContentItem"):
        said = "\n".join(markup(t) for t in each(item, "TextContent", "Text"))
        yield [_title(item), text(item, "TextItem", "PageRun", "FirstPageNumber"), said]


def _publisher(publishing: Any) -> str:
    named = each(publishing, "Publisher")
    main = [o for o in named if text(o, "PublishingRole") in ("", "01")]
    return next((text(o, "PublisherName") for o in main), "") or text(
        publishing, "Imprint", "ImprintName"
    )


def _published(publishing: Any) -> str:
    """The day of publication (list 163: 01)."""
    dates = each(publishing, "PublishingDate")
    found = next((text(o, "Date") for o in dates if text(o, "PublishingDateRole") == "01"), "")
    return found or text(publishing, "PublicationDate")


def _pages(product: Any, publishing: Any) -> Iterator[list[str]]:
    """Role (list 73) and address of the pages about the product."""
    places = [*each(publishing, "Publisher", "Website"), *each(product, "ProductWebsite")]
    for one in [*places, *each(product, "ProductSupply", "SupplyDetail", "Supplier", "Website")]:
        yield [text(one, "WebsiteRole"), text(one, "WebsiteLink")]


def _prices(supply: Any) -> Iterator[list[str]]:
    if text(supply, "UnpricedItemType") == "01":  # list 57: free of charge
        yield ["0", ""]
    for price in each(supply, "Price"):
        if text(price, "UnpricedItemType") == "01":
            yield ["0", ""]
        elif amount := text(price, "PriceAmount"):
            yield [amount, text(price, "CurrencyCode")]


def _unique(prices: Iterable[list[str]]) -> list[list[str]]:
    """Suppliers repeat a price for each country: 46 times in the record of an example."""
    return [list(price) for price in dict.fromkeys(map(tuple, prices))]
