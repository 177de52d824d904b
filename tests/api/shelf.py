"""A small shelf for the tests of the API: real catalogue, real index, a real server.

Only the encoder is our own: words hashed into a vector, so that nothing has to be loaded.
"""

import hashlib
import re
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import requests
from numpy.typing import NDArray

from api.app import create_app
from api.serve import server
from api.services import Services
from catalogue.hashing import text_hash
from catalogue.model import (
    Delivery,
    Draft,
    Enrichment,
    Evidence,
    Kind,
    Level,
    Locator,
    Method,
    Passage,
    Place,
    State,
    Tag,
)
from catalogue.records import Arrival, Batch, Source
from catalogue.store import Catalogue
from config.settings import Settings
from config.taxonomy import Skill, Taxonomy
from index.depots import Depot, EdgeDepot
from index.engine import Watermark
from index.identity import Identity
from index.live import LiveIndex
from index.search import Searcher

DIMENSIONS = 64
ESCO = "http://data.europa.eu/esco/skill/"
BACKUP, PACKAGING, TALKS, WELDING, SOLO = (
    f"{ESCO}0000000{n}-aaaa-4bbb-8ccc-00000000000{n}" for n in range(1, 6)
)
SKILLS = (
    Skill(BACKUP, "perform backups", ("back up data",), "Keep copies of data.", ("S5.6",)),
    Skill(PACKAGING, "maintain software packages", ("package software",)),
    Skill(TALKS, "give presentations", ("present", "hold a talk")),
    Skill(WELDING, "weld steel", ("present",)),
    Skill(SOLO, "juggle"),
)


