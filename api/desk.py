"""What the API and the pages both do for a caller, whatever form the answer takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from api.callers import Caller
from api.models import NewReview
from api.named_skills import NamedSkills
from api.parameters import SearchParameters, wanted
from api.problems import bad_value
from api.services import Services
from catalogue.decide import shown, visible
from catalogue.errors import NotFound
from catalogue.model import Item, Passage, Review, Run
from catalogue.records import Source
from config.nearest import nearest
from index.search import SearchResult


@dataclass(frozen=True, slots=True)
class Desk:
    services: Services
    skills: NamedSkills

    def label(self, skill: str) -> str:
        known = self.services.taxonomy.get(skill)
        return known.label if known else skill

    def search(self, parameters: SearchParameters, caller: Caller) -> SearchResult:
        if parameters.source:
            self._check_sources(parameters.source, caller)
        return self.services.searcher.search(wanted(parameters, caller, self.skills.resolve))

    def item(self, number: int, caller: Caller) -> Item:
        """Raises NotFound, with the same words for what is absent and what is not to be seen."""
        item = self.services.catalogue.items.find(number)
        source = self.services.catalogue.sources.get(item.key.source)
        groups = visible(item.draft.visibility, source.visibility)
        if caller.is_operator or (shown(item) and caller.sees(groups)):
            return item
        raise NotFound(f"there is no item {number}")

    def same_work(self, item: Item, caller: Caller) -> list[Item]:
        """Other items that are the same work, of those the caller may see."""
        work = self.services.catalogue.works.of(item.key)
        return self._seen([one for one in work.items if one.id != item.id], caller)

    def translations(self, item: Item, caller: Caller) -> list[Item]:
        """Items that are the same work in another language, of those the caller may see."""
        return self._seen(self.services.catalogue.works.translations(item.key), caller)

    def _seen(self, items: Iterable[Item], caller: Caller) -> list[Item]:
        """Operators see all; what search does not show is no other format to offer, either."""
        sources = {one.name: one.visibility for one in self.services.catalogue.sources.all()}
        return [
            item
            for item in items
            if shown(item) and caller.sees(visible(item.draft.visibility, sources[item.key.source]))
        ]

    def passages(self, item: Item) -> tuple[Passage, ...]:
        return self.services.catalogue.items.passages(item.key)

    def review(self, item: Item, said: NewReview, caller: Caller) -> tuple[Item, Review]:
        who = caller.name or said.who
        if not who:
            raise bad_value("who", "say whose word it is; only an API key speaks for its holder")
        skill = self.skills.resolve(said.skill)
        now = datetime.now(UTC)
        review = Review(item.key, skill.id, said.verdict, who, said.why, now)
        return self.services.catalogue.reviews.add(review), review

    def reviews(self, item: Item) -> list[Review]:
        return self.services.catalogue.reviews.of(item.key)

    def sources(self, caller: Caller) -> list[Source]:
        every = self.services.catalogue.sources.all()
        return [source for source in every if caller.sees(source.visibility)]

    def runs(self, source: str | None, limit: int, caller: Caller) -> list[Run]:
        """Latest first, of sources the caller may see."""
        runs = self.services.catalogue.runs
        if source is None and caller.is_operator:
            return runs.list(None, limit)
        if source is not None:
            self._check_sources([source], caller)
        names = [source] if source else [one.name for one in self.sources(caller)]
        found = [run for name in names for run in runs.list(name, limit)]
        return sorted(found, key=lambda run: -run.id)[:limit]

    def run(self, number: int, caller: Caller) -> Run:
        run = self.services.catalogue.runs.get(number)
        if caller.is_operator or run.source in {one.name for one in self.sources(caller)}:
            return run
        raise NotFound(f"there is no run {number}")

    def _check_sources(self, names: Iterable[str], caller: Caller) -> None:
        known = [source.name for source in self.sources(caller)]
        for name in names:
            if name not in known:
                raise bad_value("source", f'no source "{name[:80]}"; {nearest(name, known)}')


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]
