"""What has to be set before Slack is served; each refusal names the setting and the way out."""

from typing import Any

import pytest
from cryptography.fernet import Fernet

from adapters.slack import serving
from adapters.slack.serving import check
from bot.bootstrap import Application
from bot.errors import ConfigError
from bot.settings import Settings
from tests.e2e.slack.grants import APP_TOKEN, BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET

KEY = Fernet.generate_key().decode()
ONE: dict[str, Any] = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN}
HTTP: dict[str, Any] = {
    "slack_bot_token": BOT_TOKEN,
    "slack_signing_secret": SIGNING_SECRET,
    "slack_mode": "http",
}
MANY: dict[str, Any] = {
    "slack_app_token": APP_TOKEN,
    "slack_client_id": CLIENT_ID,
    "slack_client_secret": CLIENT_SECRET,
    "slack_encryption_key": KEY,
}


@pytest.mark.parametrize("settings", [ONE, HTTP, MANY])
def test_one_workspace_needs_two_settings_and_many_need_four(settings: dict[str, Any]) -> None:
    check(Settings(**settings))


@pytest.mark.parametrize(
    ("settings", "missing", "named"),
    [
        (ONE, "slack_bot_token", "SLACK_BOT_TOKEN is not set"),
        (ONE, "slack_app_token", "SLACK_APP_TOKEN is not set.*connections:write"),
        (HTTP, "slack_signing_secret", "SLACK_SIGNING_SECRET is not set"),
        (MANY, "slack_app_token", "SLACK_APP_TOKEN is not set"),
        (MANY, "slack_client_id", "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together"),
        (MANY, "slack_client_secret", "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together"),
        (MANY, "slack_encryption_key", "SLACK_ENCRYPTION_KEY is not set"),
    ],
)
def test_what_is_missing_is_named_with_the_way_out(
    settings: dict[str, Any], missing: str, named: str
) -> None:
    with pytest.raises(ConfigError, match=named):
        serving.serve(Application(Settings(**settings | {missing: None})))
