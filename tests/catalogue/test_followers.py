"""The change sequence against a model: whatever happens, every follower ends with the truth."""

import random
from dataclasses import dataclass, field

import pytest

from catalogue.model import Change, ItemKey, State, Verdict
from catalogue.records import Batch
from catalogue.store import Catalogue
from tests.catalogue.making import SOURCE, arrival, enrich_all, registered, review

KEYS = [f"k{number}" for number in range(8)]
SKILLS = ["one", "two"]
View = dict[str, str]


@dataclass
class Follower:
    """Keeps its watermark beside its data, as an index does, and may die between the two."""

    watermark: int = 0
    view: View = field(default_factory=dict)

    def step(self, catalogue: Catalogue, limit: int, *, dies: bool) -> None:
        changes = catalogue.changes.after(self.watermark, limit)
        numbers = [change.sequence for change in changes]
        assert numbers == sorted(set(numbers))
        assert all(number > self.watermark for number in numbers)
        for change in changes:
            self.apply(change)
        if changes and not dies:
            self.watermark = numbers[-1]

    def apply(self, change: Change) -> None:
        if change.item is None:
            self.view.pop(change.key.key, None)
        else:
            self.view[change.key.key] = seen(change)

    def catch_up(self, catalogue: Catalogue) -> None:
        while self.watermark < catalogue.changes.head():
            before = self.watermark
            self.step(catalogue, 3, dies=False)
            if self.watermark == before:
                return  # the latest numbers were given to items that have newer ones since


def seen(change: Change) -> str:
    assert change.item is not None
    tags = [(tag.tag.skill, tag.tag.probability, tag.standing) for tag in change.item.tags]
    return f"{change.item.draft.url} {change.item.draft.title} {tags} {len(change.passages)}"


def truth(catalogue: Catalogue) -> View:
    """Read by a way of its own: item by item, without the sequence."""
    shown: View = {}
    for item in catalogue.items.page(SOURCE.name, [State.PUBLISHED, State.RETIRING]):
        passages = catalogue.items.passages(item.key)
        if passages:
            change = Change(item.sequence, item.key, item, passages)
            shown[item.key.key] = seen(change)
    return shown


def something_happens(catalogue: Catalogue, run: int, dice: random.Random) -> None:
    key = dice.choice(KEYS)
    stored = [item.key.key for item in catalogue.items.page()]
    match dice.choice(["ingest", "ingest", "withdraw", "list", "enrich", "review", "decide"]):
        case "ingest":
            chosen = dice.sample(KEYS, dice.randint(1, 4))
            texts = [dice.choice(["a text", "another"]) for _ in chosen]
            found = [
                arrival(k, text=t, url=f"u{len(t)}") for k, t in zip(chosen, texts, strict=True)
            ]
            catalogue.intake.commit("wiki", run, Batch(tuple(found)), {})
        case "withdraw":
            catalogue.intake.commit("wiki", run, Batch(gone=frozenset({key})), {})
        case "list":
            seen_keys = frozenset(dice.sample(KEYS, dice.randint(0, len(KEYS))))
            catalogue.intake.commit("wiki", run, Batch(seen=seen_keys), {})
        case "enrich":
            enrich_all(catalogue, (dice.choice(SKILLS), 0.9), version=dice.choice(["v1", "v2"]))
        case "review" if key in stored:
            verdict = dice.choice(list(Verdict))
            catalogue.reviews.add(review(key, dice.choice(SKILLS), verdict))
        case "decide" if key in stored:
            catalogue.items.set_state(ItemKey("wiki", key), dice.choice(list(State)), "ada")


SEEDS = [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12))]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_follower_ends_with_the_truth(catalogue: Catalogue, seed: int) -> None:
    dice = random.Random(seed)
    run = registered(catalogue)
    followers = [Follower() for _ in range(3)]
    given: dict[int, str] = {}
    for _ in range(40):
        before = catalogue.changes.head()
        something_happens(catalogue, run, dice)
        for change in catalogue.changes.after(before, 100):
            assert given.setdefault(change.sequence, change.key.key) == change.key.key
        for follower in followers:
            if dice.random() < 0.4:
                follower.step(catalogue, dice.randint(1, 5), dies=dice.random() < 0.3)
    for follower in [*followers, Follower()]:
        follower.catch_up(catalogue)
        assert follower.view == truth(catalogue)
