"""Say what a cleaned text is: a question, a claim, a topic, small talk or a pointer.

Rules over closed word classes (`bot.conversation.grammar`), not a model: they are instant, every
decision can be traced to a line, and they hold their accuracy on the labelled texts beside
the tests. Called by `bot.conversation.asking`; texts come from `bot.conversation.cleaning`.
"""

import re
from collections.abc import Sequence

from bot.conversation import lexicon
from bot.conversation.grammar import is_verb, states_something, words_of
from bot.conversation.topics import find_topic
from bot.types import QueryKind, Topic
from bot.words import VERBS, word_set

LONG_PHRASE = 12
"""Words from which on a text is taken for a claim though no verb of it is known."""

_SENTENCE_END = re.compile(
    r"(?<!\betc\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\b[MD]r\.)(?<!\b[A-Z]\.)"
    r"(?<=[.!?。\uff01\uff1f؟])[\"'”\u2019)\]]*\s+|\n+|(?<=[。\uff01\uff1f])"
)
_QUESTION_MARKS = ("?", "\uff1f", "؟", "⁇")
_TAG = re.compile(
    r"[,;]?\s+(?:right|correct|no|yeah|eh|huh|innit|amirite|am i right|don'?t you think"
    r"|wouldn'?t you say|agreed?"
    r"|(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)n'?t"
    r" (?:it|they|he|she|we|you|i|there))\s*\?+$",
    re.I,
)
_TRAILING_TAG = re.compile(r",\s*(?:right|innit|amirite)$", re.I)
_ASKS = re.compile(
    r"(?:"
    r"(?:please |pls )?(?:tell me|explain|describe|summari[sz]e|define|remind me|eli5|show me)\b"
    r"|(?:name|list) (?:the|all|some|one|two|three|a few)\b"
    r"|(?:does |do |has |have |can |could )?(?:any(?:one|body)|some(?:one|body)) "
    r"(?:here |else )*(?:know|knows|explain|tell|seen|remember)\b"
    r"|any(?:one|body) (?:here |else )*(?:has|have|got|can|able)\b"
    r"|any (?:idea|ideas|evidence|proof|reason|chance|thoughts|tips|news|data|sources?)\b"
    r"|(?:(?:i|was|am|i'?m|just) )*wonder(?:ing)?\b"
    r"|(?:i am |i'?m |just )*curious\b"
    r"|(?:i(?:'d| would)? |we )?(?:really |just )?(?:like|want|love|need)(?:ed)? to "
    r"(?:know|understand|learn|hear|ask)\b"
    r"|help me understand\b"
    r"|i (?:do not|don'?t|can'?t|cannot|never)(?: really| quite)? "
    r"(?:know|get|see|understand|figure out|tell|remember) "
    r"(?:if|whether|why|how|what|who|where|when)\b"
    r"|(?:i am |i'?m )?not sure (?:if|whether|why|how|what|who|where|when)\b"
    r"|(?:what|how) about\b|quick question\b|question:"
    r"|how (?:come|many|much|long|often|far|to)\b"
    r")",
    re.I,
)
_LATER_QUESTION = re.compile(
    r"(?:[,;:\u2013\u2014-] ?(?:(?:so|then|and|but) )?|\bso )(?:why|how|what) "
    r"(?:not|is|are|was|were|do|does|did|has|have|can|could|will|would|should|isn'?t|aren'?t"
    r"|don'?t|doesn'?t|can'?t|shouldn'?t)\b",
    re.I,
)
_LEAD_IN = re.compile(
    r"^(?:(?:so|and|but|ok|okay|well|also|then|hmm|wait|now|yes|no)\b,?\s+)+", re.I
)

_OPENS_OBJECT = lexicon.PRONOUNS | lexicon.DETERMINERS

