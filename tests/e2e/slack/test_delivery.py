"""Events and interactions of the loopback Slack, with a plain Bolt, over sockets and HTTP."""

from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError

from tests.e2e.slack.delivery import EVENT
from tests.e2e.slack.echo import client_of, over_http, over_socket
from tests.e2e.slack.grants import APP_TOKEN
from tests.e2e.slack.people import Member, Workspace
from tests.e2e.slack.reading import labels_of, text_of
from tests.e2e.slack.server import LoopbackSlack
from tests.e2e.slack.signing import Flaw


async def settled(server: LoopbackSlack) -> None:
    """Wait until everything was taken in."""
    await server.until(lambda: all(one.is_acked or one.is_lost for one in server.deliveries))


@pytest.mark.parametrize("mode", [over_socket, over_http])
async def test_a_mention_a_button_a_menu_and_a_command_are_answered(
    server: LoopbackSlack, workspace: Workspace, ada: Member, mode: Any
) -> None:
    async with mode(server):
        asked = ada.ask(workspace.general, "hello")
        [answer] = await server.until(lambda: workspace.answers_to(asked))
        assert (text_of(answer), labels_of(answer)) == ("heard hello", ["Again"])
        pressed = ada.press(answer, "Again")
        [shown] = await server.until(lambda: pressed.ephemerals)
        assert text_of(shown) == "again"
        [option] = await ada.type_into(answer, "cl")
        assert option["text"]["text"] == "cl!"
        said = ada.command(workspace.general, "/say", "boo")
        [spoken] = await server.until(lambda: said.shown)
        assert text_of(spoken) == "said boo"
        at_once = ada.command(workspace.general, "/say", "at once")
        assert text_of((await server.until(lambda: at_once.ephemerals))[0]) == "said at once"
    assert server.problems() == []


@pytest.mark.parametrize("mode", [over_socket, over_http])
async def test_a_mention_comes_as_two_events_and_an_edit_mentions_anew(
    server: LoopbackSlack, workspace: Workspace, ada: Member, mode: Any
) -> None:
    server.feed.echoes = False
    async with mode(server) as bot:
        asked = ada.ask(workspace.general, "hello")
        ada.edit(asked, f"{asked.text} again")
        await server.until(lambda: len(bot.heard) == 4)
        wanted = ["app_mention", "app_mention", "message", "message_changed"]
        assert sorted(bot.kinds()) == wanted
        assert len(set(bot.heard)) == 4
        assert len(workspace.told_of(asked)) == 3


async def test_shortcut_modal_and_home_work(
    server: LoopbackSlack, workspace: Workspace, ada: Member
) -> None:
    async with over_socket(server) as bot:
        said = ada.say(workspace.general, "a claim")
        chosen = ada.shortcut(said, "look")
        [view] = await server.until(lambda: chosen.views)
        assert view.sent["private_metadata"] == "a claim"
        sent = ada.submit(view, why="because")
        await server.until(lambda: sent.is_acked and view.is_closed)
        assert ("form", "because") in bot.heard
        ada.open_home()
        home = await server.until(lambda: ada.home)
        assert text_of(home) == "home"
    assert server.problems() == []


async def test_previews_and_own_messages_are_told(
    server: LoopbackSlack, workspace: Workspace, ada: Member
) -> None:
    async with over_socket(server) as bot:
        channel = workspace.general.id
        ada.say(workspace.general, "hello")
        await bot.client.chat_postMessage(channel=channel, text="see https://example.org")
        await settled(server)
        told = [one.payload["event"] for one in server.deliveries]
        assert [one.get("bot_id", "") for one in told] == ["", workspace.bot.bot_id, ""]
        assert told[2]["subtype"] == "message_changed"
    assert "chat.postMessage: unfurl_links has to be False" in server.problems()


async def test_an_envelope_is_sent_again_after_a_dropped_socket(
    server: LoopbackSlack, workspace: Workspace, ada: Member
) -> None:
    async with over_socket(server) as bot:
        server.socket.drop()
        asked = ada.ask(workspace.general, "in the gap")
        await server.until(lambda: workspace.answers_to(asked))
        assert server.socket.connected == 2
        assert len({event_id for _, event_id in bot.heard}) == len(bot.heard)


async def test_an_envelope_is_sent_again_when_it_is_not_acknowledged(
    server: LoopbackSlack, workspace: Workspace, ada: Member
) -> None:
    server.ack_timeout_s = 0.05
    async with aiohttp.ClientSession() as session:
        client = client_of(server)
        opened = await client.apps_connections_open(app_token=APP_TOKEN)
        async with session.ws_connect(opened["url"]) as socket:
            assert (await socket.receive_json())["type"] == "hello"
            delivery = ada.open_messages()
            assert delivery is not None
            await server.until(lambda: delivery.is_lost)
            frames = [await socket.receive_json() for _ in range(4)]
    assert [one["retry_attempt"] for one in frames] == [0, 1, 2, 3]
    assert len({one["envelope_id"] for one in frames}) == 4
    assert len({one["payload"]["event_id"] for one in frames}) == 1


