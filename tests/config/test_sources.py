"""The file of sources: what it gives, and how each mistake in it is named."""

import json
import traceback
from datetime import time, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from config.errors import BadConfig
from config.schedule import Schedule, Window
from config.sources import SourceSpec, complain, load_sources
from config.stanza import Filter

CANARY = "canary-4711"

GOOD = """\
defaults:
  owner: learning@example.org
  language: en
  schedule: {every: 6h}
sources:
  handbook:
    connector: folder
    settings:
      path: handbook
  campus:
    connector: moodle
    owner: ana@example.org
    schedule:
      cron: 0 2 * * *
      timezone: Europe/Berlin
      window: "22:00-06:00"
    publish: after review
    threshold: 0.7
    visibility: [staff, partners]
    allow_private: true
    language: de-AT
    provider: Campus
    settings:
      url: https://campus.example.org
      courses: [1, 2]
"""
ONE = "sources:\n  a:\n    connector: feed\n    owner: ana\n"


def load(folder: Path, text: str | bytes) -> dict[str, SourceSpec]:
    path = folder / "sources.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_sources(path)


def complaints(folder: Path, text: str | bytes) -> list[str]:
    """The messages that loading gives; FILE stands for the file's path."""
    with pytest.raises(BadConfig) as caught:
        load(folder, text)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    return str(caught.value).replace(str(folder / "sources.yaml"), "FILE").splitlines()


def test_everything_a_source_may_say(tmp_path: Path) -> None:
    campus = load(tmp_path, GOOD)["campus"]
    assert (campus.name, campus.connector, campus.owner) == ("campus", "moodle", "ana@example.org")
    assert campus.schedule == Schedule(
        cron="0 2 * * *", timezone="Europe/Berlin", window=Window(time(22), time(6))
    )
    assert (campus.publish, campus.threshold) == ("after review", 0.7)
    assert (campus.visibility, campus.allow_private) == (("staff", "partners"), True)
    assert (campus.language, campus.provider) == ("de-AT", "Campus")
    assert campus.settings == {"url": "https://campus.example.org", "courses": [1, 2]}


def test_defaults_hold_where_a_source_says_nothing(tmp_path: Path) -> None:
    sources = load(tmp_path, GOOD)
    assert list(sources) == ["handbook", "campus"]
    handbook = sources["handbook"]
    assert (handbook.owner, handbook.language) == ("learning@example.org", "en")
    assert handbook.schedule == Schedule(every=timedelta(hours=6))
    assert (handbook.publish, handbook.threshold) == ("at once", None)
    assert (handbook.visibility, handbook.allow_private) == (("public",), False)


def test_filters(tmp_path: Path) -> None:
    allow = "    allow: {kind: [course, video], language: [en, de], newer_than: 730d}\n"
    deny = '    deny:\n      kind: course\n      url: "*/drafts/*"\n      older_than: 2y\n'
    spec = load(tmp_path, ONE + allow + deny)["a"]
    assert (spec.allow.kind, spec.allow.language) == (("course", "video"), ("en", "de"))
    assert spec.allow.newer_than == spec.deny.older_than == timedelta(days=730)
    assert (spec.deny.kind, spec.deny.url) == (("course",), ("*/drafts/*",))
    plain = load(tmp_path, ONE)["a"]
    assert (plain.allow, plain.deny) == (Filter(), Filter())
    assert spec.fingerprint == plain.fingerprint  # no approval lapses, nothing is fetched again
    shared = load(tmp_path, f"defaults: {{deny: {{kind: book}}}}\n{ONE}")["a"]
    assert shared.deny == Filter(kind=("book",))


def test_a_source_without_schedule_or_settings(tmp_path: Path) -> None:
    spec = load(tmp_path, ONE)["a"]
    assert (spec.schedule, spec.settings) == (None, {})


def test_places(tmp_path: Path) -> None:
    campus = load(tmp_path, GOOD)["campus"]
    assert (campus.base, campus.file, campus.line) == (tmp_path, tmp_path / "sources.yaml", 10)
    assert campus.lines["settings", "courses", 1] == 25
    assert campus.lines["connector",] == 11


