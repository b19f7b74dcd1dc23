"""Turn a claim's vector towards what argues against it.

To an encoder a claim and its supporters are as alike as the claim and its opponents. A linear map
that was learned from claims and their counterarguments looks a little to the other side: the best
first stage we found for counterpoints (docs/decisions/counterpoints.md). It belongs to the encoder
it was fitted on; `tests/benchmarks/fit_opposite.py` fits it, `bot.retrieval.search` applies it.
"""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.errors import ConfigError

SHIPPED_MAP = Path(__file__).parent / "model" / "opposite.npz"

Floats = NDArray[np.float32]

_UNREADABLE = (OSError, EOFError, ValueError, TypeError, KeyError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True, slots=True, eq=False)
class OppositeMap:
    """A learned affine map of unit vectors.

    ``weights`` is ``(d, d)`` and ``bias`` ``(d,)``, both float32; ``encoder`` names the encoder
    whose vectors they fit.
    """

    weights: Floats
    bias: Floats
    encoder: str

    def __call__(self, vector: Floats) -> Floats:
        """Return where counterarguments to a text lie: a unit vector ``(d,)`` for its own."""
        turned = np.einsum("i,ij->j", vector, self.weights) + self.bias
        return np.asarray(turned / max(float(np.linalg.norm(turned)), 1e-12), np.float32)

    @classmethod
    def load(cls, path: Path = SHIPPED_MAP) -> Self:
        """Read a map; raises ConfigError when the file is missing or malformed."""
        try:
            # Opened here, as numpy leaves a file open that is no archive.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                weights = stored["weights"].astype(np.float32)
                bias = stored["bias"].astype(np.float32)
                encoder = str(stored["encoder"])
        except _UNREADABLE as error:
            raise ConfigError(f"{path} holds no map of vectors: {error!r}") from error
        if bias.ndim != 1 or weights.shape != 2 * bias.shape:
            raise ConfigError(f"{path} holds a map of unexpected shape {weights.shape}.")
        return cls(weights, bias, encoder)

    def save(self, path: Path) -> None:
        """Write the map, its weights in half precision."""
        np.savez_compressed(
            path, weights=self.weights.astype(np.float16), bias=self.bias, encoder=self.encoder
        )
