"""A gatherer whose texts, sides and map a test dictates; used by the tests beside it."""

from collections.abc import Callable, Mapping

from bot.conversation.gathering import Gathered, Gatherer, GatheringLimits
from bot.retrieval.analysis import Analyzer
from bot.retrieval.calibration import Calibration, Logistic
from bot.retrieval.search import Floats, Search
from bot.types import Evidence, Query, QueryKind, Stance
from tests.fakes.corpus import fill, text_file
from tests.fakes.index import MemoryIndex, MemoryStore
from tests.fakes.models import HashingEncoder, ScriptedStance

ENCODER = HashingEncoder()
ANALYZER = Analyzer()
# Sure from a few shared words on: what is sure in earnest is measured, not tested.
CALIBRATION = Calibration(Logistic(-4.0, {"cosine": 16.0}), Logistic(-4.0, {"best_cosine": 16.0}))
LIMITS = GatheringLimits(answerable=0.3, relevant=0.2, opposes=1.2, disputes=1.6, crowding=0.0)

FOR = "Beaver dams lower the risk of floods downstream."
AGAINST = "Beaver dams raise the risk of floods upstream."
NEITHER = "Beaver dams and the risk of floods were studied for years."
ELSEWHERE = "Apple trees blossom early in warm valleys."

TEXTS = {"rivers": FOR, "farms": AGAINST, "reviews": NEITHER, "orchards": ELSEWHERE}
SIDES = {FOR: (Stance.SUPPORTS, 0.9), AGAINST: (Stance.OPPOSES, 0.9)}

CLAIM = Query("Beaver dams lower the risk of floods.", QueryKind.CLAIM, "Beaver dams help.")
QUESTION = Query("Do beaver dams lower the risk of floods?", QueryKind.QUESTION)


class Bench:
    """A gatherer over texts, and what its models were asked."""

    def __init__(
        self,
        texts: Mapping[str, str],
        sides: Mapping[str, tuple[Stance, float]] | None = None,
        limits: GatheringLimits = LIMITS,
        opposite: Callable[[Floats], Floats] | None = None,
        authors: Mapping[str, str] | None = None,
    ) -> None:
        signed = authors or {}
        files = [
            text_file(name, text, **({"author": signed[name]} if name in signed else {}))
            for name, text in texts.items()
        ]
        store = MemoryStore()
        fill(store, files, ENCODER, ANALYZER)
        assert store.serving is not None
        self.index = store.serving
        self.stance = ScriptedStance(sides)
        search = Search(ENCODER, ANALYZER, CALIBRATION, lambda word: True, opposite)
        self.gatherer = Gatherer(search, self.stance, "https://quotes.example.org", limits)
        self.stages: list[str] = []

    def gather(self, query: Query, index: MemoryIndex | None = None) -> Gathered:
        return self.gatherer.gather(index or self.index, query, self.stages.append)


def said(evidence: tuple[Evidence, ...]) -> list[str]:
    return [one.quote.text for one in evidence]
