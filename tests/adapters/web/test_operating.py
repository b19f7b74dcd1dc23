"""What operators are told: whether it lives, whether it can answer, and figures."""

import json
import re
import shutil
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.bootstrap import Application
from bot.errors import JournalError
from bot.ports import Gateways, GatewayState
from bot.ports.gateways import SILENT_S
from bot.ports.vitals import Tally
from tests.adapters.web.corpus import CLAIM, NOTHING
from tests.adapters.web.site import Site, serving
from tests.fakes.clock import ManualClock
from tests.fakes.gateways import MemoryGateways, Noted

Labels = tuple[tuple[str, str], ...]


class Quiet:
    """A journal in which nothing was asked, that bots share."""

    def __init__(self, gateways: Gateways) -> None:
        self.gateways = gateways

    async def tally(self) -> Tally:
        return Tally()

    async def probe(self) -> None:
        pass


class Broken:
    """A journal whose disk is full."""

    gateways: Gateways = MemoryGateways(ManualClock())

    async def tally(self) -> Tally:
        raise JournalError("The disk is full.")

    async def probe(self) -> None:
        raise JournalError("The disk is full.")


async def figures(site: Site) -> dict[tuple[str, Labels], float]:
    """Read what Prometheus would."""
    page = await site.get("/metrics")
    assert page.status == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page.body)
        for sample in family.samples
    }


def labels(**named: str) -> Labels:
    return tuple(sorted(named.items()))


async def test_a_process_that_lives_says_so(site: Site) -> None:
    page = await site.get("/healthz")
    assert (page.status, page.body) == (200, "alive\n")


async def test_it_is_ready_when_an_index_serves_and_the_journal_is_kept(site: Site) -> None:
    page = await site.get("/readyz")
    assert page.status == 200
    assert json.loads(page.body) == {"ready": True, "index": True, "journal": True}


async def test_it_is_not_ready_without_an_index(own: Application) -> None:
    async with serving(own) as site:
        page = await site.get("/readyz")
    assert page.status == 503
    assert json.loads(page.body)["index"] is False


@pytest.mark.parametrize(("is_required", "status"), [(True, 503), (False, 200)])
async def test_a_journal_that_fails_counts_where_it_is_required(
    application: Application, is_required: bool, status: int
) -> None:
    async with serving(
        application, watched=lambda core: replace(core, vitals=Broken()), log_required=is_required
    ) as site:
        page = await site.get("/readyz")
    assert page.status == status
    assert json.loads(page.body)["journal"] is False


async def test_readiness_and_health_are_not_kept(site: Site) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert (await site.get(path)).headers["Cache-Control"] == "no-store"


async def test_what_was_asked_is_counted_by_platform_and_kind(own: Application) -> None:
    own.reindex()
    async with serving(own) as site:
        await site.get(f"/search?q={CLAIM.replace(' ', '%20')}")
        await site.get(f"/search?q={NOTHING.replace(' ', '%20')}")
        await site.get("/search?q=%00")
        told = await figures(site)
    claims, questions = (labels(platform="web", kind=one) for one in ("claim", "question"))
    assert told["counterpoint_requests_total", claims] == 1
    assert told["counterpoint_answers_total", claims] == 1
    assert told["counterpoint_abstentions_total", questions] == 1
    assert told["counterpoint_requests_total", labels(platform="web", kind="unknown")] == 1
    assert told["counterpoint_abstentions_total", labels(platform="web", kind="unknown")] == 0
    assert told["counterpoint_stage_duration_seconds_count", labels(stage="all")] == 3


async def test_figures_of_the_index_are_told(site: Site) -> None:
    told = await figures(site)
    assert told["counterpoint_index_up", ()] == 1
    assert told["counterpoint_documents", ()] == 5


async def test_answers_are_timed_by_route_and_never_by_address(site: Site) -> None:
    for path in ("/d/essay", "/d/reply", "/d/nothing", "/no/such/page", "/or-this"):
        await site.get(path)
    told = await figures(site)
    name = "counterpoint_http_request_duration_seconds_count"
    assert told[name, labels(route="/d/{document_id}", status="200")] == 2
    assert told[name, labels(route="/d/{document_id}", status="404")] == 1
    assert told[name, labels(route="other", status="404")] == 2
    assert not any(re.search("essay|or-this", str(key)) for key in told)


async def test_figures_are_looked_up_once_for_all_who_ask_at_a_time(own: Application) -> None:
    own.reindex()
    async with serving(own) as site:
        await figures(site)
        await site.get("/search?q=beans")
        told = await figures(site)
    assert ("counterpoint_requests_total", labels(platform="web", kind="question")) not in told


