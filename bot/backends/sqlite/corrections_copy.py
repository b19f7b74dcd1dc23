"""The verdicts that hold, in a file beside the journal: for when the journal cannot be read.

Written by `corrections` whenever they change. It holds no member's words: quotes, what was found
about them, and the keyed hash of a claim whose side was corrected.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.ports.corrections import Correction, Standing, Verdict
from bot.types import Stance

_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class CorrectionsCopy:
    """A file with what held last.

    Args:
        path: The file, which need not be there yet.
    """

    path: Path

    @classmethod
    def of(cls, journal: Path) -> "CorrectionsCopy":
        """Return the copy that lies beside a journal."""
        return cls(journal.with_name(f"{journal.name}.corrections.json"))

    def read(self) -> Standing | None:
        """Return what held last; None when there is no copy.

        Raises:
            ValueError: It is damaged.
            OSError: It cannot be read.
        """
        try:
            held = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        try:
            found = tuple(_correction(one) for one in held["corrections"])
            return Standing(str(held["version"]), found)
        except (KeyError, TypeError) as error:
            raise ValueError(f"{self.path} holds no corrections.") from error

    def write(self, standing: Standing) -> None:
        """Keep what holds now; no crash leaves half of it, and only its owner may read it.

        Raises:
            OSError: It cannot be written.
        """
        held = {
            "version": standing.version,
            "corrections": [asdict(one) for one in standing.corrections],
        }
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}.draft")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(held, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        finally:
            draft.unlink(missing_ok=True)


def _correction(held: dict[str, Any]) -> Correction:
    stance = held["stance"]
    made = Correction(
        **{
            **held,
            "verdict": Verdict(held["verdict"]),
            "stance": None if stance is None else Stance(stance),
        }
    )
    if not (isinstance(made.document_id, str) and isinstance(made.text, str)):
        raise TypeError
    return made
