"""schema.org in Microdata: the property algorithm of the HTML standard, 5.2.

https://html.spec.whatwg.org/multipage/microdata.html#associating-names-with-items
"""

from collections.abc import Iterator
from typing import Any

from connectors.formats.links import joined
from connectors.formats.schemaorg.markup import text_of
from connectors.formats.schemaorg.things import Thing, local

_URL_IN = {
    **dict.fromkeys(("audio", "embed", "iframe", "img", "source", "track", "video"), "src"),
    **dict.fromkeys(("a", "area", "link"), "href"),
    "object": "data",
}
_VALUE_IN = {"data": "value", "meter": "value", "time": "datetime", "meta": "content"}
_DEEPEST = 12  # items in items
_MOST = 200_000  # elements looked at; itemref lets a small page ask for very many


def read(root: Any, base: str) -> list[Thing]:
    """The items of a page that are no property of another. `base` is the page's address."""
    page = _Page(root, base)
    return [page.item(e, ()) for e in root.xpath("//*[@itemscope][not(@itemprop)]")]


class _Page:
    def __init__(self, root: Any, base: str) -> None:
        self._base, self._left = base, _MOST
        self._by_id: dict[str, Any] = {}
        for element in root.xpath("//*[@id]"):
            self._by_id.setdefault(element.get("id"), element)

    def item(self, element: Any, above: tuple[Any, ...]) -> Thing:
        thing: Thing = {"@type": [local(name) for name in element.get("itemtype", "").split()]}
        if name := element.get("itemid", "").strip():
            thing["@id"] = joined(self._base, name)
        path = (*above, element)
        for found in self._properties(element) if len(path) <= _DEEPEST else ():
            if found in path:  # an item that contains itself, by itemref
                continue
            value = self.item(found, path) if _is_item(found) else self._value(found)
            for prop in found.get("itemprop").split() if value not in ("", None) else ():
                thing.setdefault(local(prop), []).append(value)
        if len(thing) == 1 + ("@id" in thing) and (text := text_of(element)):
            thing["name"] = [text]  # a type on a plain text is meant as its name
        return thing

    def _properties(self, item: Any) -> Iterator[Any]:
        """The elements that give the item its properties, in the page's order within each root."""
        referred = [self._by_id.get(name) for name in item.get("itemref", "").split()]
        waiting = [*item, *(e for e in referred if e is not None)][::-1]
        while waiting and self._left:
            element = waiting.pop()
            self._left -= 1
            if not isinstance(element.tag, str):
                continue
            if (element.get("itemprop") or "").strip():
                yield element
            if not _is_item(element):
                waiting.extend(reversed(element))

    def _value(self, element: Any) -> str:
        """`content` counts on any element, against the standard: pages and crawlers do so."""
        held = element.get("content", element.get(_VALUE_IN.get(element.tag, "content")))
        if held is not None:
            return str(held).strip()
        place = element.get(_URL_IN.get(element.tag, "itemurl"))
        return joined(self._base, place) if place is not None else text_of(element)


def _is_item(element: Any) -> bool:
    return element.get("itemscope") is not None
