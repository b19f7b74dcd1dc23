"""The form in which an admin adds a document."""

from typing import Any

from adapters.slack.adding import CALLBACK_ID, Form, form_view, read_form
from bot.commands import SOURCE_ADMIN
from tests.e2e.slack.blockkit import problems_of_blocks, problems_of_view

ADD = next(one for one in SOURCE_ADMIN.subcommands if one.name == "add")


def submitted(**values: Any) -> dict[str, Any]:
    """Return a view as Slack sends it when a form is submitted."""
    told: dict[str, Any] = {
        name: {"value": {"type": "plain_text_input", "value": value}}
        for name, value in values.items()
        if name != "files"
    }
    files = [{"id": one, "name": "t.txt"} for one in values.get("files", ())]
    told["file"] = {"value": {"type": "file_input", "files": files}}
    return {"callback_id": CALLBACK_ID, "state": {"values": told}}


def test_slack_takes_the_form() -> None:
    view = form_view()
    assert problems_of_view(view) + problems_of_blocks(view["blocks"], surface="modal") == []


def test_the_form_asks_for_the_options_of_the_command() -> None:
    inputs = form_view()["blocks"]
    assert [one["block_id"] for one in inputs] == [one.name for one in ADD.options]
    assert [not one["optional"] for one in inputs] == [one.required for one in ADD.options]
    kinds = {one["block_id"]: one["element"]["type"] for one in inputs}
    assert kinds.pop("file") == "file_input"
    assert set(kinds.values()) == {"plain_text_input"}


def test_what_was_filled_in_is_read() -> None:
    view = submitted(files=["F1"], title=" On trams ", author="Ida Rail", url="https://e.org")
    assert read_form(view) == Form(("F1",), "On trams", "Ida Rail", "https://e.org")


def test_what_was_left_empty_is_unknown() -> None:
    assert read_form(submitted(files=["F1"], title=None, author="  ")) == Form(("F1",))
    assert read_form({"state": {"values": {}}}) == Form(())
