"""A verdict changes the next reply, wherever that is given, and can be undone."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.web.leaves import permalink_path
from bot import dashboard_texts, page_texts, texts
from bot.administration.overseeing import MOST_OPEN, MOST_SETTLED
from bot.bootstrap import Application
from bot.ports import Ruling, Verdict
from bot.types import Evidence, Feedback, Reply, Stance
from tests.adapters.web.corpus import CLAIM
from tests.adapters.web.dashboard.desk import Browser, ask, complain, forms
from tests.adapters.web.site import Page, Site, serving
from tests.fakes.journal import a_reply, an_interaction

PAGE = "/dashboard/disputes"
RULINGS = "/dashboard/rulings"


def all_of(reply: Reply) -> list[Evidence]:
    return [*reply.quotes, *reply.counterpoints]


def find(reply: Reply, text: str) -> Evidence | None:
    return next((one for one in all_of(reply) if one.quote.text == text), None)


async def disputed(site: Site, browser: Browser) -> tuple[Reply, Evidence, Page]:
    """Dispute a reply; returns it with its first counterpoint and the queue."""
    reply = await ask(site.core)
    assert reply.quotes
    assert reply.counterpoints
    await complain(site.core, reply, Feedback.MISATTRIBUTED)
    return reply, reply.counterpoints[0], await browser.get(PAGE)


async def ruled(browser: Browser, page: Page, button: str, **changes: str) -> Page:
    """Decide about the first counterpoint on the queue."""
    form = next(
        one for one in forms(page, RULINGS) if one.fields.get("role") == "counterpoint"
    )  # fmt: skip
    done = await browser.send(form, button, **changes)
    assert (done.status, done.location) == (303, PAGE)
    return await browser.get(PAGE)


async def test_a_dispute_is_a_task_with_the_quotes_of_its_reply(
    desk: Site, browser: Browser
) -> None:
    reply, _, page = await disputed(desk, browser)
    assert page.texts("//article[@class='dispute']//h3") == [CLAIM]
    assert page.texts("//p[@class='said']") == ["Misattributed"]
    assert len(page.texts("//article//blockquote")) == len(all_of(reply))


@pytest.mark.parametrize("feedback", [Feedback.HELPFUL, Feedback.OFF_TOPIC, Feedback.OTHER])
async def test_what_disputes_no_quote_is_no_task(
    desk: Site, browser: Browser, feedback: Feedback
) -> None:
    await complain(desk.core, await ask(desk.core), feedback)
    assert dashboard_texts.NO_DISPUTES in (await browser.get(PAGE)).body


async def test_a_hidden_quote_is_in_no_reply_any_more(desk: Site, browser: Browser) -> None:
    first, evidence, page = await disputed(desk, browser)
    await ruled(browser, page, "hide")
    assert find(await ask(desk.core, number="2"), evidence.quote.text) is None
    recalled = await desk.core.bot.recall(first.id)
    assert recalled is not None
    assert find(recalled.reply, evidence.quote.text) is None
    assert find(recalled.reply, first.quotes[0].quote.text) is not None
    # Nor on the pages that answer.
    topic = await desk.get("/t/allotments")
    assert evidence.quote.text not in " ".join(topic.texts("//blockquote"))


async def test_the_place_of_a_hidden_quote_says_so(desk: Site, browser: Browser) -> None:
    _, evidence, page = await disputed(desk, browser)
    path = evidence.quote.permalink[evidence.quote.permalink.index("/q/") :]
    assert page_texts.WITHDRAWN not in (await desk.follow(path)).body
    await ruled(browser, page, "hide")
    assert page_texts.WITHDRAWN in (await desk.follow(path)).body


@pytest.mark.parametrize("further", [0, 1])
async def test_a_preview_does_not_show_a_hidden_quote(
    desk: Site, browser: Browser, further: int
) -> None:
    _, evidence, page = await disputed(desk, browser)
    quote = evidence.quote
    # The quote itself, and one that goes on to what stands behind it.
    around = (await desk.get(f"/d/{quote.document_id}")).texts("//*[@id='text']//a[@class='s']")
    at = around.index(quote.text)
    said = " ".join(around[at : at + 1 + further])
    path = permalink_path(quote.document_id, quote.start, quote.start + len(said), said)
    picture = f"{path}.png".replace("/q/", "/card/")
    assert quote.text in " ".join(previewed(await desk.follow(path)))
    async with desk.client.get(f"{desk.address}{picture}") as response:
        assert response.content_type == "image/png"

    await ruled(browser, page, "hide")
    shown = await desk.follow(path)
    assert quote.text in " ".join(shown.texts("//mark"))
    assert page_texts.WITHDRAWN in shown.body
    assert quote.text not in " ".join(previewed(shown))
    assert shown.values("//meta[@property='og:title']/@content")
    assert shown.values("//meta[@property='og:image' or @name='twitter:card']") == []
    assert (await desk.get(picture)).status == 404

    (form,) = forms(await browser.get(PAGE), "/dashboard/undo")[:1]
    await browser.send(form)
    assert quote.text in " ".join(previewed(await desk.follow(path)))


@pytest.mark.parametrize(("first", "last"), [(0, 1), (1, 0), (3, 4)])
async def test_a_link_to_part_of_a_hidden_quote_is_withdrawn_too(
    desk: Site, browser: Browser, first: int, last: int
) -> None:
    _, evidence, page = await disputed(desk, browser)
    quote = evidence.quote
    said = quote.text[first : len(quote.text) - last]
    path = permalink_path(quote.document_id, quote.start + first, quote.end - last, said)
    assert page_texts.WITHDRAWN not in (await desk.follow(path)).body
    await ruled(browser, page, "hide")
    shown = await desk.follow(path)
    assert page_texts.WITHDRAWN in shown.body
    assert said not in " ".join(previewed(shown))
    assert (await desk.get(f"{path}.png".replace("/q/", "/card/"))).status == 404


@pytest.mark.parametrize("is_renamed", [False, True])
async def test_a_hidden_quote_stays_hidden_in_other_lines_and_under_another_id(
    kept: Application, desk: Site, browser: Browser, is_renamed: bool
) -> None:
    _, evidence, page = await disputed(desk, browser)
    await ruled(browser, page, "hide")
    name, text = evidence.quote.document_id, evidence.quote.text
    wrapped = text.replace(" ", "\n", 1)
    file = kept.settings.corpus_dir / "documents" / f"{name}.txt"
    rewrite(file, file.read_text("utf-8").replace(text, wrapped))
    if is_renamed:
        name = "renamed"
        move(file, file.with_name("renamed.txt"))
    kept.reindex()
    again = await ask(desk.core, number="2")
    assert all(" ".join(one.quote.text.split()) != text for one in all_of(again))
    start = read(kept, name).index(wrapped)
    path = permalink_path(name, start, start + len(wrapped), wrapped)
    assert page_texts.WITHDRAWN in (await desk.follow(path)).body


def read(application: Application, document_id: str) -> str:
    """Return the text of a document."""
    index = application.store.current()
    assert index is not None
    return index.document(document_id).text


def move(file: Path, target: Path) -> None:
    """Give a file another name."""
    file.rename(target)


def previewed(page: Page) -> list[str]:
    """Return what a page tells those who preview it."""
    return page.values("//meta[@property or @name]/@content | //title/text()")


async def test_a_hidden_quote_that_is_gone_is_said_to_be_withdrawn(
    kept: Application, desk: Site, browser: Browser
) -> None:
    _, evidence, page = await disputed(desk, browser)
    await ruled(browser, page, "hide")
    file = kept.settings.corpus_dir / "documents" / f"{evidence.quote.document_id}.txt"
    rewrite(file, file.read_text("utf-8").replace(evidence.quote.text, "Nobody said that."))
    kept.reindex()
    path = evidence.quote.permalink[evidence.quote.permalink.index("/q/") :]
    assert page_texts.WITHDRAWN in (await desk.get(path)).body


def rewrite(file: Path, text: str) -> None:
    """Put another text into a document."""
    file.write_text(text, "utf-8")


async def test_another_speaker_is_named_in_replies_and_where_it_is_read(
    desk: Site, browser: Browser
) -> None:
    _, evidence, page = await disputed(desk, browser)
    name = "Ms O'Hara <b>& Sons</b>"
    page = await ruled(browser, page, "speaker", speaker=f"  {name} ")
    again = find(await ask(desk.core, number="2"), evidence.quote.text)
    assert again is not None
    assert again.quote.speaker == name
    read = await desk.get(f"/d/{evidence.quote.document_id}")
    assert name in " ".join(read.texts("//*[@id='text'] | //*[@class='guide']"))
    assert "<b>& Sons" not in read.body + page.body


async def test_somebody_elses_view_is_marked(desk: Site, browser: Browser) -> None:
    _, evidence, page = await disputed(desk, browser)
    assert not evidence.quote.reported
    await ruled(browser, page, "reported")
    again = find(await ask(desk.core, number="2"), evidence.quote.text)
    assert again is not None
    assert again.quote.reported
    read = await desk.get(f"/d/{evidence.quote.document_id}")
    assert texts.REPORTED in " ".join(read.values("//*[@id='text']//@title")) + read.body


async def test_a_corrected_side_holds_for_that_claim_alone(desk: Site, browser: Browser) -> None:
    _, evidence, page = await disputed(desk, browser)
    assert evidence.stance is Stance.OPPOSES
    await ruled(browser, page, "side", side="supports")
    text = evidence.quote.text
    again = await ask(desk.core, number="2")
    assert text in [one.quote.text for one in again.quotes]
    assert text not in [one.quote.text for one in again.counterpoints]
    found = find(again, text)
    assert found is not None
    assert (found.stance, found.probability) == (Stance.SUPPORTS, 1.0)
    same = find(await ask(desk.core, f"  {CLAIM.lower()[:-1]}", number="3"), text)
    assert same is None or same.stance is Stance.SUPPORTS
    other = find(await ask(desk.core, "Housing matters more than beans.", number="4"), text)
    assert other is None or other.probability < 1.0


async def test_a_verdict_holds_after_a_reindex_and_a_restart(
    kept: Application, desk: Site, browser: Browser
) -> None:
    _, evidence, page = await disputed(desk, browser)
    await ruled(browser, page, "hide")
    file = kept.settings.corpus_dir / "documents" / f"{evidence.quote.document_id}.txt"
    file.write_text(f"A word before all else was said there.\n\n{file.read_text('utf-8')}", "utf-8")
    kept.reindex()
    assert find(await ask(desk.core, number="2"), evidence.quote.text) is None
    async with serving(kept) as again:
        assert find(await ask(again.core, number="3"), evidence.quote.text) is None
        # Also where nothing is noted.
        async with kept.bot(keep_log=False) as bot:
            reply = await ask_alone(bot)
            assert find(reply, evidence.quote.text) is None


async def test_a_verdict_holds_when_the_journal_cannot_be_opened(kept: Application) -> None:
    async with serving(kept) as site:
        browser = Browser(site)
        await browser.enter()
        first, evidence, page = await disputed(site, browser)
        await ruled(browser, page, "hide")
        assert find(await ask(site.core, number="2"), evidence.quote.text) is None
    rewrite(kept.settings.journal_path, "no journal" * 1_000)
    async with serving(Application(replace(kept.settings, log_required=False))) as site:
        again = await ask(site.core, number="3")
        assert find(again, evidence.quote.text) is None
        assert find(again, first.quotes[0].quote.text) is not None


async def ask_alone(bot: object) -> Reply:
    """Ask a bot that keeps no log."""

    class Alone:
        """As much of a core as asking needs."""

    alone = Alone()
    alone.bot = bot  # type: ignore[attr-defined]  # a stand-in of this test
    return await ask(alone, number="9")  # type: ignore[arg-type]  # a stand-in of this test


async def test_what_was_decided_can_be_undone(desk: Site, browser: Browser) -> None:
    _, evidence, page = await disputed(desk, browser)
    page = await ruled(browser, page, "hide")
    assert dashboard_texts.NO_DISPUTES in page.body
    (form, *_) = forms(page, "/dashboard/undo")
    assert (await browser.send(form)).status == 303
    assert find(await ask(desk.core, number="2"), evidence.quote.text) is not None
    page = await browser.get(PAGE)
    assert dashboard_texts.NO_RULINGS in page.body
    assert page.texts("//section[@class='queue']//h3") == [CLAIM]
    assert (await browser.send(form)).status == 404


async def test_a_dismissed_reply_leaves_the_queue_until_it_is_disputed_again(
    desk: Site, browser: Browser
) -> None:
    reply, evidence, page = await disputed(desk, browser)
    form = forms(page, RULINGS)[-1]
    await browser.send(form, "dismiss")
    page = await browser.get(PAGE)
    assert dashboard_texts.NO_DISPUTES in page.body
    assert find(await ask(desk.core, number="2"), evidence.quote.text) == evidence
    await complain(desk.core, reply, Feedback.WRONG_SIDE, member="cy")
    assert dashboard_texts.NO_DISPUTES not in (await browser.get(PAGE)).body


async def test_of_very_many_disputes_the_page_says_how_many_there_are(
    kept: Application, desk: Site, browser: Browser
) -> None:
    settled, opened = MOST_SETTLED + 2, MOST_OPEN + 3
    async with await kept.open_journal() as journal:
        for number in range(opened + settled):
            receipt = await journal.begin(an_interaction(id=f"d{number}", asker_id=f"a{number}"))
            await journal.finish(receipt.request_id, a_reply())
            await journal.note_feedback(receipt.request_id, "discord", "bo", Feedback.WRONG_SIDE)
            if number >= opened:
                ruling = Ruling(Verdict.DISMISS, receipt.request_id)
                await journal.desk.corrections.note(ruling)
    page = await browser.get(PAGE)
    assert page.texts("//h2[@id='open']/span[@class='count']") == [str(opened)]
    assert len(page.texts("//section[@class='queue']//article")) == MOST_OPEN
    assert dashboard_texts.newest_shown(MOST_OPEN, opened) in page.body
    assert dashboard_texts.newest_shown(MOST_SETTLED, settled) in page.body
    rows = json.loads((await browser.get("/dashboard/tables/disputes.json")).body)
    states = [one["is_open"] for one in rows]
    assert states.count(dashboard_texts.OPEN) == MOST_OPEN
    assert states.count(dashboard_texts.SETTLED) == MOST_SETTLED


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "burn"},
        {"rank": "77"},
        {"rank": "x"},
        {"role": "nobody"},
        {"request": "nothing"},
        {"verdict": "side", "side": "both"},
        {"verdict": "speaker", "speaker": " "},
        {"verdict": "speaker", "speaker": "a" * 101},
        {"verdict": "dismiss", "request": "nothing"},
    ],
)
async def test_what_makes_no_sense_is_refused(
    desk: Site, browser: Browser, changes: dict[str, str]
) -> None:
    _, _, page = await disputed(desk, browser)
    form = forms(page, RULINGS)[0]
    assert (await browser.send(form, "hide", **changes)).status == 400
    assert dashboard_texts.NO_RULINGS in (await browser.get(PAGE)).body


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 40, "77"])
async def test_only_what_holds_can_be_undone(browser: Browser, number: str) -> None:
    (form,) = forms(await browser.get(PAGE), "/dashboard/logout")
    fields = {**dict(form.form_values()), "number": number}
    assert (await browser.post("/dashboard/undo", fields)).status in (400, 404)


async def test_a_forgotten_asker_leaves_the_verdict_and_no_words(
    desk: Site, browser: Browser, kept: Application
) -> None:
    _, evidence, page = await disputed(desk, browser)
    await ruled(browser, page, "side", side="supports")
    assert await desk.core.bot.forget("discord", "ada")
    page = await browser.get(PAGE)
    assert CLAIM not in page.body
    found = find(await ask(desk.core, number="2"), evidence.quote.text)
    assert found is not None
    assert found.stance is Stance.SUPPORTS
    with closing(sqlite3.connect(kept.settings.journal_path)) as database:
        (row,) = database.execute("SELECT * FROM corrections").fetchall()
    assert not any(CLAIM[:-1].casefold() in str(value).casefold() for value in row)
