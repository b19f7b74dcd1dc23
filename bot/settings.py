"""The settings of a process, read from the environment here and nowhere else.

A `.env` file in the working directory is read too; the environment wins. Every field is
documented in `.env.example`, which a test holds to this module.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from bot.errors import ConfigError

_PACKAGED_SEEDS = Path(__file__).parent / "seeds"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose; the metadata of a field names its variable and bounds."""

    corpus_dir: Path = field(default=Path("seeds"), metadata={"env": "CORPUS_DIR"})
    data_dir: Path = field(default=Path("data"), metadata={"env": "DATA_DIR"})
    encoder_dir: Path | None = field(default=None, metadata={"env": "ENCODER_DIR"})
    stance_dir: Path | None = field(default=None, metadata={"env": "STANCE_DIR"})
    public_url: str = field(default="http://127.0.0.1:8080", metadata={"env": "PUBLIC_URL"})
    answer_threshold: float | None = field(
        default=None, metadata={"env": "ANSWER_THRESHOLD", "low": 0.0, "high": 1.0}
    )
    search_threads: int = field(default=2, metadata={"env": "SEARCH_THREADS", "low": 1, "high": 64})
    model_threads: int = field(default=2, metadata={"env": "MODEL_THREADS", "low": 1, "high": 64})
    admins: str = field(
        default="community", metadata={"env": "ADMINS", "choices": ("community", "owners")}
    )
    owners: tuple[str, ...] | None = field(default=None, metadata={"env": "OWNERS"})
    reindex_cooldown_s: float = field(
        default=60.0, metadata={"env": "REINDEX_COOLDOWN_S", "low": 0.0, "high": 86_400.0}
    )
    rate_per_user: int = field(
        default=10, metadata={"env": "RATE_PER_USER", "low": 0, "high": 100_000}
    )
    rate_per_channel: int = field(
        default=60, metadata={"env": "RATE_PER_CHANNEL", "low": 0, "high": 100_000}
    )
    stop_timeout_s: float = field(
        default=20.0, metadata={"env": "STOP_TIMEOUT_S", "low": 0.0, "high": 600.0}
    )
    discord_token: str | None = field(default=None, repr=False, metadata={"env": "DISCORD_TOKEN"})
    discord_api_base: str | None = field(default=None, metadata={"env": "DISCORD_API_BASE"})
    discord_gateway_url: str | None = field(default=None, metadata={"env": "DISCORD_GATEWAY_URL"})
    discord_guild_ready_timeout: float = field(
        default=2.0, metadata={"env": "DISCORD_GUILD_READY_TIMEOUT", "low": 0.0, "high": 600.0}
    )
    discord_shard_ids: tuple[int, ...] | None = field(
        default=None, metadata={"env": "DISCORD_SHARD_IDS"}
    )
    discord_shard_count: int | None = field(
        default=None, metadata={"env": "DISCORD_SHARD_COUNT", "low": 1, "high": 100_000}
    )
    discord_message_content: bool = field(
        default=False, metadata={"env": "DISCORD_MESSAGE_CONTENT"}
    )
    discord_look_back_s: float = field(
        default=300.0, metadata={"env": "DISCORD_LOOK_BACK_S", "low": 0.0, "high": 86_400.0}
    )
    slack_bot_token: str | None = field(
        default=None, repr=False, metadata={"env": "SLACK_BOT_TOKEN"}
    )
    slack_app_token: str | None = field(
        default=None, repr=False, metadata={"env": "SLACK_APP_TOKEN"}
    )
    slack_mode: str = field(
        default="socket", metadata={"env": "SLACK_MODE", "choices": ("socket", "http")}
    )
    slack_signing_secret: str | None = field(
        default=None, repr=False, metadata={"env": "SLACK_SIGNING_SECRET"}
    )
    slack_client_id: str | None = field(default=None, metadata={"env": "SLACK_CLIENT_ID"})
    slack_client_secret: str | None = field(
        default=None, repr=False, metadata={"env": "SLACK_CLIENT_SECRET"}
    )
    slack_encryption_key: str | None = field(
        default=None, repr=False, metadata={"env": "SLACK_ENCRYPTION_KEY"}
    )
    slack_api_base_url: str = field(
        default="https://slack.com/api/", metadata={"env": "SLACK_API_BASE_URL"}
    )
    slack_socket_ping_interval: float = field(
        default=10.0, metadata={"env": "SLACK_SOCKET_PING_INTERVAL", "low": 0.1, "high": 300.0}
    )
    web_host: str = field(default="127.0.0.1", metadata={"env": "WEB_HOST"})
    web_port: int = field(default=8080, metadata={"env": "WEB_PORT", "low": 0, "high": 65_535})
    web_trust_proxy: bool = field(default=False, metadata={"env": "WEB_TRUST_PROXY"})
    web_metrics: str = field(
        default="local", metadata={"env": "WEB_METRICS", "choices": ("local", "public", "off")}
    )
    web_admin_password_hash: str | None = field(
        default=None, repr=False, metadata={"env": "WEB_ADMIN_PASSWORD_HASH"}
    )
    log_text: str = field(
        default="full", metadata={"env": "LOG_TEXT", "choices": ("full", "hashed", "off")}
    )
    log_retention_days: int = field(
        default=0, metadata={"env": "LOG_RETENTION_DAYS", "low": 0, "high": 36_500}
    )
    log_required: bool = field(default=False, metadata={"env": "LOG_REQUIRED"})
    log_level: str = field(
        default="WARNING",
        metadata={"env": "LOG_LEVEL", "choices": ("DEBUG", "INFO", "WARNING", "ERROR")},
    )

    @property
    def journal_path(self) -> Path:
        """Where the log of interactions lies."""
        return self.data_dir / "journal.db"


