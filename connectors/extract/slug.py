"""Anchors for headings that name none themselves."""

import re
from collections import Counter


class Slugs:
    """One document's anchors, made as GitHub makes them: a repeated one gets a number."""

    def __init__(self) -> None:
        self.current = ""
        self._times: Counter[str] = Counter()

    def next(self, heading: str) -> str:
        slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        times = self._times[slug]
        self._times[slug] += 1
        self.current = f"{slug}-{times}" if times else slug
        return self.current
