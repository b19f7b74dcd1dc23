import re

import pytest

from bot.commands import (
    COMMANDS,
    MESSAGE_MENUS,
    SOURCE,
    SOURCE_ADMIN,
    Audience,
    Choice,
    Command,
    Option,
    OptionType,
    Place,
    Subcommand,
)
from bot.types import Trigger, Visibility

NAME = re.compile(r"[a-z0-9-]{1,32}")
OPTIONS = [
    *(option for command in COMMANDS for option in command.options),
    *(option for command in COMMANDS for sub in command.subcommands for option in sub.options),
]
NAMED: list[Command | Subcommand | Option] = [
    *COMMANDS, *(sub for command in COMMANDS for sub in command.subcommands), *OPTIONS,
]  # fmt: skip
WITH_OPTIONS = [*COMMANDS, *(sub for command in COMMANDS for sub in command.subcommands)]


@pytest.mark.parametrize("named", NAMED, ids=lambda named: named.name)
def test_names_and_descriptions_fit_discord(named: Command | Subcommand | Option) -> None:
    assert NAME.fullmatch(named.name)
    assert 1 <= len(named.description) <= 100


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_slack_names_fit_slack(command: Command) -> None:
    assert re.fullmatch(r"/[a-z0-9-]{1,31}", command.slack_name)


@pytest.mark.parametrize("owner", WITH_OPTIONS, ids=lambda owner: owner.name)
def test_required_options_come_first(owner: Command | Subcommand) -> None:
    required = [option.required for option in owner.options]
    assert required == sorted(required, reverse=True)
    assert len(owner.options) <= 25


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_options_are_sound(option: Option) -> None:
    assert len(option.choices) <= 25
    assert not (option.choices and option.suggests_topics)
    assert option.type is OptionType.INTEGER or (option.minimum, option.maximum) == (None, None)


def test_names_are_unique() -> None:
    for names in (
        [command.name for command in COMMANDS],
        [command.slack_name for command in COMMANDS],
        [sub.name for sub in SOURCE_ADMIN.subcommands],
        [menu.name for menu in MESSAGE_MENUS],
    ):
        assert len(names) == len(set(names))


def test_menus_fit_both_platforms_and_know_their_triggers() -> None:
    assert all(len(menu.name) <= 24 for menu in MESSAGE_MENUS)
    assert [menu.trigger for menu in MESSAGE_MENUS] == [
        Trigger.MENU_SOURCES, Trigger.MENU_COUNTERPOINTS,
    ]  # fmt: skip


def test_only_administration_is_restricted() -> None:
    restricted = [command for command in COMMANDS if command.audience is Audience.ADMINS]
    assert restricted == [SOURCE_ADMIN]
    assert SOURCE_ADMIN.places == {Place.COMMUNITY}


def test_source_takes_a_topic_and_a_visibility() -> None:
    topic, visibility = SOURCE.options
    assert topic.required
    assert topic.suggests_topics
    assert {choice.value for choice in visibility.choices} == {value.value for value in Visibility}
    assert isinstance(visibility.choices[0], Choice)


def test_usage_lists_arguments() -> None:
    assert SOURCE.usage == "topic [everyone|asker]"
    assert SOURCE_ADMIN.usage == (
        "reindex | status | channels [list|allow|deny|auto] [channel]"
        " | add file [title] [author] [url] | log [unanswered|all] [count] | doctor | dashboard"
    )
