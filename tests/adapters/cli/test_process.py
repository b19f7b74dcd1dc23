"""The program as a process of its own: how it starts, ends and meets a closed pipe."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.cli.exits import ExitCode

PROGRAM = [sys.executable, "-c", "from adapters.cli import main; main()"]
ROOT = Path(__file__).parents[3]
HEAVY = ("numpy", "onnxruntime", "tantivy", "tokenizers", "trafilatura", "pypdf", "rich")


def environment(corpus: Path, data: Path) -> dict[str, str]:
    return {**os.environ, "CORPUS_DIR": str(corpus), "DATA_DIR": str(data), "PYTHONPATH": str(ROOT)}


def test_newcomers_first_command_answers_from_the_seeds(tmp_path: Path) -> None:
    question = (ROOT / "README.md").read_text("utf-8").partition('counterpoint ask "')[2]
    question = question.partition('"')[0] or "Should models be released with open weights?"
    done = subprocess.run(
        [*PROGRAM, "ask", question],
        cwd=ROOT,
        env=environment(ROOT / "seeds", tmp_path / "data"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == ExitCode.OK, done.stderr
    assert done.stdout.count("“") >= 2
    assert "\x1b" not in done.stdout
    assert len(done.stdout) < 3000


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, contextlib\n"
        "from adapters.cli.commands import app\n"
        "with contextlib.suppress(SystemExit): app(['ask', '--help'])\n"
        f"sys.exit(repr([name for name in {HEAVY!r} if name in sys.modules] or ''))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.stderr.strip() in ("''", "")
    assert "Usage:" in done.stdout


def test_closed_pipe_ends_in_silence(corpus: Path, data: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", '{ "$@"; echo $? >&2; } | true', "sh", *PROGRAM, "corpus", "list", "--json"],
        env=environment(corpus, data),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stderr.strip() == str(int(ExitCode.CLOSED))


def test_interrupt_ends_a_batch_in_silence(corpus: Path, data: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "ask", "--batch", "-", "--json"],
        env=environment(corpus, data),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write('{"id": "1", "query": "Are helmets safe?"}\n')
    process.stdin.flush()
    process.stdout.readline()  # the answer has come, and the program waits for the next line
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)  # with its input still open: the interrupt ends it, not the end
    _, errors = process.communicate()

    assert process.returncode == ExitCode.INTERRUPTED
    assert errors == ""


@pytest.mark.parametrize("ending", ["interrupt", "end of input"])
def test_person_at_a_terminal_is_prompted_and_leaves_cleanly(
    corpus: Path, data: Path, ending: str
) -> None:
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    keyboard, screen = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "chat"],
        env={**environment(corpus, data), "TERM": "dumb"},
        stdin=screen,
        stdout=screen,
        stderr=screen,
    )
    os.close(screen)
    seen = read_until(keyboard, b"you> ")
    os.write(keyboard, b"/thread bells\n")
    seen += read_until(keyboard, b"you #bells> ")
    for _ in range(5):
        time.sleep(0.3)  # a key pressed while the prompt is being set up may be lost
        if ending == "interrupt":
            process.send_signal(signal.SIGINT)
        else:
            os.write(keyboard, b"\x04")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=4)
            break
    process.kill()
    seen += read_until(keyboard, None)
    os.close(keyboard)

    assert process.wait() == ExitCode.OK
    assert b"/help lists the rest" in seen
    assert b"Traceback" not in seen


def read_until(descriptor: int, end: bytes | None) -> bytes:
    """Read what a terminal shows, up to a prompt or to the end, for ten seconds at most."""
    seen = b""
    while end is None or end not in seen:
        ready, _, _ = select.select([descriptor], [], [], 10)
        try:
            more = os.read(descriptor, 4096) if ready else b""
        except OSError:  # how Linux says that the other side is gone
            break
        if not more:
            break
        seen += more
    return seen
