"""From the index's and the catalogue's values to what the API answers, as plain JSON.

Shapes are those of `models`; a test holds them to it. They are built by hand because a search's
answer would take longer to validate than to find.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.parameters import NAMED, LinkState
from api.places import followable, iso_duration, spoken_place
from catalogue.model import EffectiveTag, Evidence, Item, Locator, Passage, Review, Run
from catalogue.works import file_format
from config.taxonomy import Skill, Taxonomy
from enrichment.proficiency import level_of
from enrichment.quality import Quality, quality
from index.search import Facet, FoundItem, FoundSkill, Hit, SearchResult
from index.values import AlsoAs

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Related:
    """Items that are the same work as one, and its translations."""

    also: Sequence[Item] = ()
    translations: Sequence[Item] = ()


ALONE = Related()


def search_answer(result: SearchResult, links: Mapping[str, str | None], *, explain: bool) -> Json:
    """`links` has the addresses `next` and `previous`."""
    return {
        "count": result.total,
        "count_is_exact": result.total_is_exact,
        "next": links["next"],
        "previous": links["previous"],
        "cursor": result.next_cursor,
        "results": [_result(hit, explain=explain) for hit in result.hits],
        "metadata": {
            "aggregations": {NAMED[f.name].value: _buckets(f) for f in result.facets},
            "did_you_mean": result.corrected,
            "fits": result.fits,
            "skills": _named(result.skills),
        },
    }


def _buckets(facet: Facet) -> list[Json]:
    return [{"key": v.value, "label": v.label, "doc_count": v.count} for v in facet.values]


def _result(hit: Hit, *, explain: bool) -> Json:
    item, passage = hit.item, hit.passage
    return {
        **_facts(item),
        "open_url": followable(hit.open_url),
        "skills": _named(item.skills),
        "passage": {
            "text": passage.text,
            "highlights": passage.highlights,
            "heading": passage.heading,
            "locator": _location(passage.locator, passage.heading),
        },
        "also": [_also(one) for one in hit.also],
        "score": round(hit.score, 6),
        "explain": list(hit.explanation) if explain else None,
    }


def _also(one: AlsoAs) -> Json:
    return {
        "id": one.id,
        "source": one.source,
        "title": one.title,
        "url": followable(one.url),
        "format": one.format,
        "language": one.language,
        "provider": one.provider,
    }


def _named(skills: Sequence[FoundSkill]) -> list[Json]:
    return [{"id": s.id, "name": s.label, "confidence": round(s.probability, 4)} for s in skills]


def _facts(item: FoundItem) -> Json:
    return {
        "id": item.id,
        "source": item.source,
        "key": item.key,
        "title": item.title,
        "url": followable(item.url),
        "resource_type": item.kind.value,
        "summary": item.summary,
        "level": item.level,
        "language": item.language,
        "provider": item.provider,
        "delivery": item.delivery,
        "duration": iso_duration(item.duration),
        "duration_seconds": item.duration,
        "free": item.free,
        "published": _moment(item.published),
        "updated": _moment(item.updated),
        "link_status": LinkState.DEAD if item.dead else LinkState.ALIVE,
    }


def item_answer(
    item: Item, passages: Sequence[Passage], taxonomy: Taxonomy, related: Related = ALONE
) -> Json:
    draft = item.draft
    return {
        "id": item.id,
        "source": item.key.source,
        "key": item.key.key,
        "title": draft.title,
        "url": followable(draft.url),
        "resource_type": draft.kind.value,
        "summary": draft.summary,
        "level": item.level,
        "language": item.language,
        "provider": draft.provider,
        "delivery": draft.delivery,
        "duration": iso_duration(item.duration),
        "duration_seconds": item.duration,
        "free": None if draft.cost is None else draft.cost == 0,
        "published": _moment(draft.published),
        "updated": _moment(draft.updated),
        "link_status": LinkState.DEAD if item.dead_since else LinkState.ALIVE,
        "state": item.state,
        "authors": list(draft.authors),
        "subjects": list(draft.subjects),
        "licence": draft.licence,
        "cost": draft.cost,
        "currency": draft.currency,
        "image": followable(draft.image),
        "first_seen": _moment(item.first_seen),
        "last_changed": _moment(item.last_changed),
        "sequence": item.sequence,
        "also": [_other(one) for one in related.also],
        "translations": [_other(one) for one in related.translations],
        "quality": _quality(quality(item, passages, datetime.now(UTC))),
        "tags": _tags(item, {passage.number: passage for passage in passages}, taxonomy),
    }


def _other(item: Item) -> Json:
    return {
        "id": item.id,
        "source": item.key.source,
        "title": item.draft.title,
        "url": followable(item.draft.url),
        "format": file_format(item.draft.url),
        "language": item.language,
        "provider": item.draft.provider,
    }


def _quality(found: Quality) -> Json:
    aspects = [{"name": a.name, "value": a.value, "reason": a.reason} for a in found.aspects]
    return {"value": found.value, "aspects": aspects}


def _tags(item: Item, passages: Mapping[int, Passage], taxonomy: Taxonomy) -> list[Json]:
    return [_tag(one, passages, taxonomy) for one in item.tags]


def _tag(one: EffectiveTag, passages: Mapping[int, Passage], taxonomy: Taxonomy) -> Json:
    skill = taxonomy.get(one.tag.skill)
    quoted = [_quoted(e, passages[e.passage]) for e in one.tag.evidence if e.passage in passages]
    names = (skill.label, *skill.alternatives) if skill else (one.tag.skill,)
    return {
        "id": one.tag.skill,
        "name": names[0],
        "confidence": round(one.tag.probability, 4),
        "level": level_of(names, [evidence["quote"] for evidence in quoted]),
        "standing": one.standing,
        "method": one.tag.method,
        "reviewed_by": one.reviewed_by,
        "evidence": quoted,
    }


def _quoted(evidence: Evidence, passage: Passage) -> Json:
    return {
        "quote": passage.text[evidence.start : evidence.end],
        "passage": passage.text,
        "start": evidence.start,
        "heading": passage.heading,
        "locator": _location(passage.locator, passage.heading),
    }


def _location(locator: Locator | None, heading: str) -> Json | None:
    if locator is None:
        return None
    spoken = spoken_place(locator, heading)
    return {"place": locator.place.value, "value": locator.value, "label": spoken}


def skill_answer(skill: Skill) -> Json:
    return {
        "id": skill.id,
        "name": skill.label,
        "alternatives": list(skill.alternatives),
        "description": skill.description,
        "groups": list(skill.groups),
        "kind": skill.kind,
    }


def review_answer(review: Review, label: str) -> Json:
    return {
        "skill": {"id": review.skill, "name": label},
        "verdict": review.verdict,
        "who": review.who,
        "why": review.why,
        "at": _moment(review.at),
    }


def run_answer(run: Run) -> Json:
    counters = {name: getattr(run.counters, name) for name in run.counters.__dataclass_fields__}
    return {
        "id": run.id,
        "source": run.source,
        "outcome": run.outcome,
        "started": _moment(run.started),
        "ended": _moment(run.ended),
        "counters": counters,
        "message": run.message,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
