"""`counterpoint slack-manifest`: what is pasted on Slack's page."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.cli.exits import ExitCode
from adapters.slack.manifest import manifest_for, read_manifest
from tests.adapters.conftest import Run

PUBLIC = "https://quotes.example.org"


def test_it_is_the_one_in_the_package_unless_settings_ask_for_more(counterpoint: Run) -> None:
    outcome = counterpoint("slack-manifest")
    assert (outcome.code, outcome.err) == (ExitCode.OK, "")
    assert outcome.record == read_manifest()
    assert outcome.out == f"{json.dumps(read_manifest(), indent=2)}\n"


@pytest.mark.parametrize(
    ("settings", "by_http", "for_many"),
    [
        ({"SLACK_MODE": "http"}, True, False),
        ({"SLACK_CLIENT_ID": "1.2"}, False, True),
        ({"SLACK_MODE": "http", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s"}, True, True),
    ],
)
def test_it_fits_the_settings(
    counterpoint: Run, settings: dict[str, str], by_http: bool, for_many: bool
) -> None:
    outcome = counterpoint("slack-manifest", PUBLIC_URL=f"{PUBLIC}/", **settings)
    assert outcome.record == manifest_for(PUBLIC, by_http=by_http, for_many=for_many)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080", "https://localhost", "http://quotes.example.org"]
)
@pytest.mark.parametrize("settings", [{"SLACK_MODE": "http"}, {"SLACK_CLIENT_ID": "1.2"}])
def test_an_address_that_slack_does_not_take_is_refused(
    counterpoint: Run, address: str, settings: dict[str, str]
) -> None:
    outcome = counterpoint("slack-manifest", PUBLIC_URL=address, **settings)
    assert (outcome.code, outcome.out) == (ExitCode.SETUP, "")
    assert f"PUBLIC_URL={address}" in outcome.err


def test_a_secret_is_not_printed(counterpoint: Run) -> None:
    secrets = {"SLACK_CLIENT_SECRET": "hush", "SLACK_SIGNING_SECRET": "hush"}
    outcome = counterpoint("slack-manifest", PUBLIC_URL=PUBLIC, **secrets)
    assert outcome.code is ExitCode.OK
    assert "hush" not in outcome.out


def test_it_needs_no_package_of_slack(tmp_path: Path) -> None:
    script = """
import sys
for name in ("aiohttp", "cryptography", "slack_bolt", "slack_sdk"):
    sys.modules[name] = None
from adapters.cli import main
sys.argv = ["counterpoint", "slack-manifest"]
main()
"""
    root = str(Path(__file__).parents[3])
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout) == read_manifest()
