"""The form in which an admin adds a document. Pure; `admin` opens it and reads what it says."""

from dataclasses import dataclass
from typing import Any

from adapters.slack import blocks, limits
from adapters.slack.translate import Payload
from bot import admin_texts
from bot.commands import SOURCE_ADMIN

CALLBACK_ID = "add_document"

_ADD = next(one for one in SOURCE_ADMIN.subcommands if one.name == "add")
_VALUE = "value"


@dataclass(frozen=True, slots=True)
class Form:
    """What a form says: files by their ids, and what is known of the document."""

    file_ids: tuple[str, ...]
    title: str | None = None
    author: str | None = None
    url: str | None = None


def form_view() -> dict[str, Any]:
    """Return the form: a file, and the options of the command in the table."""
    inputs = []
    for option in _ADD.options:
        is_file = option.name == "file"
        element = (
            {"type": "file_input", "action_id": _VALUE, "max_files": 1}
            if is_file
            else {"type": "plain_text_input", "action_id": _VALUE}
        )
        inputs.append(
            {
                "type": "input",
                "block_id": option.name,
                "label": blocks.plain(option.description, limits.INPUT_LABEL),
                "element": element,
                "optional": not option.required,
            }
        )
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "title": blocks.plain(admin_texts.ADD_TITLE, limits.MODAL_TITLE),
        "submit": blocks.plain(admin_texts.ADD_SUBMIT, limits.MODAL_TITLE),
        "close": blocks.plain(admin_texts.CANCEL, limits.MODAL_TITLE),
        "blocks": inputs,
    }


def read_form(view: Payload) -> Form:
    """Return what a submitted form says."""
    values = view["state"]["values"]

    def typed(name: str) -> str | None:
        return (values.get(name, {}).get(_VALUE, {}).get("value") or "").strip() or None

    files = values.get("file", {}).get(_VALUE, {}).get("files") or ()
    ids = tuple(str(file["id"]) for file in files)
    return Form(ids, typed("title"), typed("author"), typed("url"))
