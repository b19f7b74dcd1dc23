import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.asking import MAX_CLAIM_LENGTH, to_query
from bot.types import Interaction, Message, Query, QueryKind, Topic, Trigger

RENT = Topic("rent-control", "Rent control", ("rent caps",), "Limits.", "Cities should cap rents.")


def ask(
    text: str,
    *context: Message,
    trigger: Trigger = Trigger.MENTION,
    kind: QueryKind | None = None,
) -> Query | None:
    request = Interaction(
        "request", "test", "community", "kitchen", "ann", text, trigger, 0.0, None, context, kind
    )
    return to_query(request, [RENT])


def message(id_: str, text: str, author: str = "bob", **flags: bool) -> Message:
    return Message(id_, author, text, **flags)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("<@1> Tea is good.", Query("Tea is good.", QueryKind.CLAIM, "Tea is good.")),
        ("Tea is good, right?", Query("Tea is good, right?", QueryKind.CLAIM, "Tea is good")),
        ("I think that tea is good",
         Query("I think that tea is good", QueryKind.CLAIM, "tea is good")),
        ("I don't think tea is good", Query("I don't think tea is good", QueryKind.CLAIM,
                                            "I don't think tea is good")),
        ("Is tea good?", Query("Is tea good?", QueryKind.QUESTION, "Tea is good.")),
        ("Who drinks tea?", Query("Who drinks tea?", QueryKind.QUESTION)),
        ("tea", Query("tea", QueryKind.TOPIC)),
        ("rent-contrl", Query("Rent control", QueryKind.TOPIC, RENT.proposition, RENT.slug)),
        ("thoughts on rent caps?",
         Query("Rent control", QueryKind.TOPIC, RENT.proposition, RENT.slug)),
    ],
)  # fmt: skip
def test_query_holds_what_is_asked_and_the_claim_behind_it(text: str, query: Query) -> None:
    assert ask(text) == query


@pytest.mark.parametrize(
    "text",
    ["find sources for the claim that tea is good", "fact check: tea is good",
     "sources: tea is good", "any evidence that tea is good?",
     "can you give me counterpoints to tea is good?", "> tea is good\nis this true?",
     "tea is good. Source?",
     "what do you think about tea is good"],
)  # fmt: skip
def test_request_is_taken_off_what_it_is_about(text: str) -> None:
    query = ask(text)
    assert query is not None
    assert (query.kind, (query.claim or "").rstrip(".")) == (QueryKind.CLAIM, "tea is good")


@pytest.mark.parametrize("text", ["Evidence for ghosts is weak.", "sources on rye differ a lot"])
def test_claim_that_looks_like_a_request_stays_whole(text: str) -> None:
    query = ask(text)
    assert query is not None
    assert query.claim == text


def test_question_inside_a_request_stays_a_question() -> None:
    query = ask("any evidence on how tea is made?")
    assert query == Query("how tea is made?", QueryKind.QUESTION)


@pytest.mark.parametrize(
    "text", ["", "lol ok", "thanks!", "hi bot", "source?", "🍵", "https://a.b"]
)
def test_nothing_to_ask_gives_no_query(text: str) -> None:
    assert ask(text) is None


@pytest.mark.parametrize(
    "text", ["<@1>", "thoughts?", "<@1> source?", "is this true?", "fact check"]
)
def test_pointing_request_is_about_the_newest_claim_of_another_person(text: str) -> None:
    query = ask(
        text,
        message("1", "Tea keeps you awake."),
        message("2", "Coffee stains teeth."),
        message("3", "how much tea do you drink?"),
        message("4", "lol"),
        message("5", "3 passages support this.", "helper", is_bot=True),
        message("6", "Tea is good.", "ann"),
        message("request", text, "ann"),
    )
    assert query == Query(
        "Coffee stains teeth.", QueryKind.CLAIM, "Coffee stains teeth.", None, "2"
    )


def test_reply_target_comes_first() -> None:
    query = ask(
        "source?",
        message("1", "Tea keeps you awake.", is_reply_target=True),
        message("2", "Coffee stains teeth."),
    )
    assert query is not None
    assert query.answers == "1"


@pytest.mark.parametrize(
    "target",
    [message("9", "Quotes: tea.", "helper", is_bot=True, is_reply_target=True),
     message("9", "lol", is_reply_target=True)],
)  # fmt: skip
def test_reply_target_of_a_bot_or_without_content_is_passed_over(target: Message) -> None:
    query = ask("is that so?", message("1", "Tea keeps you awake."), target)
    assert query is not None
    assert query.answers == "1"


def test_question_of_another_person_serves_when_nobody_asserts() -> None:
    query = ask("thoughts?", message("1", "Does tea keep you awake?"), message("2", "old teapots"))
    assert query is not None
    assert (query.answers, query.kind) == ("1", QueryKind.QUESTION)


def test_own_claim_serves_when_nobody_else_spoke() -> None:
    query = ask("source?", message("1", "Tea keeps you awake.", "ann"))
    assert query is not None
    assert query.answers == "1"


def test_request_with_content_ignores_the_conversation() -> None:
    query = ask("tea is good", message("1", "Coffee is bad.", is_reply_target=True))
    assert query is not None
    assert query.answers is None


@pytest.mark.parametrize("trigger", [Trigger.MENU_SOURCES, Trigger.MENU_COUNTERPOINTS])
def test_menu_is_about_its_target_even_when_a_bot_wrote_it(trigger: Trigger) -> None:
    target = message("7", "Tea keeps you awake.", "feed", is_bot=True, is_reply_target=True)
    query = ask("", message("8", "Coffee is bad."), target, trigger=trigger)
    assert query is not None
    assert (query.claim, query.answers) == ("Tea keeps you awake.", "7")


def test_menu_without_context_takes_the_text_given() -> None:
    query = ask("Tea keeps you awake.", trigger=Trigger.MENU_SOURCES)
    assert query is not None
    assert (query.claim, query.answers) == ("Tea keeps you awake.", None)


def test_menu_on_small_talk_gives_no_query() -> None:
    assert (
        ask("", message("7", "lol ok", is_reply_target=True), trigger=Trigger.MENU_SOURCES) is None
    )


def test_chosen_kind_overrides() -> None:
    assert ask("tea is good", kind=QueryKind.TOPIC) == Query("tea is good", QueryKind.TOPIC)
    assert ask("thanks", kind=QueryKind.TOPIC) == Query("thanks", QueryKind.TOPIC)
    assert ask("Is tea good?", kind=QueryKind.CLAIM) == Query(
        "Is tea good?", QueryKind.CLAIM, "Tea is good."
    )


def test_unasked_bot_does_not_pick_up_messages_without_words() -> None:
    said = message("1", "Tea keeps you awake.")
    assert ask("🍵", said, trigger=Trigger.AUTO) is None


def test_long_post_is_judged_by_its_first_assertion() -> None:
    post = (
        "My old teapot! Tea keeps you awake. " + "It also stains the teeth of those people. " * 15
    )
    query = ask(post)
    assert query is not None
    assert query.claim == "Tea keeps you awake."


def test_claim_without_sentences_is_bounded() -> None:
    query = ask("tea is good and " * 60)
    assert query is not None
    assert len(query.claim or "") <= MAX_CLAIM_LENGTH


@given(st.text(max_size=200), st.text(max_size=200), st.sampled_from(Trigger))
def test_any_interaction_gives_a_sound_query_or_none(
    text: str, said: str, trigger: Trigger
) -> None:
    query = ask(text, message("1", said, is_reply_target=True), trigger=trigger)
    assert query is None or (query.text.strip() and "\n" not in query.text)
