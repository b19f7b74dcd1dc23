"""The Home tab: never more than Slack shows, whatever there is to know."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.presses import Action, Press
from adapters.messaging.reports import Line, Report, Shape
from adapters.slack import blocks, limits
from adapters.slack.blocks import Message
from adapters.slack.home import Home, HomePost, home_view
from bot import admin_texts, texts
from bot.administration import CorpusStatus
from bot.errors import DeliveryError
from bot.types import Topic
from tests.adapters.messaging.evidence import long_texts, nasty_texts
from tests.adapters.slack.calling import call_by
from tests.adapters.slack.looking import ACTING, labels, told
from tests.e2e.slack.blockkit import nodes, problems_of_blocks, problems_of_view
from tests.e2e.slack.people import Member
from tests.e2e.slack.server import LoopbackSlack

TOPICS = (Topic("trams", "Trams", (), "", ""), Topic("night-buses", "", (), "", ""))
STATUS = CorpusStatus("v1", 4, 400, 2, 1_700_000_000.0, ("On trams", "On buses"))
any_text = st.one_of(nasty_texts, long_texts)
topics = st.lists(
    st.builds(Topic, any_text.filter(str.strip), any_text, st.just(()), st.just(""), st.just("")),
    max_size=60,
)
statuses = st.one_of(
    st.none(),
    st.builds(
        CorpusStatus,
        st.one_of(st.none(), st.just("v1")),
        st.just(4),
        st.just(400),
        st.just(2),
        st.one_of(st.none(), st.just(1_700_000_000.0)),
        st.lists(any_text, max_size=60).map(tuple),
    ),
)


def home(
    status: CorpusStatus | None = STATUS,
    topics: Sequence[Topic] = TOPICS,
    *,
    manages: bool = False,
    may_edit: bool = False,
    keeps: bool | None = None,
) -> Home:
    return Home(status, topics, manages, may_edit, keeps=keeps)


def shown(view: dict[str, Any]) -> Message:
    """Return what a view shows, as a message."""
    return Message("", tuple(view["blocks"]))


def problems(view: dict[str, Any]) -> list[str]:
    acting = [f"a {one['type']} acts" for one in nodes(view) if one.get("type") in ACTING]
    return acting + problems_of_view(view) + problems_of_blocks(view["blocks"], surface="home")


@settings(max_examples=20)
@given(
    statuses,
    topics,
    st.booleans(),
    st.booleans(),
    st.sampled_from([True, False, None]),
    st.lists(any_text, max_size=30),
)
def test_the_home_tab_fits_whatever_there_is_to_know(
    status: CorpusStatus | None,
    found: list[Topic],
    manages: bool,
    edits: bool,
    keeps: bool | None,
    said: list[str],
) -> None:
    lines = (Line.of(one, shape=shape) for one in said for shape in Shape)
    result = blocks.report(Report("Done", tuple(lines)))
    known = home(status, topics=found, manages=manages, may_edit=edits, keeps=keeps)
    view = home_view(known, result.blocks)
    assert problems(view) == []
    assert texts.EXPORT in labels(shown(view))


def test_it_tells_what_is_known_how_to_ask_and_what_is_kept() -> None:
    said = told(shown(home_view(home())))
    assert texts.knows(4, 400, 2) in said
    assert texts.moment(1_700_000_000.0) in said
    for part in ("On trams", "On buses", "Trams", "night-buses", texts.HELP_MENTION):
        assert part in said
    assert all(sentence in said for sentence in texts.PRIVACY)


@pytest.mark.parametrize("status", [None, CorpusStatus(None, 0, 0, 0, None)])
def test_an_index_that_is_missing_is_told(status: CorpusStatus | None) -> None:
    assert admin_texts.NOT_INDEXED in told(shown(home_view(home(status))))


def test_without_topics_there_is_no_menu_to_choose_from() -> None:
    assert texts.CHOOSE_TOPIC in labels(shown(home_view(home())))
    assert texts.CHOOSE_TOPIC not in labels(shown(home_view(home(topics=()))))


@pytest.mark.parametrize(
    ("keeps", "offered", "sentence"),
    [
        (True, [texts.OPT_OUT], texts.PRIVACY[0]),
        (False, [texts.OPT_IN], texts.KEEPS_NOTHING),
        (None, [], texts.PRIVACY[0]),
    ],
)
def test_it_offers_the_choice_that_was_not_made(
    keeps: bool | None, offered: list[str], sentence: str
) -> None:
    view = shown(home_view(home(keeps=keeps)))
    assert [one for one in labels(view) if one in (texts.OPT_OUT, texts.OPT_IN)] == offered
    assert sentence in told(view)


@pytest.mark.parametrize(
    ("known", "buttons"),
    [
        ({}, []),
        ({"manages": True}, [admin_texts.DOCTOR_BUTTON]),
        ({"may_edit": True}, [admin_texts.REINDEX, admin_texts.UNANSWERED_BUTTON]),
    ],
)
def test_admins_see_what_they_may_do_and_members_do_not(
    known: dict[str, Any], buttons: list[str]
) -> None:
    view = shown(home_view(home(**known)))
    of_admins = (admin_texts.REINDEX, admin_texts.UNANSWERED_BUTTON, admin_texts.DOCTOR_BUTTON)
    assert [one for one in labels(view) if one in of_admins] == buttons
    assert (texts.HOME_ADMIN in told(view)) is bool(buttons)


def test_a_result_stands_on_top_with_all_of_its_buttons() -> None:
    many = tuple(Line.of(f"Line {n}", shape=Shape.SMALL) for n in range(100))
    report = blocks.report(Report("Done", many))
    button = blocks.row([blocks.button(Press(Action.FORGET, "U1").on_button, texts.FORGET)])
    view = home_view(home(manages=True, may_edit=True), [*report.blocks, *button])
    assert view["blocks"][0] == report.blocks[0]
    assert button[0] in view["blocks"]
    assert problems(view) == []


def test_a_long_result_leaves_room_for_the_rest() -> None:
    view = home_view(home(manages=True, may_edit=True), [blocks.divider()] * limits.VIEW_BLOCKS)
    assert problems(view) == []
    assert texts.EXPORT in labels(shown(view))


# --- the post


def post_of(client: AsyncWebClient, ada: Member) -> HomePost:
    async def known() -> Home:
        return home()

    asked = ada.command(ada.direct, "/source")
    return HomePost(client, call_by(asked, response_url=None), known)


async def test_an_answer_is_shown_in_the_tab_and_replaced_by_the_next(
    client: AsyncWebClient, ada: Member
) -> None:
    post = post_of(client, ada)
    for sentence in ("First.", "Second."):
        await post.show(blocks.notice(sentence))
    assert ada.home is not None
    said = told(Message("", tuple(ada.home.blocks)))
    assert said.startswith("Second.\n")
    assert "First." not in said
    assert texts.HOME_TITLE in said


@pytest.mark.parametrize("times", [1, 2])
async def test_an_answer_whose_blocks_are_refused_is_shown_plainer(
    server: LoopbackSlack, client: AsyncWebClient, ada: Member, times: int
) -> None:
    server.faults.refuse("views.publish", "invalid_blocks", times=times)
    cited = blocks.citation("https://e.org", "Open", 1, "Title")
    block = blocks.rich(blocks.section(blocks.text("Trams < buses"), cited))
    await post_of(client, ada).show(Message("Trams &lt; buses", (block,)))
    assert ada.home is not None
    assert told(Message("", tuple(ada.home.blocks))).startswith("Trams < buses")


async def test_an_answer_that_cannot_be_shown_is_a_delivery_error(
    server: LoopbackSlack, client: AsyncWebClient, ada: Member
) -> None:
    server.faults.refuse("views.publish", "not_enabled", times=5)
    with pytest.raises(DeliveryError) as caught:
        await post_of(client, ada).show(blocks.notice("Hello"))
    assert caught.value.code == "not_enabled"


def test_a_view_is_half_free_for_results() -> None:
    assert len(home_view(home(manages=True, may_edit=True))["blocks"]) < limits.VIEW_BLOCKS / 2