async def test_a_journal_that_cannot_be_read_is_a_figure_itself(application: Application) -> None:
    async with serving(application, watched=lambda core: replace(core, vitals=Broken())) as site:
        told = await figures(site)
    assert told["counterpoint_journal_up", ()] == 0


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
async def test_figures_are_not_for_those_behind_a_proxy(site: Site, header: str) -> None:
    page = await site.get("/metrics", **{header: "203.0.113.9"})
    assert page.status == 404


async def test_figures_may_be_for_all(application: Application) -> None:
    async with serving(application, web_metrics="public") as site:
        page = await site.get("/metrics", X_Forwarded_For="203.0.113.9")
    assert page.status == 200


async def test_figures_may_be_for_nobody(application: Application) -> None:
    async with serving(application, web_metrics="off") as site:
        assert (await site.get("/metrics")).status == 404


async def test_two_sites_in_one_process_do_not_share_figures(application: Application) -> None:
    async with serving(application) as one, serving(application) as other:
        await one.get("/d/essay")
        told = await figures(other)
    key = labels(route="/d/{document_id}", status="200")
    assert ("counterpoint_http_request_duration_seconds_count", key) not in told


async def test_an_index_that_goes_is_a_figure(own: Application) -> None:
    own.reindex()
    async with serving(own) as site:
        assert (await figures(site))["counterpoint_index_up", ()] == 1
    shutil.rmtree(own.settings.data_dir)
    async with serving(own) as site:
        assert (await figures(site))["counterpoint_index_up", ()] == 0


# --- the bots that have no port of their own


def of_gateways(told: dict[tuple[str, Labels], float]) -> dict[tuple[str, Labels], float]:
    return {
        (name.removeprefix("counterpoint_gateway_"), key): value
        for (name, key), value in told.items()
        if name.startswith("counterpoint_gateway_")
    }


async def test_how_bots_are_connected_is_told_of_each_process(application: Application) -> None:
    clock, noted = ManualClock(), Noted()
    for state in (GatewayState(True, 45.5, 3), GatewayState(False, None, 7)):
        await MemoryGateways(clock, noted).note("discord", state)
        clock.advance(5)
    await MemoryGateways(clock, noted).note("slack", GatewayState(True, None, 1))
    vitals = Quiet(MemoryGateways(clock, noted))
    async with serving(application, watched=lambda core: replace(core, vitals=vitals)) as site:
        told = of_gateways(await figures(site))
    one, two = (labels(platform="discord", process=number) for number in "12")
    slack = labels(platform="slack", process="1")
    assert told == {
        ("up", one): 1,
        ("up", two): 0,
        ("up", slack): 1,
        ("latency_seconds", one): 0.0455,
        ("connects_total", one): 3,
        ("connects_total", two): 7,
        ("connects_total", slack): 1,
        ("noted_timestamp_seconds", one): clock.now - 10,
        ("noted_timestamp_seconds", two): clock.now - 5,
        ("noted_timestamp_seconds", slack): clock.now,
    }


async def test_a_bot_that_hangs_is_not_connected(application: Application) -> None:
    clock, noted = ManualClock(), Noted()
    await MemoryGateways(clock, noted).note("discord", GatewayState(True, 45.5, 3))
    clock.advance(SILENT_S + 1)
    vitals = Quiet(MemoryGateways(clock, noted))
    async with serving(application, watched=lambda core: replace(core, vitals=vitals)) as site:
        told = of_gateways(await figures(site))
    key = labels(platform="discord", process="1")
    assert told["up", key] == 0
    assert ("latency_seconds", key) not in told
    assert told["noted_timestamp_seconds", key] == clock.now - SILENT_S - 1


async def test_what_bots_note_in_the_journal_is_told_by_the_pages(own: Application) -> None:
    own.reindex()
    async with serving(own) as site, await own.open_journal() as bot:
        await bot.desk.gateways.note("discord", GatewayState(True, 45.5, 3))
        told = of_gateways(await figures(site))
    assert told["up", labels(platform="discord", process="1")] == 1


async def test_figures_of_gateways_have_types_that_fit(site: Site) -> None:
    page = await site.get("/metrics")
    kinds = {one.name: one.type for one in text_string_to_metric_families(page.body)}
    prefix = "counterpoint_gateway_"
    assert {name: kind for name, kind in kinds.items() if name.startswith(prefix)} == {
        f"{prefix}up": "gauge",
        f"{prefix}latency_seconds": "gauge",
        f"{prefix}connects": "counter",
        f"{prefix}noted_timestamp_seconds": "gauge",
    }


async def test_no_bot_is_known_where_no_journal_can_be_read(application: Application) -> None:
    async with serving(application, watched=lambda core: replace(core, vitals=Broken())) as site:
        assert of_gateways(await figures(site)) == {}
