"""What an operator may set, and what happens when a value cannot be used."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.settings import Settings, read_settings

ROOT = Path(__file__).parents[2]
VARIABLES = {setting.metadata["env"]: setting.name for setting in fields(Settings)}


def read(**environment: str) -> Settings:
    return read_settings(environment, env_file=None)


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    path = tmp_path / ".env"
    path.write_text("LOG_LEVEL=info\nSEARCH_THREADS=3\nDATA_DIR=\nANSWER_THRESHOLD\n", "utf-8")
    return path


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_set_means_the_defaults(elsewhere: Path) -> None:
    (elsewhere / "seeds").mkdir()
    assert read() == Settings()


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("CORPUS_DIR", "/srv/texts", Path("/srv/texts")),
        ("DATA_DIR", "~/data", Path("~/data").expanduser()),
        ("ENCODER_DIR", "models/e5", Path("models/e5")),
        ("STANCE_DIR", "models/stance", Path("models/stance")),
        ("PUBLIC_URL", " https://quotes.example.org ", "https://quotes.example.org"),
        ("ANSWER_THRESHOLD", "0.35", 0.35),
        ("ANSWER_THRESHOLD", "0", 0.0),
        ("SEARCH_THREADS", "8", 8),
        ("MODEL_THREADS", "4", 4),
        ("ADMINS", "Owners", "owners"),
        (
            "OWNERS",
            "discord:80351110224678912, slack:U024",
            ("discord:80351110224678912", "slack:U024"),
        ),
        ("REINDEX_COOLDOWN_S", "0", 0.0),
        ("RATE_PER_USER", "0", 0),
        ("RATE_PER_CHANNEL", "600", 600),
        ("STOP_TIMEOUT_S", "2.5", 2.5),
        ("DISCORD_TOKEN", "MTk4.Cl2FMQ", "MTk4.Cl2FMQ"),
        ("DISCORD_API_BASE", "http://127.0.0.1:80/api/v10", "http://127.0.0.1:80/api/v10"),
        ("DISCORD_GATEWAY_URL", "ws://127.0.0.1:80", "ws://127.0.0.1:80"),
        ("DISCORD_GUILD_READY_TIMEOUT", "0.1", 0.1),
        ("DISCORD_SHARD_IDS", "1, 0", (0, 1)),
        ("DISCORD_SHARD_COUNT", "4", 4),
        ("DISCORD_MESSAGE_CONTENT", "true", True),
        ("DISCORD_LOOK_BACK_S", "60", 60.0),
        ("SLACK_BOT_TOKEN", "xoxb-1", "xoxb-1"),
        ("SLACK_APP_TOKEN", "xapp-1", "xapp-1"),
        ("SLACK_MODE", "HTTP", "http"),
        ("SLACK_SIGNING_SECRET", "8f742231b10e", "8f742231b10e"),
        ("SLACK_CLIENT_ID", "123.456", "123.456"),
        ("SLACK_CLIENT_SECRET", "4b39e9", "4b39e9"),
        ("SLACK_ENCRYPTION_KEY", "a,b", "a,b"),
        ("SLACK_API_BASE_URL", "http://127.0.0.1:80/api/", "http://127.0.0.1:80/api/"),
        ("SLACK_SOCKET_PING_INTERVAL", "0.5", 0.5),
        ("WEB_HOST", "0.0.0.0", "0.0.0.0"),  # noqa: S104 (read, not listened on)
        ("WEB_PORT", "8081", 8081),
        ("WEB_TRUST_PROXY", "true", True),
        ("WEB_METRICS", "Public", "public"),
        ("WEB_ADMIN_PASSWORD_HASH", "$argon2id$v=19$m=8", "$argon2id$v=19$m=8"),
        ("LOG_TEXT", "HASHED", "hashed"),
        ("LOG_TEXT", "off", "off"),
        ("LOG_RETENTION_DAYS", "30", 30),
        ("LOG_REQUIRED", "yes", True),
        ("LOG_REQUIRED", "True", True),
        ("LOG_REQUIRED", "0", False),
        ("LOG_REQUIRED", "off", False),
        ("LOG_LEVEL", "debug", "DEBUG"),
    ],
)
def test_variable_sets_its_field(variable: str, text: str, value: object) -> None:
    needed = {"DISCORD_SHARD_COUNT": "4"} if variable == "DISCORD_SHARD_IDS" else {}
    chosen = getattr(read(**needed, **{variable: text}), VARIABLES[variable])
    assert chosen == value
    assert type(chosen) is type(value)


def test_every_variable_is_tried_above() -> None:
    (marker,) = test_variable_sets_its_field.pytestmark  # type: ignore[attr-defined]  # pytest adds it
    assert {variable for variable, *_ in marker.args[1]} == set(VARIABLES)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("ANSWER_THRESHOLD", "high"),
        ("ANSWER_THRESHOLD", "1.5"),
        ("ANSWER_THRESHOLD", "-0.1"),
        ("ANSWER_THRESHOLD", "nan"),
        ("SEARCH_THREADS", "0"),
        ("MODEL_THREADS", "none"),
        ("SEARCH_THREADS", "65"),
        ("SEARCH_THREADS", "two"),
        ("SEARCH_THREADS", "2.5"),
        ("OWNERS", "80351110224678912"),
        ("OWNERS", "discord:1 slack:2"),
        ("RATE_PER_USER", "-1"),
        ("REINDEX_COOLDOWN_S", "a minute"),
        ("DISCORD_SHARD_IDS", "0;1"),
        ("DISCORD_SHARD_IDS", "-1"),
        ("DISCORD_SHARD_COUNT", "0"),
        ("DISCORD_SHARD_COUNT", "1.5"),
        ("WEB_METRICS", "some"),
        ("LOG_TEXT", "some"),
        ("LOG_RETENTION_DAYS", "-1"),
        ("LOG_RETENTION_DAYS", "for ever"),
        ("LOG_REQUIRED", "maybe"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_value_that_cannot_be_used_is_named(variable: str, text: str) -> None:
    with pytest.raises(ConfigError, match=f"{variable}=.*{re.escape(text)}"):
        read(**{variable: text})


@pytest.mark.parametrize("variable", ["WEB_PORT", "PORT"])
def test_pages_are_where_they_are_served_if_nothing_else_is_told(variable: str) -> None:
    assert read(**{variable: "18090"}).public_url == "http://127.0.0.1:18090"


def test_told_address_of_the_pages_wins_over_their_port() -> None:
    settings = read(WEB_PORT="18090", PUBLIC_URL="https://quotes.example.org")
    assert settings.public_url == "https://quotes.example.org"


def test_port_that_is_not_known_yet_changes_no_address() -> None:
    assert read(WEB_PORT="0").public_url == Settings().public_url


def test_share_of_the_shards_needs_their_number() -> None:
    with pytest.raises(ConfigError, match="DISCORD_SHARD_COUNT has to say"):
        read(DISCORD_SHARD_IDS="0,1")
    with pytest.raises(ConfigError, match=r"DISCORD_SHARD_IDS=0,2.*the last shard is 1"):
        read(DISCORD_SHARD_IDS="0,2", DISCORD_SHARD_COUNT="2")


def test_token_is_not_shown() -> None:
    environment = {"DISCORD_TOKEN": "hush"}
    assert "hush" not in repr(read(**environment))


def test_choices_are_told() -> None:
    with pytest.raises(ConfigError, match="full, hashed, off"):
        read(LOG_TEXT="some")


@pytest.mark.parametrize("variable", sorted(VARIABLES))
def test_empty_value_means_the_default(variable: str) -> None:
    name = VARIABLES[variable]
    assert getattr(read(**{variable: "  "}), name) == getattr(read(), name)


def test_env_file_is_read(env_file: Path) -> None:
    chosen = read_settings({}, env_file)
    assert (chosen.log_level, chosen.search_threads) == ("INFO", 3)
    assert (chosen.data_dir, chosen.answer_threshold) == (Path("data"), None)


def test_environment_wins_over_the_env_file(env_file: Path) -> None:
    chosen = read_settings({"LOG_LEVEL": "ERROR"}, env_file)
    assert (chosen.log_level, chosen.search_threads) == ("ERROR", 3)


def test_env_file_need_not_exist(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path / ".env") == read()


def test_env_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes("PUBLIC_URL=https://b\u00fccher.example\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"\.env.*UTF-8"):
        read_settings({}, path)


def test_process_and_working_directory_are_read_by_default(
    env_file: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert env_file.parent == elsewhere
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    chosen = read_settings()
    assert (chosen.log_level, chosen.search_threads) == ("ERROR", 3)


def test_process_started_elsewhere_has_the_packaged_seeds(elsewhere: Path) -> None:
    corpus = read().corpus_dir
    assert corpus.is_absolute()
    assert corpus.name == "seeds"
    assert read(CORPUS_DIR="texts").corpus_dir == Path("texts")


def test_journal_lies_in_the_data_folder() -> None:
    assert read(DATA_DIR="/srv/data").journal_path == Path("/srv/data/journal.db")


# --- .env.example -----------------------------------------------------------------


def documented() -> dict[str, str]:
    """Return the variables that `.env.example` shows with their values, commented out or not."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    shown = (re.match(r"(?:#\s?)?([A-Z][A-Z0-9_]+)=(.*)", line) for line in lines)
    return {found[1]: found[2].strip() for found in shown if found}


def test_every_setting_is_documented() -> None:
    assert set(VARIABLES) <= set(documented())


def test_example_shows_the_defaults() -> None:
    for variable, name in VARIABLES.items():
        shown = documented()[variable]
        if shown:
            assert getattr(read(**{variable: shown}), name) == getattr(Settings(), name), variable


def test_example_can_be_used_as_it_is(elsewhere: Path) -> None:
    (elsewhere / "seeds").mkdir()
    assert read_settings({}, ROOT / ".env.example") == Settings()
