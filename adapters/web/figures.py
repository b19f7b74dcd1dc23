"""Tell Prometheus what the journal counts and what the index holds. Pure; `operating` looks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot.ports import Gateway
from bot.ports.vitals import BOUNDS_MS, Tally
from bot.reading import Shelf

_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was looked up; None is what cannot be read, or is not kept."""

    tally: Tally | None
    shelf: Shelf | None
    answering: int
    gateways: Sequence[Gateway] = ()


class JournalFigures(Collector):
    """Tells what was looked up last, and nothing before that."""

    def __init__(self) -> None:
        self.latest: Figures | None = None

    def collect(self) -> Iterable[Metric]:
        """Return the figures."""
        latest = self.latest
        if latest is None:
            return ()
        return (
            *_of_process(latest),
            *(_of_journal(latest.tally) if latest.tally is not None else ()),
            *(_of_index(latest.shelf) if latest.shelf is not None else ()),
            *_of_gateways(latest.gateways),
        )

    def describe(self) -> Iterable[Metric]:
        """Return nothing: what there is to tell is not known before it was looked up."""
        return ()


def _of_process(latest: Figures) -> Iterable[Metric]:
    yield GaugeMetricFamily(
        "counterpoint_journal_up", "1 if the journal can be read.", latest.tally is not None
    )
    yield GaugeMetricFamily("counterpoint_index_up", "1 if an index serves.", bool(latest.shelf))
    yield GaugeMetricFamily(
        "counterpoint_answering", "Questions that this process answers now.", latest.answering
    )


def _of_journal(tally: Tally) -> Iterable[Metric]:
    sorts = ("platform", "kind")
    requests = CounterMetricFamily(
        "counterpoint_requests", "Requests noted in the journal, by all processes.", labels=sorts
    )
    answers = CounterMetricFamily(
        "counterpoint_answers", "Requests that were answered with quotes.", labels=sorts
    )
    abstentions = CounterMetricFamily(
        "counterpoint_abstentions", "Requests that the corpus has nothing on.", labels=sorts
    )
    errors = CounterMetricFamily(
        "counterpoint_errors",
        "Requests that failed, or whose answer did not arrive, by what was in the way.",
        labels=("platform", "error"),
    )
    for sort, counted in _by_sort(tally).items():
        for family, count in zip((requests, answers, abstentions), counted, strict=True):
            family.add_metric(sort, count)
    for key, count in _by_error(tally).items():
        errors.add_metric(key, count)
    yield from (requests, answers, abstentions, errors)
    times = HistogramMetricFamily(
        "counterpoint_stage_duration_seconds",
        "Time of the stages of answering (all: the whole of it), by all processes.",
        labels=("stage",),
    )
    for one in tally.times:
        steps = [(str(bound / 1000), n) for bound, n in zip(BOUNDS_MS, one.within, strict=True)]
        times.add_metric((one.stage,), [*steps, ("+Inf", one.count)], one.total_ms / 1000)
    yield times
    yield GaugeMetricFamily(
        "counterpoint_requests_waiting",
        "Requests of the last 15 minutes that no process has finished.",
        tally.waiting,
    )
    reindexes = CounterMetricFamily(
        "counterpoint_reindexes", "Reindexes, in chat and at the command line.", labels=("outcome",)
    )
    for outcome, count in tally.reindexes:
        reindexes.add_metric((outcome,), count)
    yield reindexes
    feedback = GaugeMetricFamily(
        "counterpoint_feedback", "What members say of answers, as it stands.", labels=("verdict",)
    )
    for verdict, count in tally.feedback:
        feedback.add_metric((verdict,), count)
    yield feedback


def _of_index(shelf: Shelf) -> Iterable[Metric]:
    yield GaugeMetricFamily(
        "counterpoint_documents", "Documents that are searched.", len(shelf.sources)
    )
    yield GaugeMetricFamily(
        "counterpoint_sentences", "Sentences that are searched.", shelf.sentences
    )
    yield InfoMetricFamily("counterpoint_index", "The index.", {"version": shelf.version})


def _of_gateways(gateways: Sequence[Gateway]) -> Iterable[Metric]:
    # Numbers, not the names of processes: each start would begin another series.
    names = ("platform", "process")
    up = GaugeMetricFamily(
        "counterpoint_gateway_up",
        "1 if a bot's process is connected to its platform; 0 too if it has been silent for long.",
        labels=names,
    )
    latency = GaugeMetricFamily(
        "counterpoint_gateway_latency_seconds",
        "Last round trip of a heartbeat to the platform, while connected.",
        labels=names,
    )
    connects = CounterMetricFamily(
        "counterpoint_gateway_connects",
        "How often a process connected or resumed since its start, on all its shards.",
        labels=names,
    )
    noted = GaugeMetricFamily(
        "counterpoint_gateway_noted_timestamp_seconds",
        "When a process last noted how it is connected.",
        labels=names,
    )
    for one in gateways:
        key = (one.platform, str(one.number))
        up.add_metric(key, one.state.is_up)
        if one.state.latency_ms is not None:
            latency.add_metric(key, one.state.latency_ms / 1000)
        connects.add_metric(key, one.state.connects)
        noted.add_metric(key, one.noted_at)
    yield from (up, latency, connects, noted)


def _by_sort(tally: Tally) -> dict[tuple[str, str], list[int]]:
    """Count requests, answers and abstentions, by platform and kind."""
    sums: dict[tuple[str, str], list[int]] = {}
    for one in tally.requests:
        counted = sums.setdefault((one.platform, one.kind or _UNKNOWN), [0, 0, 0])
        counted[0] += one.count
        if one.answered is True:
            counted[1] += one.count
        elif one.answered is False and one.error is None and one.kind is not None:
            counted[2] += one.count
    return sums


def _by_error(tally: Tally) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter()
    for one in tally.requests:
        if one.error is not None:
            sums[one.platform, one.error] += one.count
    return sums