_POINTERS = word_set(
    """is isn't isnt was are this that it its it's thats that's these those true false real
    really fake right wrong correct accurate legit valid fact facts check factcheck checked
    source sources sauce cite citation citations reference references quote quotes proof prove
    evidence thoughts thought opinion opinions view views comment comments agree disagree think
    say says said saying mean about what whats what's do does did you your we he she they him
    her them any some for the on of to a an one here there above claim claims statement message
    post take anyone can could please pls verify confirm debunk counterpoint counterpoints
    counter argument arguments counterargument counterarguments other side sides against how
    would know got have has been not so and or all up back support with find give show me us
    needed need i get see who wrote same here's by reply rebuttal context more at corpus texts
    text documents archive library literally actually even bot ever like my his their seriously
    srsly wdyt hmm hm into look why who when where but"""
)
# In three words and more one of these has to be there: "what do you mean" does not point.
_POINTS = word_set(
    """true false real really fake right wrong correct accurate legit valid fact facts check
    factcheck source sources sauce cite citation citations reference references quote quotes
    proof prove evidence thoughts thought opinion opinions view views comment agree disagree
    think say says verify confirm debunk counterpoint counterpoints counter argument arguments
    counterargument counterarguments side claim statement take support rebuttal wdyt seriously
    srsly context so"""
)
_SMALL_TALK = word_set(
    """lol lmao rofl haha hahaha hehe ok okay k kk okey thanks thank thx ty cheers you u tysm
    hi hello hey heya hiya yo sup greetings howdy morning evening afternoon night gn gm good bad
    bot bots great nice cool wow awesome amazing perfect sweet neat yes yep yeah yup no nope nah
    hmm hm mm oh ah aha um uh er huh meh well sorry np bye goodbye cya later test testing ping
    pong help please pls there are how is it going everyone all guys folks friend mate buddy
    man dude bro welcome done sure fine alright right so very much a lot again back same lets
    let's go who what can do your name work working does this thing on just im i'm i am here me
    my the and really too that was job one for of to love ily ik idk brb afk gg wp rip f oof
    yikes true facts this exactly indeed agreed based fr ngl tbh smh xd hype pog +1 today doing
    whats what's up"""
)
_GREETINGS = word_set(
    """lol lmao rofl haha hahaha hehe ok okay k kk thanks thank thx ty cheers tysm hi hello hey
    heya hiya yo sup greetings howdy morning evening afternoon night gn gm bot bots nice cool
    wow awesome amazing perfect sweet neat yes yep yeah yup no nope nah hmm hm mm oh ah aha um
    uh er huh meh sorry np bye goodbye cya test testing ping pong help welcome done sure fine
    alright idk brb afk gg wp rip f oof yikes exactly indeed agreed fr ngl tbh smh xd hype pog
    great good ily there everyone guys folks"""
)
_ABOUT_THE_BOT = re.compile(
    r"^(?:who|what) (?:are|r) (?:you|u)\W*$|^how are (?:you|u)\b.{0,20}$"
    r"|^(?:are )?you there\W*$|^what(?: can| do| does) (?:you|u|this bot|the bot) do\W*$"
    r"|^how (?:do|can) i (?:use|ask) (?:you|this|it|the bot)\W*$"
    r"|^(?:does|is) (?:this|it) (?:thing )?(?:work|working|on)\W*$|^do you work\W*$"
    r"|^what'?s (?:up|your name)\W*$|^i love you\W*$",
    re.I,
)


def kind_of(text: str, topics: Sequence[Topic]) -> QueryKind:
    """Tell a question, a claim and a topic apart.

    A text that names a known topic is a topic, with or without a question mark. A statement
    with a tag ("..., right?") is a claim to be checked. A question inside a longer post counts
    when it ends the post or there are two sentences at most; before that it is rhetoric.

    Args:
        text: A cleaned text that is not empty.
        topics: The topics of the corpus.

    Returns:
        The kind; TOPIC for a bare phrase even when no known topic bears that name.
    """
    if find_topic(text, topics) is not None:
        return QueryKind.TOPIC
    sentences = sentences_of(text)
    asked = [_is_question(sentence) for sentence in sentences]
    if asked and (asked[-1] or (any(asked) and len(asked) <= 2)):
        return QueryKind.QUESTION
    if len(sentences) > 1 or _asserts(text):
        return QueryKind.CLAIM
    return QueryKind.TOPIC


