from adapters.discord.gathering import NOTHING, around
from tests.adapters.discord.speaking import make_guild, make_message, text_channel, user


async def test_messages_stand_oldest_first_and_once_with_the_target_marked() -> None:
    guild = make_guild(text_channel())
    target = make_message(guild, 3, "Trams are loud.")
    found = around(
        make_message(guild, 9, "Really?"),
        make_message(guild, 3, "Trams are loud."),
        make_message(guild, 5, "No."),
        target=target,
    )
    assert [(one.id, one.is_reply_target) for one in found.messages] == [
        ("3", True), ("5", False), ("9", False),
    ]  # fmt: skip


async def test_who_said_something_is_known_with_its_address() -> None:
    guild = make_guild(text_channel())
    found = around(make_message(guild, 3, "Loud.", author=user(8, "Bea")))
    cited = found.author_of("3")
    assert cited is not None
    assert (cited.author, cited.url) == ("Bea", "https://discord.com/channels/1/2/3")
    assert found.author_of("4") is None
    assert found.author_of(None) is None
    assert NOTHING.author_of("3") is None


async def test_a_person_without_words_was_withheld_and_a_bot_was_not() -> None:
    guild = make_guild(text_channel())
    empty = make_message(guild, 3)
    picture = make_message(guild, 4, embeds=[{"type": "image"}])
    machine = make_message(guild, 5, author=user(8, bot=True))
    assert around(make_message(guild, 2, "Words."), empty).is_withheld
    assert not around(make_message(guild, 2, "Words."), picture, machine).is_withheld