async def test_each_event_goes_to_one_of_several_sockets(
    server: LoopbackSlack, workspace: Workspace, ada: Member
) -> None:
    async with over_socket(server) as one, over_socket(server) as other:
        await server.until(lambda: len(server.socket.connections) == 2)
        for number in range(4):
            ada.say(workspace.general, f"{number}")
        await server.until(lambda: len(one.heard) + len(other.heard) == 4)
        assert (len(one.heard), len(other.heard)) == (2, 2)


async def test_what_happens_while_the_feed_is_muted_is_history(
    server: LoopbackSlack, workspace: Workspace, ada: Member
) -> None:
    async with over_socket(server) as bot:
        server.feed.is_muted = True
        ada.ask(workspace.general, "before")
        server.feed.is_muted = False
        ada.say(workspace.general, "after")
        await settled(server)
        assert bot.kinds() == ["message"]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_client_connects_anew_when_asked_to(
    server: LoopbackSlack, workspace: Workspace, ada: Member, reason: str
) -> None:
    async with over_socket(server):
        server.socket.disconnect(reason)
        asked = ada.ask(workspace.general, "hello")
        await server.until(lambda: workspace.answers_to(asked))
        await server.until(lambda: server.socket.connected == 2)


@pytest.mark.parametrize("mode", [over_socket, over_http])
async def test_a_delivery_can_be_replayed(
    server: LoopbackSlack, workspace: Workspace, ada: Member, mode: Any
) -> None:
    async with mode(server) as bot:
        said = ada.say(workspace.general, "hello")
        [delivery] = workspace.told_of(said)
        await settled(server)
        attempt = await server.replay(delivery)
        assert attempt.raw == delivery.attempts[0].raw
        await server.until(lambda: bot.heard == [("message", delivery.event_id)] * 2)


async def test_http_is_sent_again_with_its_number_and_reason(
    server: LoopbackSlack, workspace: Workspace, ada: Member
) -> None:
    got: list[tuple[str | None, str | None]] = []

    async def refuse(request: web.Request) -> web.Response:
        names = ("X-Slack-Retry-Num", "X-Slack-Retry-Reason")
        got.append((request.headers.get(names[0]), request.headers.get(names[1])))
        return web.Response(status=500 if len(got) < 3 else 200)

    app = web.Application()
    app.router.add_post("/", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    ada.say(workspace.general, "hello")
    await settled(server)
    await runner.cleanup()
    assert got == [(None, None), ("1", "http_error"), ("2", "http_error")]


@pytest.mark.parametrize("flaw", [Flaw.EMPTY_TIMESTAMP, Flaw.GARBAGE_TIMESTAMP])
async def test_bolt_alone_trips_over_a_timestamp_that_is_no_number(
    server: LoopbackSlack, workspace: Workspace, ada: Member, flaw: Flaw
) -> None:
    async with over_http(server) as bot:
        said = ada.say(workspace.general, "hello")
        await server.until(lambda: bot.heard)
        payload = workspace.told_of(said)[0].payload
        assert await server.forge(EVENT, payload, flaw) == 500


@pytest.mark.parametrize(
    "flaw", [Flaw.WRONG_SECRET, Flaw.NO_SIGNATURE, Flaw.NO_TIMESTAMP, Flaw.STALE, Flaw.FUTURE]
)
async def test_a_forged_event_is_refused_by_bolt(
    server: LoopbackSlack, workspace: Workspace, ada: Member, flaw: Flaw
) -> None:
    async with over_http(server) as bot:
        said = ada.say(workspace.general, "hello")
        await server.until(lambda: bot.heard)
        payload = workspace.told_of(said)[0].payload
        assert await server.forge(EVENT, payload, flaw) == 401
        assert await server.forge(EVENT, payload, None) == 200
        await server.until(lambda: len(bot.heard) == 2)


async def test_an_uninstalled_bot_is_told_and_its_token_is_worth_nothing(
    server: LoopbackSlack, workspace: Workspace
) -> None:
    async with over_socket(server) as bot:
        told = [one.payload["event"]["type"] for one in workspace.uninstall()]
        assert told == ["app_uninstalled", "tokens_revoked"]
        with pytest.raises(SlackApiError, match="token_revoked"):
            await bot.client.auth_test()