def sentences_of(text: str) -> list[str]:
    """Split a chat message into its sentences and lines, without the empty ones."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]


def without_tag(text: str) -> str:
    """Return a statement without the tag that asks for assent ("..., isn't it?").

    Text that is no tagged statement comes back as it is.
    """
    body = _TRAILING_TAG.sub("", _TAG.sub("", text)).rstrip(" ,")
    return body if body != text and states_something(body) else text


def is_small_talk(text: str) -> bool:
    """Say whether a text holds nothing that a corpus could be asked ("lol ok", "hi bot")."""
    words = words_of(text)
    if not any(character.isalnum() for character in text):
        return True
    if _ABOUT_THE_BOT.match(text):
        return True
    return bool(words) and set(words) <= _SMALL_TALK and not _GREETINGS.isdisjoint(words)


def points_elsewhere(text: str) -> bool:
    """Say whether a text only points at another message ("is this true?", "source?").

    An empty text points too: somebody mentioned the bot under a message and said no more.
    """
    words = words_of(text)
    if not words:
        return True
    if not set(words) <= _POINTERS:
        return False
    return len(words) <= 2 or not _POINTS.isdisjoint(words)


def _is_question(sentence: str) -> bool:
    """Decide on one sentence, question mark or not."""
    bare = sentence.rstrip(" \"'”\u2019)]")
    if without_tag(bare) != bare and not _opens_as_question(bare):
        return False
    if bare.endswith(_QUESTION_MARKS) or _opens_as_question(bare):
        return True
    return _LATER_QUESTION.search(bare.replace("\u2019", "'")) is not None


def _opens_as_question(sentence: str) -> bool:
    sentence = _LEAD_IN.sub("", sentence)
    if _ASKS.match(sentence):
        return True
    words = words_of(sentence)
    if len(words) < 2:
        return bool(words) and words[0] in lexicon.WH_WORDS
    first, second = words[0], words[1]
    if first in lexicon.WH_PREPOSITIONS and second in {"what", "which", "whom", "whose", "how"}:
        return True
    if first in lexicon.WH_WORDS:
        return not _is_free_clause(sentence, words)
    return first in lexicon.INVERTERS and _is_inversion(words)


def _is_free_clause(sentence: str, words: Sequence[str]) -> bool:
    """Recognise "When X, Y.", "What we need is Z." and "What a mess": they assert."""
    first, second = words[0], words[1]
    if second in lexicon.INVERTERS or second in {"r", "u"}:
        return False
    if first in {"when", "where", "whether"}:
        return "," in sentence or len(words) > 8
    if first == "what" and second in {"a", "an"}:
        return True
    return sentence.endswith((".", "!")) and not lexicon.COPULAS.isdisjoint(words[2:])


def _is_inversion(words: Sequence[str]) -> bool:
    first, second = words[0], words[1]
    subject = second in lexicon.PRONOUNS or second in lexicon.DETERMINERS
    if first in {"don't", "dont", "won't"}:
        return second in lexicon.PRONOUNS
    if first in {"do", "have", "must", "might", "may", "will", "can"}:
        if second == "not" or (first == "have" and second in {"a", "some"}):
            return False
        if first == "do" and second in {"your", "the", "it", "this", "that", "something"}:
            return False
        return subject or (not is_verb(second) and any(_can_be_verb(word) for word in words[2:]))
    if second in lexicon.PREPOSITIONS or second in lexicon.ADVERBS - {"there", "only", "even"}:
        return False
    if first.endswith(("n't", "nt")) or first in {"would", "could", "should"}:
        # "Would stop people from drinking": the subject was dropped, nothing is asked.
        dropped = is_verb(second) and (len(words) == 2 or words[2] in _OPENS_OBJECT)
        return subject or not (dropped or second in VERBS or second == "be")
    return True


def _can_be_verb(word: str) -> bool:
    return is_verb(word) or word in {"have", "do", "be"}


def _asserts(text: str) -> bool:
    body = without_tag(text)
    if _is_latin(text):
        words = words_of(body)
        if states_something(body) or (words and words[0] in lexicon.WH_WORDS):
            return True
        # People end statements with a full stop and topics without one.
        return len(words) >= LONG_PHRASE or (text.endswith(".") and len(words) >= 3)
    # Without a grammar, length decides: a phrase of a few words or characters names something.
    return len(text.split()) > 3 or (len(text.split()) == 1 and len(text) > 12)


def _is_latin(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return sum(character < "\u0250" for character in letters) * 2 >= len(letters)
