"""What travels through the program cannot be changed on the way."""

import inspect
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace

import pytest

from bot import types
from bot.ports import communities, index, journal
from bot.types import QueryKind, Reply, Stance, Visibility
from tests.fakes.journal import a_reply

VALUE_TYPES: list[type] = [
    kind
    for module in (types, communities, index, journal)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if is_dataclass(kind) and kind.__module__ == module.__name__
]


def test_value_types_are_found() -> None:
    assert {"Document", "Query", "Reply", "Receipt"} <= {kind.__name__ for kind in VALUE_TYPES}


@pytest.mark.parametrize("kind", VALUE_TYPES, ids=lambda kind: kind.__name__)
def test_value_type_is_frozen_and_slotted(kind: type) -> None:
    value: object = object.__new__(kind)
    for field in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, None)
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("kind", VALUE_TYPES, ids=lambda kind: kind.__name__)
def test_value_type_says_what_it_is(kind: type) -> None:
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}(")


def test_equal_content_makes_equal_values() -> None:
    assert a_reply() == a_reply()
    assert replace(a_reply(), answered=False) != a_reply()


def test_replies_do_not_share_their_timings() -> None:
    one, other = Reply("r1", False, ""), Reply("r2", False, "")
    assert one.stage_ms is not other.stage_ms


def test_names_that_leave_the_program_stay() -> None:
    # They stand in the journal, in JSON and in benchmark files.
    assert [kind.value for kind in QueryKind] == ["question", "claim", "topic"]
    assert [side.value for side in Stance] == ["supports", "opposes", "neutral"]
    assert [seen.value for seen in Visibility] == ["everyone", "asker"]
