"""Settings from the environment and from the file, and what is wrong with them."""

from pathlib import Path

import pytest

from config.errors import BadConfig
from config.secrets import says_secret
from config.settings import SECRET, Settings, load_settings

CANARY = "canary-4711"


def complaint(home: Path, environ: dict[str, str], toml: str | bytes = "") -> str:
    """The message that loading gives; FILE stands for the file's path."""
    file = home / "skillshelf.toml"
    file.write_bytes(toml.encode() if isinstance(toml, str) else toml)
    with pytest.raises(BadConfig) as caught:
        load_settings(home, environ)
    assert CANARY not in repr(caught.value)
    return str(caught.value).replace(str(file), "FILE")


def test_nothing_has_to_be_set(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings == Settings(home=tmp_path)
    assert settings.sources == tmp_path / "sources.yaml"
    assert settings.database_url == f"sqlite:///{tmp_path}/catalogue.db"
    assert settings.index_path == tmp_path / "index"
    assert settings.cache_path == tmp_path / "cache"


def test_home_is_below_the_persons_home() -> None:
    assert load_settings(None, {}).home == Path.home() / ".skillshelf"
    elsewhere = load_settings(None, {"SKILLSHELF_HOME": "~/learning"})
    assert elsewhere.home == Path.home() / "learning"


def test_the_argument_goes_before_the_environment(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"SKILLSHELF_HOME": "/elsewhere"}).home == tmp_path


def test_the_file_under_the_environment(tmp_path: Path) -> None:
    (tmp_path / "skillshelf.toml").write_text('port = 8900\ncontact = "a@b.example"\n', "utf-8")
    environ = {"SKILLSHELF_HOME": str(tmp_path), "SKILLSHELF_PORT": "9000", "PATH": "/bin"}
    settings = load_settings(None, environ)
    assert (settings.port, settings.contact) == (9000, "a@b.example")


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"SKILLSHELF_PORT": ""}).port == 8800


def test_paths_in_the_file_are_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").touch()
    (tmp_path / "skillshelf.toml").write_text(
        'sources = "more.yaml"\ntaxonomy = "ours.csv"\nencoder = "all-MiniLM-L6-v2"\n', "utf-8"
    )
    settings = load_settings(tmp_path, {})
    assert settings.sources == tmp_path / "more.yaml"
    assert settings.taxonomy == str(tmp_path / "ours.csv")
    assert settings.encoder == "all-MiniLM-L6-v2"


def test_secrets_of_sources_are_no_settings(tmp_path: Path) -> None:
    load_settings(tmp_path, {"SKILLSHELF_SOURCE_LMS_TOKEN": CANARY})


def test_every_secret_may_be_in_a_file_of_its_own() -> None:
    secrets = {name for name in Settings.model_fields if says_secret(name)}
    assert secrets <= SECRET <= Settings.model_fields.keys()


def test_secrets_do_not_show(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(CANARY + "\n", "utf-8")
    environ = {
        "SKILLSHELF_QDRANT_API_KEY_FILE": str(tmp_path / "key"),
        "SKILLSHELF_DATABASE_URL": f"postgresql://shelf:{CANARY}@db/shelf",
        "SKILLSHELF_QDRANT_URL": f"https://q:{CANARY}@qdrant.example",
    }
    settings = load_settings(tmp_path, environ)
    assert settings.qdrant_api_key is not None
    assert settings.qdrant_api_key.get_secret_value() == CANARY
    assert CANARY in settings.database_url
    assert CANARY not in repr(settings) + str(settings)


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        (
            {"SKILLSHELF_PROT": CANARY},
            'environment variable SKILLSHELF_PROT: no such setting; did you mean "port"?',
        ),
        (
            {"SKILLSHELF_PORT_FILE": "/x"},
            'environment variable SKILLSHELF_PORT_FILE: no such setting; did you mean "port"?',
        ),
        (
            {"SKILLSHELF_PORT": CANARY},
            "environment variable SKILLSHELF_PORT: must be a valid integer, unable to parse "
            "string as an integer",
        ),
        (
            {"SKILLSHELF_TAG_THRESHOLD": "1.5"},
            "environment variable SKILLSHELF_TAG_THRESHOLD: must be less than or equal to 1",
        ),
        (
            {"SKILLSHELF_TAG_THRESHOLD": "nan"},
            "environment variable SKILLSHELF_TAG_THRESHOLD: must be a finite number",
        ),
        (
            {"SKILLSHELF_LOG_LEVEL": "loud"},
            "environment variable SKILLSHELF_LOG_LEVEL: must be 'debug', 'info', 'warning' or "
            "'error'",
        ),
        (
            {"SKILLSHELF_QDRANT_API_KEY": CANARY, "SKILLSHELF_QDRANT_API_KEY_FILE": CANARY},
            "SKILLSHELF_QDRANT_API_KEY and SKILLSHELF_QDRANT_API_KEY_FILE are both set; unset one "
            "of them",
        ),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, environ: dict[str, str], message: str) -> None:
    assert complaint(tmp_path, environ) == message


SECRET_IN_FILE = "a secret has no place in this file; set the environment variable SKILLSHELF_"


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (
            "port = 1\n\n  htpp_spacing_s = 2\n",
            'FILE, line 3, field htpp_spacing_s: no such setting; did you mean "http_spacing_s"?',
        ),
        (
            "port = 1\n[database_url]\nx = 1\n",
            "FILE, line 2, field database_url: must be text; put it into quotes",
        ),
        ("encoder = 5\n", "FILE, line 1, field encoder: must be text; put it into quotes"),
        (
            "# first\nport = 70000\n",
            "FILE, line 2, field port: must be less than or equal to 65535",
        ),
        (
            'home = "/x"\n',
            "FILE, line 1, field home: this file lies in the home folder, so it cannot name it; "
            "set the environment variable SKILLSHELF_HOME",
        ),
        (
            f'qdrant_api_key = "{CANARY}"\n',
            f"FILE, line 1, field qdrant_api_key: {SECRET_IN_FILE}QDRANT_API_KEY",
        ),
        (
            f'database_url = "postgresql://shelf:{CANARY}@db/shelf"\n',
            f"FILE, line 1, field database_url: {SECRET_IN_FILE}DATABASE_URL",
        ),
        (
            f"port = 1\nqdrant_api_key = {CANARY}\n",
            "FILE, line 2: not TOML; allowed are lines such as `port = 8800` and "
            '`encoder = "all-MiniLM-L6-v2"`',
        ),
        (
            "port = 1\nport = 2\n",
            "FILE, line 2: not TOML; allowed are lines such as `port = 8800` and "
            '`encoder = "all-MiniLM-L6-v2"`',
        ),
        ("contact = 'Jörg'".encode("latin-1"), "FILE: not UTF-8; save the file in UTF-8"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, toml: str | bytes, message: str) -> None:
    assert complaint(tmp_path, {}, toml) == message


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    told = complaint(tmp_path, {"SKILLSHELF_HTTP_TIMEOUT_S": "0"}, "http_spacing_s = -1\n")
    assert told.splitlines() == [
        "environment variable SKILLSHELF_HTTP_TIMEOUT_S: must be greater than 0",
        "FILE, line 1, field http_spacing_s: must be greater than or equal to 0",
    ]