def test_no_sources_yet(tmp_path: Path) -> None:
    assert load(tmp_path, "sources: {}\n") == {}
    assert load(tmp_path, "sources:\n") == {}


def test_the_fingerprint_covers_connector_and_settings_alone(tmp_path: Path) -> None:
    before = load(tmp_path, GOOD)
    prints = {name: spec.fingerprint for name, spec in before.items()}
    kept = (
        GOOD.replace("ana@", "bo@")
        .replace("6h", "7h")
        .replace("[staff, ", "[")
        .replace(
            "      url: https://campus.example.org\n      courses: [1, 2]\n",
            "      courses: [1, 2]\n      url: https://campus.example.org\n",
        )
    )
    assert {name: spec.fingerprint for name, spec in load(tmp_path, kept).items()} == prints
    for old, new in (("[1, 2]", "[1]"), ("connector: moodle", "connector: canvas")):
        changed = load(tmp_path, GOOD.replace(old, new))
        assert changed["campus"].fingerprint != prints["campus"]
        assert changed["handbook"].fingerprint == prints["handbook"]


def test_a_secret_left_blank_is_none(tmp_path: Path) -> None:
    spec = load(tmp_path, ONE + "    settings:\n      token:  # from the environment\n")["a"]
    assert spec.settings == {"token": None}


def test_dates_and_numbers_among_settings_have_a_fingerprint(tmp_path: Path) -> None:
    spec = load(tmp_path, ONE + "    settings: {since: 2026-01-31, n: 1.5, on_air: yes}\n")["a"]
    assert len(spec.fingerprint) == 16


