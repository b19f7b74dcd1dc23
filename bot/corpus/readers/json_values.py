"""Parse JSON that may hold anything, and look into it without trusting its shape.

Called by the readers of JSON Lines and of chat exports.
"""

import json
from collections.abc import Mapping

from bot.corpus.readers.limits import Unreadable


def parse_json(text: str) -> object:
    """Return the value of a JSON text.

    Raises:
        Unreadable: It is no JSON, or nests too deeply to be read.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise Unreadable("Its JSON is nested too deeply to be read.") from error
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"It is no valid JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from error
    except ValueError as error:
        # Python refuses integers of more than 4,300 digits.
        raise Unreadable("It is no usable JSON: it holds a number of absurd length.") from error


def as_object(value: object) -> Mapping[str, object]:
    """Return ``value`` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_objects(value: object) -> list[Mapping[str, object]]:
    """Return the objects in ``value`` if it is a JSON list, else none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def as_text(value: object) -> str:
    """Return ``value`` if it is a string, else an empty one."""
    return value if isinstance(value, str) else ""
