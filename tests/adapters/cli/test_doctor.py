"""`counterpoint doctor` on sound and on broken installations."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.cli import doctor
from adapters.cli.doctor import Finding, Health
from adapters.cli.exits import ExitCode
from bot.ports import GatewayState, JournalHealth
from tests.adapters.conftest import Outcome, Run
from tests.fakes.clock import ManualClock
from tests.fakes.gateways import MemoryGateways, Noted


def parts(outcome: Outcome, health: str) -> set[str]:
    return {finding["part"] for finding in outcome.record if finding["health"] == health}


def told(outcome: Outcome, part: str) -> str:
    return " ".join(finding["told"] for finding in outcome.record if finding["part"] == part)


def test_sound_installation_has_no_findings_but_good_ones(counterpoint: Run) -> None:
    outcome = counterpoint("doctor", "--json")

    assert outcome.code is ExitCode.OK
    assert {finding["part"] for finding in outcome.record} == {part for part, _ in doctor.CHECKS}
    assert parts(outcome, "problem") == set()
    assert parts(outcome, "warning") <= {"data"}
    assert "2 documents, 10 sentences, 1 topic" in told(outcome, "corpus")


def test_person_reads_one_line_a_finding(counterpoint: Run) -> None:
    lines = counterpoint("doctor").out.splitlines()

    assert lines[-1] == "Everything works."
    assert any(line.startswith("ok       corpus: 2 documents") for line in lines)


def test_corpus_that_changed_since_is_a_warning(counterpoint: Run, own_corpus: Path) -> None:
    (own_corpus / "documents" / "note.txt").write_text("Bells should be louder than they are.\n")
    (own_corpus / "documents" / "empty.txt").write_text("")
    outcome = counterpoint("doctor", "--json", CORPUS_DIR=str(own_corpus))

    assert outcome.code is ExitCode.OK
    assert "(note); `counterpoint reindex` renews it" in told(outcome, "index")
    assert "empty.txt: " in told(outcome, "corpus")


def test_missing_index_is_a_warning(counterpoint: Run, tmp_path: Path) -> None:
    outcome = counterpoint("doctor", "--json", DATA_DIR=str(tmp_path / "new"))

    assert outcome.code is ExitCode.OK
    assert "`counterpoint reindex`" in told(outcome, "index")


def test_every_broken_part_is_told_and_stops_no_other(
    counterpoint: Run, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (data / "journal.db").write_bytes(b"no database" * 1000)
    (data / "CURRENT").write_text("99\n")
    outcome = counterpoint(
        "doctor", "--json", CORPUS_DIR=str(tmp_path / "empty"), STANCE_DIR=str(tmp_path / "empty")
    )

    assert outcome.code is ExitCode.PROBLEM
    assert parts(outcome, "problem") == {"corpus", "stance", "index", "journal"}


def test_unwritable_data_folder_is_a_problem(counterpoint: Run, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    outcome = counterpoint("doctor", "--json", DATA_DIR=str(blocked / "data"))

    assert "data" in parts(outcome, "problem")
    assert "set DATA_DIR" in told(outcome, "data")


def test_how_the_bots_that_run_are_connected_is_told() -> None:
    clock, noted = ManualClock(), Noted()
    for state in (GatewayState(True, 45.4, 2), GatewayState(False, None, 3)):
        asyncio.run(MemoryGateways(clock, noted).note("discord", state))
    asyncio.run(MemoryGateways(clock, noted).note("slack", GatewayState(True, None, 1)))

    @asynccontextmanager
    async def journal() -> AsyncIterator[SimpleNamespace]:
        yield SimpleNamespace(desk=SimpleNamespace(gateways=MemoryGateways(clock, noted)))

    async def health() -> JournalHealth:
        return JournalHealth("journal.db", 6, 4096, 0, None, ())

    async def opened() -> Any:
        return journal()

    application: Any = SimpleNamespace(journal_health=health, open_journal=opened)
    _, one, two, slack = doctor.check_journal(application)

    assert one == Finding("discord 1", Health.OK, "connected, 45 ms, 2 times since its start")
    assert (two.part, two.health) == ("discord 2", Health.PROBLEM)
    assert slack == Finding("slack 1", Health.OK, "connected, 1 time since its start")


def test_secrets_are_not_shown() -> None:
    assert doctor.shown_value("slack_token", "xoxb-1") == "(set)"
    assert doctor.shown_value("url", "postgres://me:pw@host/db") == "postgres://(hidden)@host/db"
    assert doctor.shown_value("url", None) == "(not set)"


class Wrong:
    """Models that answer without sense."""

    name, dimension = "wrong", 2

    def encode(self, texts: list[str]) -> Any:
        import numpy as np

        return np.array([[1, 0], [0, 1], [1, 0]], np.float32)

    def classify(self, pairs: list[tuple[str, str]]) -> Any:
        return [(0.1, 0.8, 0.1), (0.8, 0.1, 0.1)]


@pytest.mark.parametrize("check", [doctor.check_encoder, doctor.check_stance])
def test_models_that_make_no_sense_are_a_problem(check: Any) -> None:
    (finding,) = check(SimpleNamespace(encoder=Wrong(), stance=Wrong()))

    assert finding.health is Health.PROBLEM
    assert "Reinstall" in finding.told


@pytest.mark.parametrize(
    ("free", "health"),
    [(10**7, Health.PROBLEM), (10**8, Health.WARNING), (10**10, Health.OK)],
)
def test_little_room_is_told_in_time(free: int, health: Health) -> None:
    assert doctor.room("data", Path("data"), free).health is health


def test_check_that_fails_unforeseen_is_a_finding() -> None:
    def check(_: object) -> Iterator[Finding]:
        yield Finding("x", Health.OK, "first")
        raise ZeroDivisionError("oops")

    findings = list(doctor.examined("x", check, SimpleNamespace()))  # type: ignore[arg-type]  # any application

    assert [finding.health for finding in findings] == [Health.OK, Health.PROBLEM]
    assert findings[1].told == "ZeroDivisionError: oops"


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1, "0 s"), (59, "59 s"), (90, "2 min"), (7200, "2 h"), (200_000, "2 d")]
)
def test_age_is_told_in_the_largest_unit(seconds: float, text: str) -> None:
    assert doctor.duration(seconds) == text
