"""The words of sources, read into the catalogue's vocabularies."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from catalogue.model import Delivery, Kind, Level
from connectors.vocabulary import Vocabulary
from connectors.vocabulary.duration import seconds
from connectors.vocabulary.vocabulary import LONGEST, MOST

HOUR = 3600


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("en", "en"),
        ("en_US", "en-US"),
        ("en_US.UTF-8", "en-US"),
        ("de-AT", "de-AT"),
        ("en-UK", "en-GB"),
        ("es-419", "es-419"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("eng", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("iw", "he"),
        ("English", "en"),
        ("GERMAN", "de"),
        ("Englisch", "en"),
        ("Deutsch", "de"),
        ("français", "fr"),
        ("Suomi", "fi"),
        ("日本語", "ja"),
        ("American English", "en-US"),
        ("English (US)", "en-US"),
        ("Portuguese (Brazil)", "pt-BR"),
        ("Chinese (Simplified)", "zh-Hans"),
        ("de_du", "de"),  # Moodle's informal German: the language is certain, the region none
        ("en, de", "en"),
        (["de", "en"], "de"),
    ],
)
def test_languages(said: object, tag: str) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.language(said) == tag
    assert vocabulary.unmapped == ()


@pytest.mark.parametrize("said", ["", "  ", None, "und", "MUL", "Unknown", []])
def test_no_language_is_no_news(said: object) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.language(said) is None
    assert vocabulary.unmapped == ()


@pytest.mark.parametrize("said", ["qq", "Fantasian", "x-private", "english please"])
def test_an_unknown_language_is_remembered(said: str) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.language(said) is None
    assert vocabulary.unmapped == (("language", said),)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("P1DT2H", 26 * HOUR),
        ("PT1,5H", 5400),
        ("pt90m", 5400),
        ("T1M33S", 93),  # as recorded from a feed
        ("1:02:03", 3723),
        ("12:30", 750),
        ("1:30 h", 5400),
        ("3723", 3723),
        ("1h 30m", 5400),
        ("1h30", 5400),
        ("1 hr 20 mins", 4800),
        ("2 hours", 2 * HOUR),
        ("one hour and 30 minutes", 5400),
        ("half an hour", 1800),
        ("1½ hours", 5400),
        ("90 min", 5400),
        ("45'", 2700),
        ("approx. 10 hours", 10 * HOUR),
        ("5-7 hours", 7 * HOUR),
        ("2-day", 48 * HOUR),
        ("4 weeks", 28 * 24 * HOUR),
        ("4 weeks, 3 hours per week", 12 * HOUR),
        ("3 hours a week, 8 weeks", 24 * HOUR),
        ("3 hours/week for 4 weeks", 12 * HOUR),
        ("4–6 weeks, 2–3 hours per week", 18 * HOUR),
        ("2 Std. 15 Min.", 8100),
        ("1,5 Stunden", 5400),
        ("eineinhalb Stunden", 5400),
        ("eine halbe Stunde", 1800),
        ("ca. 45 Minuten", 2700),
        ("1 Stunde und 30 Minuten", 5400),
        ("6 Wochen, 3 Stunden pro Woche", 18 * HOUR),
        ("2 heures", 2 * HOUR),
        ("30 minutos", 1800),
    ],
)
def test_durations(said: str, expected: int) -> None:
    assert seconds(said) == expected


@pytest.mark.parametrize(
    "said",
    [
        *("self-paced", "varies", "3 hours per week", "2 of 3", "P", "PT", "T", "hours", "1:2:3:4"),
        *("-5 min", "9" * 20, "99999 weeks", "1e3", "h" * 500, "2 hours or a life"),
    ],
)
def test_no_durations(said: str) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.seconds(said) is None
    assert [field for field, _ in vocabulary.unmapped] == ["duration"]


@pytest.mark.parametrize("said", ["PT0S", 0, "0", "0 min", "", None])
def test_a_length_of_nothing_is_none(said: object) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.seconds(said) is None
    assert vocabulary.unmapped == ()


def test_a_number_counts_in_the_unit_given() -> None:
    said = Vocabulary()
    assert said.seconds(90, unit=60) == 5400
    assert said.seconds(1.5, unit=3600) == 5400
    assert said.seconds("2,5", unit=3600) == 9000
    assert said.seconds("1:30", unit=60) == 5400
    assert said.seconds("90 min", unit=3600) == 5400


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("Beginner", Level.BEGINNER),
        ("INTRODUCTORY", Level.BEGINNER),
        ("foundational", Level.BEGINNER),
        ("100-level", Level.BEGINNER),
        ("Level 200", Level.INTERMEDIATE),
        ("L400", Level.ADVANCED),
        ("Anfänger/innen", Level.BEGINNER),
        ("Grundlagenkurs", Level.BEGINNER),
        ("Fortgeschrittene", Level.ADVANCED),
        ("leicht Fortgeschrittene", Level.INTERMEDIATE),
        ("Aufbaukurs", Level.INTERMEDIATE),
        ("Pre-intermediate", Level.BEGINNER),
        ("upper-intermediate", Level.INTERMEDIATE),
        ("very easy", Level.BEGINNER),
        ("very difficult", Level.ADVANCED),
        ("B2", Level.INTERMEDIATE),
        ("débutant", Level.BEGINNER),
        ("Expert", Level.ADVANCED),
        ("Beginner to Advanced", Level.BEGINNER),
        (["advanced", "intermediate"], Level.INTERMEDIATE),
        ("All levels", Level.BEGINNER),
    ],
)
def test_levels(said: object, level: Level) -> None:
    assert Vocabulary().level(said) is level


@pytest.mark.parametrize(
    "said", ["1", "EQF 6", "graduate-professional", "not for beginners", "baseball"]
)
def test_no_levels(said: str) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.level(said) is None
    assert vocabulary.unmapped == (("level", said),)


@pytest.mark.parametrize(
    ("said", "mode"),
    [
        ("self-paced", Delivery.SELF_PACED),
        ("Self Paced Online", Delivery.SELF_PACED),
        (["online", "asynchronous"], Delivery.SELF_PACED),
        ("Selbststudium", Delivery.SELF_PACED),
        ("Instructor-led", Delivery.INSTRUCTOR_LED),
        ("Präsenzveranstaltung", Delivery.INSTRUCTOR_LED),
        ("instructor-led online", Delivery.VIRTUAL),
        ("virtual instructor-led", Delivery.VIRTUAL),
        ("Virtual Classroom", Delivery.VIRTUAL),
        ("Webinar", Delivery.VIRTUAL),
        ("Blended learning (online and onsite)", Delivery.BLENDED),
        ("informal", Delivery.INFORMAL),
    ],
)
def test_deliveries(said: object, mode: Delivery) -> None:
    assert Vocabulary().delivery(said) is mode


@pytest.mark.parametrize("said", ["online", "onsite, online", "webinar or self-paced", "fun"])
def test_no_single_delivery(said: str) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.delivery(said) is None
    assert vocabulary.unmapped == (("delivery", said),)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0"),
        ("http://creativecommons.org/licenses/by/3.0/de/deed.en", "CC BY 3.0 DE"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/deed.de", "CC BY-NC-SA 4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "Public Domain"),
        ("CC-BY-SA-4.0", "CC BY-SA 4.0"),
        ("cc by-nc-sa 3.0", "CC BY-NC-SA 3.0"),
        ("cc_by_nc_nd", "CC BY-NC-ND"),
        ("cc-nc-4.0", "CC BY-NC 4.0"),
        ("CC0", "CC0 1.0"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0", "CC BY-NC-SA 4.0"),
        ("Namensnennung - Weitergabe unter gleichen Bedingungen 4.0", "CC BY-SA 4.0"),
        ("mit", "MIT"),
        ("MIT License", "MIT"),
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("http://www.apache.org/licenses/LICENSE-2.0", "Apache-2.0"),
        ("GPLv3 or later", "GPL-3.0-or-later"),
        ("bsd-3-clause", "BSD-3-Clause"),
        ("public_domain", "Public Domain"),
        ("allrightsreserved", "All rights reserved"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_licences(said: str, name: str) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.licence(said) == name
    assert vocabulary.unmapped == ()


@pytest.mark.parametrize("said", ["© 2020 Harbour Ltd", "Creative Commons", "House rules"])
def test_an_unknown_licence_is_kept_as_it_came(said: str) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.licence(said) == said
    assert vocabulary.unmapped == (("licence", said),)


@pytest.mark.parametrize(
    ("said", "cost", "currency"),
    [
        ("$19.99", 19.99, "USD"),
        ("19.99 USD", 19.99, "USD"),
        ("EUR 1.200,50", 1200.5, "EUR"),
        ("1.200 €", 1200.0, "EUR"),
        ("CHF 1'200.50", 1200.5, "CHF"),
        ("Fr. 50.--", 50.0, "CHF"),
        ("1 200,50 zł", 1200.5, "PLN"),
        ("A$5", 5.0, "AUD"),
        ("from £20", 20.0, "GBP"),
        ("Free", 0.0, ""),
        ("kostenlos", 0.0, ""),
        (0, 0.0, ""),
        (19.995, 19.995, ""),
        ("0.0", 0.0, ""),
        ("", None, ""),
    ],
)
def test_money(said: object, cost: float | None, currency: str) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.money(said) == (cost, currency)
    assert vocabulary.unmapped == ()


@pytest.mark.parametrize(
    "said", ["$10-$20", "$49/month", "-5", "99 EUR pro Monat", "5 credits", "kr 100", "$5 EUR"]
)
def test_no_single_price(said: str) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.money(said) == (None, "")
    assert vocabulary.unmapped == (("cost", said),)


def test_the_currency_may_stand_elsewhere() -> None:
    said = Vocabulary()
    assert said.money(5, "eur") == (5.0, "EUR")
    assert said.money("$5", "EUR") == (5.0, "USD")
    assert said.money(5, "credits") == (5.0, "")
    assert said.money(float("inf")) == (None, "")
    assert said.unmapped == (("currency", "credits"), ("cost", "inf"))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Course", Kind.COURSE),
        ("Online-Kurs", Kind.COURSE),
        ("https://schema.org/VideoObject", Kind.VIDEO),
        ("http://purl.org/dc/dcmitype/MovingImage", Kind.VIDEO),
        ("Training video", Kind.VIDEO),
        ("learning_path", Kind.PATH),
        ("PodcastEpisode", Kind.PODCAST),
        ("BlogPosting", Kind.ARTICLE),
        ("Webinar", Kind.SESSION),
        ("E-Book", Kind.BOOK),
        ("Handbuch", Kind.MANUAL),
        ("Q&A", Kind.DISCUSSION),
        ("slides", Kind.DOCUMENT),
        ("", Kind.COURSE),
    ],
)
def test_kinds(said: str, kind: Kind) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.kind(said, Kind.COURSE) is kind
    assert vocabulary.unmapped == ()


def test_each_kind_and_level_and_mode_means_itself() -> None:
    said = Vocabulary()
    assert [said.kind(kind.value, Kind.COURSE) for kind in Kind] == list(Kind)
    assert [said.level(level.value) for level in Level] == list(Level)
    assert [said.delivery(mode.value) for mode in Delivery] == list(Delivery)


def test_an_unknown_kind_falls_back_and_is_remembered() -> None:
    vocabulary = Vocabulary()
    assert vocabulary.kind("simulation", Kind.COURSE) is Kind.COURSE
    assert vocabulary.unmapped == (("kind", "simulation"),)


NOON = datetime(2024, 1, 2, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2024-01-02T12:30:00Z", NOON),
        ("2024-01-02T13:30+01:00", NOON),
        ("2024-01-02 12:30", NOON),
        ("20240102T123000Z", NOON),
        ("Tue, 02 Jan 2024 13:30:00 +0100", NOON),
        ("Tue, 02 Jan 2024 12:30:00 GMT", NOON),
        (1704198600, NOON),
        ("1704198600", NOON),
        (1704198600000, NOON),
        (1704198600.0, NOON),
        (datetime(2024, 1, 2, 13, 30, tzinfo=timezone(timedelta(hours=1))), NOON),
        ("2024-01-02", datetime(2024, 1, 2, tzinfo=UTC)),
        (date(2024, 1, 2), datetime(2024, 1, 2, tzinfo=UTC)),
        ("2.1.2024", datetime(2024, 1, 2, tzinfo=UTC)),
        ("2 January 2024", datetime(2024, 1, 2, tzinfo=UTC)),
        ("Jan 2, 2024", datetime(2024, 1, 2, tzinfo=UTC)),
        ("2024-01", datetime(2024, 1, 1, tzinfo=UTC)),
        (2024, datetime(2024, 1, 1, tzinfo=UTC)),
    ],
)
def test_moments(said: object, moment: datetime) -> None:
    read = Vocabulary().moment(said)
    assert read == moment
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "said", ["soon", "01/02/2024", "2024-13-01", "9999-12-31T23:59:59-10:00", -1, 10**30]
)
def test_no_moments(said: object) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.moment(said, "published") is None
    assert vocabulary.unmapped == (("published", str(said)),)


@pytest.mark.parametrize("said", [0, "0", "", None, False])
def test_no_moment_is_no_news(said: object) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.moment(said) is None
    assert vocabulary.unmapped == ()


def test_what_is_remembered_is_bounded_and_said_once() -> None:
    vocabulary = Vocabulary()
    for _ in range(2):
        vocabulary.level("x" * 10_000)
    ((field, word),) = vocabulary.unmapped
    assert field == "level"
    assert len(word) == LONGEST
    for number in range(100):
        vocabulary.level(f"tier {number}")
    assert len(vocabulary.unmapped) == MOST