class HashedWords:
    """An encoder: each word adds one to a dimension of its own. Nearness is sharing words."""

    id = "hashed-words-1"
    dimensions = DIMENSIONS

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.stack([self.one(text) for text in texts])
        return vectors.astype(np.float32)

    def one(self, text: str) -> NDArray[np.float32]:
        vector = np.full(DIMENSIONS, 1e-3, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[int(hashlib.sha256(word.encode()).hexdigest(), 16) % DIMENSIONS] += 1
        length: np.float32 = np.linalg.norm(vector)
        return vector / length


@dataclass(frozen=True, slots=True)
class Volume:
    """An item of the shelf: what its source says, and the texts and tags of its enrichment."""

    source: str
    draft: Draft
    texts: tuple[tuple[str, Locator | None, str], ...]
    tags: tuple[tuple[str, float], ...] = ()


def _draft(title: str, **more: Any) -> Draft:
    slug = title.lower().replace(" ", "-")
    return Draft(**{"title": title, "url": f"https://learn.example/{slug}"} | more)


HOSTILE = "<script>document.title='taken'</script><img src=x onerror=alert(1)>"
VOLUMES = (
    Volume(
        "handbook",
        _draft(
            "The maintainer's manual",
            url="https://learn.example/manual.pdf",
            kind=Kind.MANUAL,
            provider="Harbour Works",
            level=Level.ADVANCED,
            language="en",
            cost=0.0,
            authors=("Ada Lovelace",),
            published=datetime(2025, 3, 1, tzinfo=UTC),
            updated=datetime(2025, 6, 1, tzinfo=UTC),
            summary="How software packages are made and kept.",
        ),
        (
            (
                "To maintain software packages, read the policy first. A package that nobody "
                "maintains is orphaned.",
                Locator(Place.PAGE, "12"),
                "Maintaining packages",
            ),
            ("Backups of the archive are made every night.", Locator(Place.PAGE, "40"), "Backups"),
        ),
        ((PACKAGING, 0.93), (BACKUP, 0.31)),
    ),
    Volume(
        "handbook",
        _draft(
            "Backups in an hour",
            kind=Kind.VIDEO,
            level=Level.BEGINNER,
            language="en",
            duration=3600,
            delivery=Delivery.SELF_PACED,
            cost=20.0,
            currency="EUR",
            provider="Harbour Works",
            published=datetime(2026, 1, 15, tzinfo=UTC),
        ),
        (
            (
                "We perform backups of a laptop and of a server.",
                Locator(Place.SECOND, "187"),
                "",
            ),
        ),
        ((BACKUP, 0.88),),
    ),
    Volume(
        "handbook",
        _draft(
            "Gute Vorträge halten",
            kind=Kind.COURSE,
            level=Level.BEGINNER,
            language="de",
            duration=5400,
            provider="Akademie Süd",
            published=datetime(2024, 5, 2, tzinfo=UTC),
        ),
        (("Ein Vortrag braucht einen Anfang, der neugierig macht.", None, "Der Anfang"),),
        ((TALKS, 0.8),),
    ),
    Volume(
        "board",
        _draft("Secret packages of the board", language="en"),
        (("Software packages that only the board may see.", None, ""),),
        ((PACKAGING, 0.7),),
    ),
    Volume(
        "web",
        _draft(f"Hostile {HOSTILE}", url="javascript:alert(document.cookie)", language="en"),
        ((f"Packages {HOSTILE} and </mark><b>markup</b>", None, HOSTILE),),
        ((PACKAGING, 0.6),),
    ),
)


class Shelf:
    """One home folder, filled; `services` is what the application is handed."""

    def __init__(self, settings: Settings, catalogue: Catalogue, depot: Depot) -> None:
        self.settings = settings
        self.catalogue = catalogue
        self.encoder = HashedWords()
        self.taxonomy = Taxonomy("tiny", "1", SKILLS)
        identity = Identity(self.encoder.id, DIMENSIONS, "1")
        self.index = LiveIndex.open(depot, identity, catalogue.changes, catalogue.embeddings)

    @property
    def services(self) -> Services:
        return Services(
            settings=self.settings,
            catalogue=self.catalogue,
            searcher=Searcher(self.index, self.encoder.one, self.taxonomy),
            watermark=self.watermark,
            taxonomy=self.taxonomy,
            skill_search=self.skill_search,
        )

    def watermark(self) -> Watermark:
        with self.index.reading() as engine:
            return engine.watermark()

    def skill_search(self, text: str, limit: int) -> list[tuple[Skill, float]]:
        asked = self.encoder.one(text)
        near = ((skill, float(self.encoder.one(skill.label) @ asked)) for skill in self.taxonomy)
        return sorted(near, key=lambda pair: -pair[1])[:limit]

    def fill(self, volumes: Sequence[Volume] = VOLUMES) -> None:
        self.store(volumes)
        self.index.refresh()

    def store(self, volumes: Sequence[Volume] = VOLUMES) -> None:
        """Into the catalogue only."""
        register(self.catalogue)
        for number, volume in enumerate(volumes):
            self._put(f"{number}", volume)

    def _put(self, key: str, volume: Volume) -> None:
        arrival = Arrival(key, {"raw": key}, volume.draft)
        run = self.catalogue.runs.list(volume.source, 1)[0]
        self.catalogue.intake.commit(volume.source, run.id, Batch((arrival,)), {"at": key})
        for item in self.catalogue.items.to_enrich("v1", 10):
            enrichment = enriched(volume)
            texts = [passage.embedded_text for passage in enrichment.passages]
            vectors = dict(
                zip([text_hash(t) for t in texts], self.encoder.encode(texts), strict=True)
            )
            self.catalogue.embeddings.put(self.encoder.id, vectors)
            assert self.catalogue.items.enriched(item.id, item.model_hash, enrichment)

    def number(self, title: str) -> int:
        found = [item.id for item in self.catalogue.items.page() if title in item.draft.title]
        assert len(found) == 1
        return found[0]


def register(catalogue: Catalogue) -> None:
    for name, groups in (("handbook", ("public",)), ("board", ("board",)), ("web", ("public",))):
        catalogue.sources.register(
            Source(name, "folder", owner="ada", fingerprint="1", visibility=groups)
        )
        catalogue.runs.start(name)


def enriched(volume: Volume) -> Enrichment:
    """As enrichment cuts it: the summary first, then the item's own places."""
    texts = ((volume.draft.summary, None, ""), *volume.texts)
    passages = tuple(
        Passage(n, text, f"{volume.draft.title}\n{text}", "", locator, heading)
        for n, (text, locator, heading) in enumerate(texts)
    )
    passages = tuple(replace(p, text_hash=text_hash(p.embedded_text)) for p in passages)
    tags = tuple(
        Tag(skill, probability, Method.BOTH, (Evidence(1, 0, 20),))
        for skill, probability in volume.tags
    )
    draft = volume.draft
    return Enrichment("v1", draft.language, draft.level, draft.duration, passages, tags)


@dataclass(frozen=True, slots=True)
class Client:
    """Requests to one running server, with a key where one is given."""

    base: str
    shelf: Shelf
    key: str = ""

    def with_key(self, name: str, *groups: str) -> "Client":
        """A caller with a new key; once there is one, each call needs one."""
        return replace(self, key=self.shelf.catalogue.keys.add(name, groups))

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.ask("GET", path, headers)

    def post(self, path: str, body: Any, **headers: str) -> requests.Response:
        return self.ask("POST", path, headers, json=body)

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
    ) -> requests.Response:
        sent = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if self.key:
            sent.setdefault("Authorization", f"Bearer {self.key}")
        more.setdefault("allow_redirects", False)
        return requests.request(method, f"{self.base}{path}", headers=sent, timeout=30, **more)

    def titles(self, query: str) -> list[str]:
        answer = self.get(f"/api/v1/search?{query}")
        assert answer.status_code == 200, answer.text
        return [one["title"] for one in answer.json()["results"]]


@contextmanager
def opened(home: Path, depot: Depot | None = None, **settings: Any) -> Iterator[Shelf]:
    """An empty shelf, its index on the embedded engine where no depot is given."""
    with ExitStack() as stack:
        configured = Settings(home=home, log_level="error", **settings)
        catalogue = stack.enter_context(Catalogue.open(configured.database_url))
        shelf = Shelf(configured, catalogue, depot or EdgeDepot(home / "index"))
        stack.callback(shelf.index.close)
        yield shelf


@contextmanager
def served(shelf: Shelf) -> Iterator[str]:
    """The address of a running server."""
    running = server(create_app(shelf.services))
    # asyncio sends small packets at once only on sockets that name their protocol: 40 ms an answer.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            running.should_exit = True
            thread.join()


def state_of(shelf: Shelf, title: str, state: State) -> None:
    item = shelf.catalogue.items.find(shelf.number(title))
    shelf.catalogue.items.set_state(item.key, state, "ada")
    shelf.index.refresh()
