"""Who imports whom, as .importlinter has it."""

import subprocess
import sys

from tests.architecture.checkout import ROOT

# In a process of its own: import-linter switches off the loggers of the one that it runs in.
_LINT = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)


def test_every_import_contract_is_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LINT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