CRON = "allowed are five fields (minute, hour, day of the month, month, day of the week), "
SECRET = "a secret has no place in this file; set the environment variable {0}, or {0}_FILE to the "
SECRET += "path of a file with it"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("conector: x", 'field conector: no such field; did you mean "connector"?'),
        ("threshold: 1.5", "field threshold: must be less than or equal to 1"),
        ("publish: at onc", "field publish: must be 'at once' or 'after review'"),
        ("allow_private: 1", "field allow_private: must be true or false"),
        ("visibility: staff", "field visibility: must be a list, e.g. [one, two]"),
        ("visibility: []", "field visibility: must not be empty"),
        ("visibility: [staff, 5]", "field visibility.1: must be text; put it into quotes"),
        ("language: no", "field language: must be text; put it into quotes"),
        ("language: German", 'field language: allowed are BCP 47 tags, e.g. "en" or "de-AT"'),
        ("provider: 5", "field provider: must be text; put it into quotes"),
        ("settings: [1]", "field settings: must be a block of fields"),
        ("schedule: daily", "field schedule: must be a block of fields"),
        ("schedule: {}", "field schedule: allowed is either `cron` or `every`"),
        (
            "schedule: {cron: 0 6 * * *, every: 6h}",
            "field schedule: allowed is either `cron` or `every`",
        ),
        (
            "schedule: {every: 6h, windw: x}",
            'field schedule.windw: no such field; did you mean "window"?',
        ),
        ("schedule: {cron: daily}", f'field schedule.cron: {CRON}e.g. "0 6 * * *"'),
        ("schedule: {cron: 5}", f'field schedule.cron: {CRON}e.g. "0 6 * * *"'),
        (
            "schedule: {every: 6}",
            'field schedule.every: allowed is a time from 1m to 366d, e.g. "30m", "6h" or "7d"',
        ),
        (
            "schedule: {every: 6h, window: 22-6}",
            'field schedule.window: allowed are two different times of day, e.g. "22:00-06:00"',
        ),
        (
            "schedule: {every: 6h, timezone: Mars/Base}",
            "field schedule.timezone: no such time zone; allowed are IANA names, e.g. "
            '"Europe/Berlin" or "UTC"',
        ),
        (
            "schedule: {every: 6h, timezone: ../../etc/passwd}",
            "field schedule.timezone: no such time zone; allowed are IANA names, e.g. "
            '"Europe/Berlin" or "UTC"',
        ),
        (
            f"settings: {{token: {CANARY}}}",
            f"field settings.token: {SECRET.format('SKILLSHELF_SOURCE_A_TOKEN')}",
        ),
        (
            f"settings: {{login: [{{clientSecret: {CANARY}}}]}}",
            "field settings.login.0.clientSecret: "
            + SECRET.format("SKILLSHELF_SOURCE_A_CLIENTSECRET"),
        ),
        (f"api_key: {CANARY}", f"field api_key: {SECRET.format('SKILLSHELF_SOURCE_A_API_KEY')}"),
        (
            f"settings: {{url: 'https://ana:{CANARY}@example.org'}}",
            "field settings.url: a password has no place in an address; set the environment "
            "variable SKILLSHELF_SOURCE_A_PASSWORD, or SKILLSHELF_SOURCE_A_PASSWORD_FILE to the "
            "path of a file with it",
        ),
    ],
)
def test_a_wrong_field_of_a_source(tmp_path: Path, line: str, message: str) -> None:
    assert complaints(tmp_path, f"{ONE}    {line}\n") == [f'FILE, line 5: source "a", {message}']


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'FILE, line 1: allowed is a block "sources:" of names and their descriptions'),
        ("- a\n", 'FILE, line 1: allowed is a block "sources:" of names and their descriptions'),
        (
            "defaults: {}\n",
            'FILE, line 1: allowed is a block "sources:" of names and their descriptions',
        ),
        ("sources: [a]\n", "FILE, line 1: field sources: must be a block of fields"),
        (
            "sources: {}\ndefault: {}\n",
            'FILE, line 2: field default: no such field; did you mean "defaults"?',
        ),
        ("sources: {a: }\n", 'FILE, line 1: source "a": must be a block of fields'),
        (
            "sources:\n  a:\n    owner: ana\n",
            'FILE, line 2: source "a", field connector: is missing',
        ),
        (
            "sources:\n  a:\n    connector: feed\n",
            'FILE, line 2: source "a", field owner: is missing',
        ),
        (
            "sources:\n  a:\n    owner: ' '\n    connector: feed\n",
            'FILE, line 3: source "a", field owner: must not be empty',
        ),
        (
            "sources:\n  a:\n    owner: ana\n    connector: ../x\n",
            'FILE, line 4: source "a", field connector: allowed is the name of a connector; '
            "`skillshelf sources describe` lists them",
        ),
        (
            "sources:\n  My Source:\n    connector: feed\n    owner: ana\n",
            'FILE, line 2: source "My Source": allowed in a name are up to 64 of a-z, 0-9, - and '
            "_, beginning with a letter or digit",
        ),
        (
            f"{ONE}  b-c: {{connector: feed, owner: x}}\n  b_c: {{connector: feed, owner: x}}\n",
            'FILE, line 6: source "b_c": too like "b-c": secrets of both have the same names',
        ),
        (
            f"{ONE}    allow:\n      kinds: [course]\n",
            'FILE, line 6: source "a", field allow.kinds: no such field; did you mean "kind"?',
        ),
        (
            f"{ONE}    deny:\n      kind:\n        - course\n        - curse\n",
            'FILE, line 8: source "a", field deny.kind.1: must be '
            "'course', 'path', 'video', 'podcast', 'article', 'manual', 'book', 'session', "
            "'discussion' or 'document'",
        ),
        (
            f"{ONE}    allow: {{language: [English]}}\n",
            'FILE, line 5: source "a", field allow.language.0: allowed are BCP 47 tags, '
            'e.g. "en" or "de-AT"',
        ),
        (
            f"{ONE}    allow: {{newer_than: 2 months}}\n",
            'FILE, line 5: source "a", field allow.newer_than: allowed is a time from 1d to 100y, '
            'e.g. "30d", "6w" or "2y"',
        ),
        (
            f"{ONE}    deny: {{url: []}}\n",
            'FILE, line 5: source "a", field deny.url: must not be empty',
        ),
        (
            f"{ONE}    deny: drafts\n",
            'FILE, line 5: source "a", field deny: must be a block of fields',
        ),
        (f"{ONE}  a:\n", 'FILE, line 5: "a" is there twice, first on line 2'),
        (f"{ONE}    owner: bo\n", 'FILE, line 5: "owner" is there twice, first on line 4'),
        (
            "defaults:\n  allow_private: true\nsources: {}\n",
            "FILE, line 2: field defaults.allow_private: no such field; known are: allow, "
            "deny, language, owner, provider, publish, schedule, threshold, visibility",
        ),
        (
            "sources: {}\ndefaults:\n  schedule:\n    cron: x\n",
            f'FILE, line 4: field defaults.schedule.cron: {CRON}e.g. "0 6 * * *"',
        ),
        (
            f"sources: {{}}\ndefaults: {{token: {CANARY}}}\n",
            "FILE, line 2: field defaults.token: " + SECRET.format("SKILLSHELF_SOURCE_NAME_TOKEN"),
        ),
    ],
)
def test_a_wrong_file(tmp_path: Path, text: str, message: str) -> None:
    assert complaints(tmp_path, text) == [message]


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    text = f"{ONE}    publish: x\n    provider: 5\n  b: {{connector: feed}}\n"
    assert [told.split(":")[0] for told in complaints(tmp_path, text)] == [
        "FILE, line 5",
        "FILE, line 6",
        "FILE, line 7",
    ]


