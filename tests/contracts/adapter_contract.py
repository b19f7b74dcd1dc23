"""What every chat adapter keeps to: the same behaviours, whatever the platform.

A platform's tests inherit the suites and give them a `Stand`, where the real bot runs on the
corpus of `tests.e2e.corpus`. Only what a reader sees counts here, as plain words: how it looks is
each platform's own. What a platform does not have is left out with its reason.

    class TestConsoleAdapter(AdapterContract, ConversationContract, KeepingContract):
        @pytest.fixture
        def stand(self, ...) -> Stand: ...

`keeping_contract` has the last of them.
"""

import unicodedata

import pytest

from bot import texts
from bot.commands import FIND_COUNTERPOINTS, FIND_SOURCES, MessageMenu
from bot.conversation.composing import FIRST_REPLY
from bot.typography import readable
from tests.contracts.stand import (
    ASKER,
    OTHER,
    Ability,
    OnStand,
    Stand,
    needs,
    restart_if,
    restarted,
)
from tests.e2e.corpus import (
    AGAINST,
    CHATTER,
    CLAIM,
    HOSTILE,
    NEAR_TOPIC,
    NOTHING,
    NOTICE,
    QUESTION,
)
from tests.e2e.journals import entries_in

TOPIC, NEAR = "car-free-centre", "congestion-pricing"
ABOUT_BOILERS = "What does a boiler need?"
BOILER = "Tradesmen cannot carry a boiler on a bicycle."
TRAP = "https://example.org/trap"


def documents(stand: Stand) -> list[str]:
    """Return the documents of the corpus as they are shown."""
    paths = (stand.folder / "corpus" / "documents").iterdir()
    return [readable(path.read_text("utf-8")) for path in paths]


def is_verbatim(stand: Stand, said: str) -> bool:
    """Whether a quote stands in a document, to the character."""
    return bool(said) and any(said in document for document in documents(stand))


def acting_in(words: str) -> list[str]:
    """Return the characters that would do something to a terminal or to the order of the text."""
    return [one for one in words if unicodedata.category(one) == "Cc" or one == "\u202e"]