def read_settings(
    environment: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")
) -> Settings:
    """Read the settings from the environment and a `.env` file.

    Args:
        environment: Variables to read; the process's own by default.
        env_file: A file of further variables; None for no file.

    Raises:
        ConfigError: A value cannot be used; the message names the variable.
    """
    values: dict[str, str] = {}
    if env_file is not None and env_file.is_file():
        try:
            found = dotenv_values(env_file)
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{env_file} cannot be read; save it as UTF-8: {error}") from error
        values = {name: text for name, text in found.items() if text is not None}
    values.update(os.environ if environment is None else environment)

    chosen: dict[str, Any] = {}
    for setting in fields(Settings):
        text = values.get(setting.metadata["env"], "").strip()
        if text:
            chosen[setting.name] = _parsed(text, setting.type, setting.metadata)
    if "corpus_dir" not in chosen and not Settings().corpus_dir.is_dir():
        chosen["corpus_dir"] = _PACKAGED_SEEDS  # started outside a checkout: the seeds as shipped
    if "web_port" not in chosen and values.get("PORT", "").strip():
        # Where a platform that runs programs says which port it opened.
        bounds = {"low": 0, "high": 65_535}
        chosen["web_port"] = _number("PORT", values["PORT"].strip(), int, bounds)
    if "public_url" not in chosen and chosen.get("web_port"):
        # Whoever moves the pages to another port of this machine finds them there.
        chosen["public_url"] = f"http://127.0.0.1:{chosen['web_port']}"
    settings = Settings(**chosen)
    _refuse_shards_that_do_not_fit(settings)
    return settings


def _parsed(text: str, kind: Any, metadata: Mapping[str, Any]) -> object:
    name = metadata["env"]
    choices = metadata.get("choices")
    if choices is not None:
        for choice in choices:
            if text.casefold() == choice.casefold():
                return choice
        raise ConfigError(f"{name}={text!r} is not one of {', '.join(choices)}.")
    if kind is bool:
        return _boolean(name, text)
    if kind == tuple[str, ...] | None:
        return _owners(name, text)
    if kind == tuple[int, ...] | None:
        return _shards(name, text)
    if kind in (int, float, int | None, float | None):
        return _number(name, text, int if kind in (int, int | None) else float, metadata)
    if kind in (Path, Path | None):
        return Path(text).expanduser()
    return text


def _boolean(name: str, text: str) -> bool:
    if text.casefold() in ("1", "true", "yes", "on"):
        return True
    if text.casefold() in ("0", "false", "no", "off"):
        return False
    raise ConfigError(f"{name}={text!r} is neither true nor false.")


def _owners(name: str, text: str) -> tuple[str, ...]:
    owners = tuple(part.strip() for part in text.split(",") if part.strip())
    for owner in owners:
        if not re.fullmatch(r"[a-z]+:\w+", owner, re.ASCII):
            raise ConfigError(
                f"{name}={text!r}: {owner!r} is no platform with an id, such as "
                "discord:80351110224678912."
            )
    return owners


def _shards(name: str, text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(re.fullmatch(r"\d{1,6}", part, re.ASCII) for part in parts):
        raise ConfigError(f"{name}={text!r} is no list of numbers, such as 0,1,2.")
    return tuple(sorted({int(part) for part in parts}))


def _refuse_shards_that_do_not_fit(settings: Settings) -> None:
    ids, count = settings.discord_shard_ids, settings.discord_shard_count
    if ids is None:
        return
    if count is None:
        raise ConfigError(
            "DISCORD_SHARD_IDS names a share of the shards; "
            "DISCORD_SHARD_COUNT has to say how many there are in all."
        )
    if ids[-1] >= count:
        raise ConfigError(
            f"DISCORD_SHARD_IDS={','.join(map(str, ids))}: with DISCORD_SHARD_COUNT={count} "
            f"the last shard is {count - 1}."
        )


def _number(
    name: str, text: str, kind: type[int] | type[float], metadata: Mapping[str, Any]
) -> float:
    low, high = metadata["low"], metadata["high"]
    try:
        number = kind(text)
    except ValueError:
        raise ConfigError(f"{name}={text!r} is not a number.") from None
    if not low <= number <= high:  # also refuses NaN
        raise ConfigError(f"{name}={text} is not between {low} and {high}.")
    return number
