"""How the bot is connected to Discord's gateway stands in the journal, for the pages to tell."""

from tests.e2e.discord.stage import Stage
from tests.e2e.journals import gateway_once, gateways_in


async def test_a_bot_notes_that_it_is_connected_and_how_fast(stage: Stage) -> None:
    noted = await gateway_once(stage.folder, lambda it: it.state.is_up)
    assert (noted.platform, noted.number, noted.state.connects) == ("discord", 1, 1)
    assert noted.state.latency_ms is None or 0 < noted.state.latency_ms < 5000


async def test_a_bot_notes_that_its_connection_is_down_and_that_it_is_back(stage: Stage) -> None:
    await gateway_once(stage.folder, lambda it: it.state.is_up)
    stage.server.gateway.greets.clear()
    stage.server.gateway.drop()
    down = await gateway_once(stage.folder, lambda it: not it.state.is_up)
    assert (down.state.connects, down.state.latency_ms) == (1, None)
    stage.server.gateway.greets.set()
    back = await gateway_once(stage.folder, lambda it: it.state.is_up)
    assert (back.number, back.state.connects) == (1, 2)
    assert stage.server.gateway.resumed == 1


async def test_a_bot_that_was_stopped_is_known_no_more(stage: Stage) -> None:
    await gateway_once(stage.folder, lambda it: it.state.is_up)
    await stage.stop()
    assert await gateways_in(stage.folder) == []
