"""Cron expressions."""

import pytest

from config.cron import parse_cron


@pytest.mark.parametrize(
    "text",
    [
        "0 6 * * *",
        "*/15 8-18 * * mon-fri",
        "0,30 0 1,15 JAN-mar/2 0",
        "5 4 31 12 7",
        "10-50/10 * * * *",
    ],
)
def test_allowed(text: str) -> None:
    assert parse_cron(text) == text


def test_spaces_are_made_single() -> None:
    assert parse_cron(" 0  6 * *\t* ") == "0 6 * * *"


@pytest.mark.parametrize("text", ["", "0 6 * *", "0 0 6 * * *", "@daily"])
def test_other_than_five_fields(text: str) -> None:
    with pytest.raises(ValueError, match="allowed are five fields") as caught:
        parse_cron(text)
    assert str(caught.value) == (
        "allowed are five fields (minute, hour, day of the month, month, day of the week), "
        'e.g. "0 6 * * *"'
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("60 * * * *", '"60" is no minute; allowed are *, 0 to 59, '),
        ("* 24 * * *", '"24" is no hour; allowed are *, 0 to 23, '),
        ("* * 0 * *", '"0" is no day of the month; allowed are *, 1 to 31, '),
        ("* * * 13 *", '"13" is no month; allowed are *, 1 to 12 or jan to dec, '),
        ("* * * * 8", '"8" is no day of the week; allowed are *, 0 to 7 or sun to sat, '),
        ("30-10 * * * *", '"30-10" is no minute; '),
        ("*/0 * * * *", '"*/0" is no minute; '),
        ("5/10 * * * *", '"5/10" is no minute; '),
        ("1, * * * *", '"1," is no minute; '),
        ("mon * * * *", '"mon" is no minute; '),
        ("* * * * monday", '"monday" is no day of the week; '),
        ("٣ * * * *", '"٣" is no minute; '),
        ("-5 * * * *", '"-5" is no minute; '),
    ],
)
def test_a_wrong_field_is_named(text: str, message: str) -> None:
    with pytest.raises(ValueError, match="allowed are") as caught:
        parse_cron(text)
    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith("ranges (a-b), steps (*/n) and lists (a,b)")