def test_no_file(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    with pytest.raises(BadConfig) as caught:
        load_sources(path)
    assert str(caught.value) == (
        f"{path}: no such file; `skillshelf init` writes one to start from"
    )


class Login(BaseModel):
    model_config = ConfigDict(extra="forbid")

    user: str


class Feed(BaseModel):
    """A connector's settings."""

    model_config = ConfigDict(extra="forbid")

    url: str
    limit: int = 5
    token: SecretStr = SecretStr("")
    key: SecretStr
    login: Login | None = None


def refused(spec: SourceSpec) -> BadConfig:
    with pytest.raises(ValidationError) as caught:
        Feed.model_validate(spec.settings)
    return complain(spec, caught.value, Feed.model_fields)


def test_settings_that_a_connector_refuses(tmp_path: Path) -> None:
    text = f"{ONE}    settings:\n      uri: x\n      limit: {CANARY}\n      key: k\n"
    error = refused(load(tmp_path, text + "      login:\n        usr: 1\n")["a"])
    assert CANARY not in str(error)
    file = tmp_path / "sources.yaml"
    assert str(error).splitlines() == [
        f'{file}, line 5: source "a", field settings.url: is missing',
        f'{file}, line 7: source "a", field settings.limit: must be a valid integer, unable to '
        "parse string as an integer",
        f'{file}, line 9: source "a", field settings.login.user: is missing',
        f'{file}, line 10: source "a", field settings.login.usr: no such field',
        f'{file}, line 6: source "a", field settings.uri: no such field; did you mean "url"?',
    ]


class Lms(BaseModel):
    token: SecretStr


def test_a_missing_secret_says_where_to_set_it() -> None:
    spec = SourceSpec("lms-eu", "moodle", "ana", line=3)
    with pytest.raises(ValidationError) as caught:
        Lms.model_validate(spec.settings)
    assert str(complain(spec, caught.value)) == (
        'sources.yaml, line 3: source "lms-eu", field settings.token: is missing; set the '
        "environment variable SKILLSHELF_SOURCE_LMS_EU_TOKEN"
    )


def test_a_spec_made_by_hand_needs_no_file() -> None:
    spec = SourceSpec("a", "feed", "ana", settings={"url": "https://example.org"})
    assert spec.base == Path.cwd()
    assert json.loads(json.dumps(spec.settings)) == spec.settings