class AdapterContract(OnStand):
    """Answers: what they say, how they go on, and that nothing in them acts."""

    # --- what is answered

    async def test_a_question_is_answered_word_for_word(self, stand: Stand) -> None:
        answer = await stand.ask(QUESTION)
        assert CLAIM in answer.quotes.values()
        assert [one for one in answer.evidence.values() if not is_verbatim(stand, one)] == []

    async def test_what_argues_against_a_claim_is_set_apart(self, stand: Stand) -> None:
        answer = await stand.ask(CLAIM)
        assert AGAINST in answer.counterpoints.values()
        assert AGAINST not in answer.quotes.values()
        assert answer.words.index(texts.COUNTERPOINTS) < answer.words.index(AGAINST)
        assert [one for one in answer.evidence.values() if not is_verbatim(stand, one)] == []

    async def test_a_topic_shows_both_sides_and_whose_words_they_are(self, stand: Stand) -> None:
        answer = await stand.topic(TOPIC)
        assert CLAIM in answer.quotes.values()
        assert AGAINST in answer.counterpoints.values()
        assert "Ada Brown, The market square" in answer.words.replace(" \N{MIDDLE DOT}", ",")

    async def test_quotes_lead_to_their_pages(self, stand: Stand) -> None:
        answer = await stand.topic(TOPIC)
        pages = [one for one in answer.links if one.startswith("https://quotes.example.org/")]
        assert len(pages) == len(answer.evidence)
        assert all(link.startswith("https://") for link in answer.links)

    async def test_what_the_corpus_does_not_hold_is_said(self, stand: Stand) -> None:
        answer = await stand.ask(NOTHING)
        assert texts.NOTHING_FOUND in answer.words
        assert answer.evidence == {}
        assert texts.HELPFUL not in answer.offers

    @restarted
    async def test_a_topic_near_to_what_is_missing_can_be_taken_up(
        self, stand: Stand, restarts: bool
    ) -> None:
        nothing = await stand.ask(NEAR_TOPIC)
        assert texts.NOTHING_FOUND in nothing.words
        assert texts.NEAR_TOPICS in nothing.words
        near = next(one for one in nothing.offers if one.casefold().replace(" ", "-") == NEAR)
        await restart_if(stand, restarts)
        assert "tax on the poor" in (await stand.follow(nothing, near)).words

    @pytest.mark.parametrize("text", ["", "thanks!"], ids=["a bare call", "small talk"])
    async def test_who_asks_nothing_is_told_how_to_ask(self, stand: Stand, text: str) -> None:
        answer = await stand.ask(text)
        assert texts.HOW_TO_ASK in answer.words
        assert answer.evidence == {}
        assert answer.pings == ()

    async def test_an_answer_is_for_all_or_for_the_asker_alone(self, stand: Stand) -> None:
        needs(stand, Ability.AUDIENCE)
        assert (await stand.topic(TOPIC)).readers == {ASKER, OTHER}
        answer = await stand.topic(CLAIM, privately=True)
        assert AGAINST in answer.counterpoints.values()
        assert answer.readers == {ASKER}

    @pytest.mark.parametrize("menu", [FIND_SOURCES, FIND_COUNTERPOINTS], ids=lambda one: one.name)
    async def test_the_menu_of_a_message_answers_what_it_says(
        self, stand: Stand, menu: MessageMenu
    ) -> None:
        needs(stand, Ability.MENUS)
        answer = await stand.look_into(menu, CLAIM)
        assert texts.answers_message(OTHER) in answer.words
        assert CLAIM in answer.quotes.values()
        assert AGAINST in answer.counterpoints.values()
        more_against = len(answer.counterpoints) > len(answer.quotes)
        assert more_against is (menu is FIND_COUNTERPOINTS)

    # --- how it goes on

    @pytest.mark.parametrize("text", [QUESTION, AGAINST], ids=["a question", "a claim"])
    async def test_an_answer_is_short_and_the_rest_comes_on_request(
        self, stand: Stand, text: str
    ) -> None:
        page = await stand.ask(text)
        assert len(page.quotes) <= FIRST_REPLY.quotes
        assert len(page.counterpoints) <= FIRST_REPLY.counterpoints
        assert page.hidden
        total = len(page.evidence) + page.hidden
        pages = [page]
        while page.hidden:
            page = await stand.more(page)
            assert page.evidence
            pages.append(page)
        told = [one for page in pages for one in page.evidence.items()]
        assert sorted(number for number, _ in told) == list(range(1, total + 1))
        assert len({said for _, said in told}) == total
        assert [said for _, said in told if not is_verbatim(stand, said)] == []

    async def test_a_number_means_the_same_quote_everywhere(self, stand: Stand) -> None:
        answer = await stand.ask(CLAIM)
        for number, said in answer.evidence.items():
            assert said in (await stand.context(answer, number)).words
        needs(stand, Ability.PRESSES)
        against = await stand.counterpoints(answer)
        assert against.quotes == {}
        assert dict(answer.counterpoints).items() <= dict(against.counterpoints).items()

    @restarted
    async def test_context_shows_the_sentences_around_a_quote(
        self, stand: Stand, restarts: bool
    ) -> None:
        answer = await stand.ask(ABOUT_BOILERS)
        number = next(key for key, said in answer.evidence.items() if said == BOILER)
        await restart_if(stand, restarts)
        shown = await stand.context(answer, number)
        assert f"the air there got worse. {BOILER} Banning cars and vans" in shown.words
        assert shown.readers == {ASKER}

    @restarted
    async def test_more_shows_what_was_left_out_and_nothing_twice(
        self, stand: Stand, restarts: bool
    ) -> None:
        answer = await stand.ask(QUESTION)
        await restart_if(stand, restarts)
        shown = await stand.more(answer)
        assert shown.evidence
        assert set(shown.evidence.values()).isdisjoint(answer.evidence.values())
        assert shown.readers == {ASKER}

    @restarted
    async def test_counterpoints_shows_the_other_side_alone(
        self, stand: Stand, restarts: bool
    ) -> None:
        needs(stand, Ability.PRESSES)
        answer = await stand.ask(CLAIM)
        await restart_if(stand, restarts)
        shown = await stand.counterpoints(answer)
        assert AGAINST in shown.counterpoints.values()
        assert shown.quotes == {}
        assert texts.SUPPORTS not in shown.words
        assert shown.readers == {ASKER}

    @restarted
    async def test_why_tells_what_was_searched_for_where_and_under_which_id(
        self, stand: Stand, restarts: bool
    ) -> None:
        answer = await stand.ask(ABOUT_BOILERS)
        await restart_if(stand, restarts)
        shown = await stand.why(answer)
        [entry] = await entries_in(stand.folder)
        told = (ABOUT_BOILERS, entry.corpus_version, entry.request_id, str(entry.shown[0].end))
        assert [one for one in told if str(one) not in shown.words] == []
        assert shown.readers == {ASKER}

    async def test_who_did_not_ask_may_look_closer_too(self, stand: Stand) -> None:
        needs(stand, Ability.PRESSES)
        shown = await stand.why(await stand.ask(CLAIM), by=OTHER)
        assert CLAIM in shown.words
        assert shown.readers == {OTHER}

    # --- nothing in it acts

    async def test_a_document_calls_nobody_and_is_shown_to_the_letter(self, stand: Stand) -> None:
        answer = await stand.ask(HOSTILE)
        assert readable(NOTICE) in answer.quotes.values()
        assert answer.pings == ()
        assert TRAP not in answer.links

    @pytest.mark.parametrize(
        "typed",
        [
            "@everyone @here <!channel> <!here> <@1> <@U1> <#C1> what about {}?",
            f"# **all** ||of|| <{TRAP}|it> [trap]({TRAP}) `a` ~b~ *c* what about {{}}?",
            "\x1b[31m\x1b]0;title\x07 \u202ewhat\u202c about {}?",
        ],
        ids=["mentions", "markup", "control characters"],
    )
    async def test_what_is_typed_does_nothing(self, stand: Stand, typed: str) -> None:
        answer = await stand.ask(typed.format("the congestion charge"))
        why = await stand.why(answer)
        assert "the congestion charge" in why.words
        for shown in (answer, why):
            assert shown.pings == ()
            assert TRAP not in shown.links
            assert acting_in(shown.words) == []


class ConversationContract(OnStand):
    """What was said around a call, where the platform lets the bot read it."""

    async def test_source_is_about_what_somebody_else_claimed(self, stand: Stand) -> None:
        answer = await stand.ask_about(CLAIM, CHATTER)
        assert texts.answers_message(OTHER) in answer.words
        assert AGAINST in answer.counterpoints.values()

    async def test_a_name_is_shown_to_the_letter(self, stand: Stand) -> None:
        name = "*Eve* @everyone <!here> ||x|| `y`"
        answer = await stand.ask_about(CLAIM, by=name)
        assert texts.answers_message(name) in answer.words
        assert answer.pings == ()

    async def test_a_name_does_nothing_to_the_text_around_it(self, stand: Stand) -> None:
        answer = await stand.ask_about(CLAIM, by="\x1b[31mEve \u202eadA")
        assert texts.answers_message("{}").partition("{}")[0] in answer.words
        assert acting_in(answer.words) == []
