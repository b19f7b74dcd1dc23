"""`counterpoint web-password`: the hash of a password, for the settings."""

import subprocess

import pytest
from dotenv import dotenv_values

from adapters.cli.exits import ExitCode
from adapters.web.dashboard.passwords import checked_hash, fits
from tests.adapters.cli.test_process import PROGRAM, ROOT


def run(text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, "web-password"], cwd=ROOT, input=text, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip


def test_what_is_printed_goes_into_the_settings_as_it_is(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    done = run("three hares on a hill\n")
    assert done.returncode == ExitCode.OK, done.stderr
    assert "hares" not in done.stdout + done.stderr
    file = tmp_path_factory.mktemp("env") / ".env"
    file.write_text(done.stdout, "utf-8")
    found = dotenv_values(file)["WEB_ADMIN_PASSWORD_HASH"]
    assert found is not None
    assert checked_hash(found) == found
    assert fits("three hares on a hill", found)
    assert not fits("three hares on a hill ", found)


@pytest.mark.parametrize("password", ["", "short", "a" * 1_001])
def test_a_password_that_is_not_safe_is_refused(password: str) -> None:
    done = run(f"{password}\n")
    assert done.returncode != ExitCode.OK
    assert "12 to 1000" in done.stderr
    assert done.stdout == ""
