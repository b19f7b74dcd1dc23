"""Tell sentences that relate somebody else's view from those that state the author's own.

Rules over the words by which English attributes (`bot.corpus.attribution`): a verb of
saying or thinking whose subject is not the author, a source ("according to"), an
impersonal relay ("it is said"), a noun for a view ("the claim that"), the description of
a work's argument. Measured on a labelled set in tests/bot/corpus/reported_gold.jsonl.
In other languages nothing is marked. `bot.corpus.splitting` calls this.
"""

import re
from collections.abc import Sequence

from bot.corpus.attribution import (
    CLAUSE_STARTERS,
    EVIDENCE,
    FAR,
    FORMS_OF_BE,
    HOLDERS,
    INFERRING,
    INFINITIVE_HOLDERS,
    LABELLING,
    NEED_THAT,
    NOT_SUBJECTS,
    NOUNS,
    OWN,
    PARTICIPLES,
    PHRASAL,
    SKIPPED,
    SPEECH,
    STRONG,
    VERBS_OF_CLAUSES,
    VIEW,
    WEAK,
    WORKS,
)
from bot.typography import readable

_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[\"“”«».,;:!?()—–]")  # noqa: RUF001
_QUOTES = frozenset('"“”«»')
_STOPS = frozenset(";:!?()—–.")  # noqa: RUF001
_NAMED = frozenset({"it", "them", "this", "that", "him", "her", "the"})
_VIEW = VIEW.replace(" ", "|")
_WORKS = WORKS.replace(" ", "|")
_HOLDERS = HOLDERS.replace(" ", "|")
_TOLD = (
    r"said|told|claimed|believed|assumed|argued|thought|suggested|alleged|rumou?red|supposed"
    r"|reputed|feared|expected|understood|held|considered|reckoned|hoped|presumed"
)
_TOLD_TO = (
    r"said|claimed|believed|assumed|thought|alleged|rumou?red|reputed|feared|reckoned"
    r"|presumed"
)

_RELAYED = re.compile(
    "|".join(
        (
            # A source.
            r"\baccording to (?!(?:my|our) (?:own|view|data|count)\b|plan\b|schedule\b|size\b)",
            r"\bin the (?:view|opinion|eyes|words|telling|account|judgement|mind) of\b",
            r"\bin (?:his|her|their|your|(?:the )?[\w-]+'s?) (?:own )?"
            r"(?:view|opinion|eyes|words|telling|account|reading)\b",
            rf"^(?:and |but )?for (?:many |most |some |the |its |these )?"
            rf"(?:author|{_WORKS}|{_HOLDERS}|[\w-]+ (?:school|camp))s?,",
            r"\b(?:at|from) (?:his|her|their|this|that) (?:perspective|point of view)\b",
            r"\bif (?:you|we) (?:believe|listen to|trust) (?!me\b)",
            r"\bas (?!i\b|we\b|my\b|our\b)[^,.;:]{1,50}? (?:notes?|noted|says?|said|argue[sd]?"
            r"|points? out|pointed out|puts? it|claim(?:s|ed)?|observe[sd]?|writes?|wrote)\b",
            # An impersonal relay.
            rf"\bit (?:is|was|has been|has become) (?:\w+ )?(?:\w+ )?(?:{_TOLD})\b(?! of| to)",
            r"\bit (?:is|was|has become) (?:\w+ )?(?:fashionable|common|popular|customary|usual)"
            r" to (?:say|think|claim|believe|argue|assume)\b",
            rf"\b(?:is|are|was|were) (?:\w+ly |often )?(?:{_TOLD_TO}) to\b",
            r"\b(?:is|are|was|were) (?:\w+ly |often )?(?:seen|viewed|regarded|hailed) as\b",
            r"\b(?:we|i) (?:are|am|were|was|have been|keep being) (?:\w+ )?(?:told|assured)\b",
            r"\b(?:i|we|you) (?:\w+ )?(?:hear|heard|hearing|read) (?:that|it said|people)\b",
            r"\b(?:supposedly|allegedly|reportedly|purportedly|ostensibly|rumou?r has it"
            r"|word is|legend has it|conventional wisdom|received wisdom)\b",
            r"^(?:so |well,? |and |but )*apparently\b",
            r"\bmuch (?:has been|is|was) made of\b",
            # Speech told in speech.
            r"\bwhat (?!i\b|i'm|we)[\w']+(?: \w+)? (?:is |are )?(?:saying|claiming|arguing) is\b",
            r"\b(?:he|she|they) (?:goes|go|was like|were like), ",
            # A noun for a view.
            rf"\b(?<!my )(?<!our )(?<!own )(?<!i )(?<!we )(?:{_VIEW})s?,? (?:\w+, )?"
            r"(?:that|goes|runs|being that)\b",
            rf"\b(?:{_VIEW}) (?:is|was|here is|seems to be)(?:,| that\b)",
            rf"\b(?:the|his|her|their|its|your|[\w-]+'s?) (?:\w+ )?(?:{_VIEW}|point) "
            r"(?:is|was) (?:that\b|,)",
            r"\bthere(?:'s| is) (?:this|a|an|the) (?:\w+ ){0,2}"
            r"(?:notion|idea|view|belief|theory)\b",
            r"\b(?:statements?|claims?|arguments?) (?:like|such as)\b",
            r"\b(?:attributed|ascribed|credited) to (?-i:[A-Z])",
            # The people who hold it.
            rf"\b(?:{_HOLDERS}),? (?:\w+ ){{0,3}}(?:who|that) (?:\w+ly |would |still |really )?"
            r"(?:think|believe|hold|say|claim|insist|argue|want(?! to\b)|assume|call|oppose|imagine"
            r"|feel|fear|doubt|thinks|believes|holds|says|claims|insists|argues|wants|assumes|feels)\b",
            r"\b(?:people|folks|users|others|everyone|everybody) saying\b",
            r"\bschool of thought\b",
            rf"\b(?:{_HOLDERS}) (?:[\w']+ ){{0,4}}(?:see|saw|have found|swear by|question"
            r"|point to|have called|consider|treat)\b",
            # The argument of a work.
            rf"\b(?:{_WORKS})s? (?:\w+ly )?(?:reads? like|tries to|seeks to|sets out to|attempts to"
            r"|wants? (?:us|you|readers)|makes? the case|would have|suggests?|promises|portrays?"
            r"|presents?|treats?|tells? us|discuss(?:es)?|speaks? of|spends?)\b",
            r"\bmakes? the case (?:that|for)\b",
            r"\battempts? to (?:justify|prove|show|argue|persuade|convince)\b",
            r"\btrying to (?:justify|prove|show|argue|persuade|convince)\b",
            r"\bwould have (?:us|you|me) (?:believe|think)\b",
            r"\bwants? (?:us|you|readers|the reader|me) to (?:believe|feel|think|accept|see)\b",
            r"\b(?:is|are|was|were) (?:convinced|adamant|certain|sure|persuaded) (?:that|the|we)\b",
        )
    ),
    re.IGNORECASE,
)
_OWN_CONVICTION = re.compile(
    r"\b(?:i|we) (?:am|was|are|were) (?:\w+ )?(?:convinced|adamant|certain|sure)\b|"
    r"\b(?:i'm|we're) (?:\w+ )?(?:convinced|certain|sure)\b",
    re.IGNORECASE,
)


def is_reported(sentence: str, before: str = "", author: str | None = None) -> bool:
    """Whether a sentence tells a view of somebody other than its author.

    Args:
        sentence: One sentence of a document.
        before: The sentence before it, if any: a quotation opened there goes on here.
        author: The document's author. A view attributed to the author by name is their
            own.

    Returns:
        True for somebody else's view, whether it is agreed with or not; False for the
        author's own view and for a plain statement.
    """
    text = readable(sentence).replace("’", "'")  # noqa: RUF001 (an apostrophe)
    if _in_quotation(text, before):
        return True
    if author:
        text = re.sub(re.escape(author), "I", text, flags=re.IGNORECASE)
    if _RELAYED.search(_OWN_CONVICTION.sub("", text)):
        return True
    tokens = _TOKEN.findall(text)
    words = [token.lower() for token in tokens]
    return any(_attributes(words, tokens, index) for index in range(len(words)))


def _in_quotation(text: str, before: str) -> bool:
    """Whether the whole sentence stands inside quotation marks."""
    quoted = text.startswith(("“", '"', "«")) and text.rstrip(".,").endswith(("”", '"', "»"))
    inner = text.strip('“”"«».,')
    if quoted and len(inner.split()) > 3 and not any(mark in inner for mark in _QUOTES):
        return True
    return before.count("“") > before.count("”")


def _attributes(words: Sequence[str], tokens: Sequence[str], index: int) -> bool:
    """Whether the word at ``index`` is a verb that attributes a view to somebody else."""
    word = words[index]
    following = words[index + 1 : index + 2]
    if index and tokens[index][0].isupper():
        return False  # part of a name
    if word in STRONG:
        complement = bool(following) and following[0] not in {".", "?", "!", "in"}
    elif word in PHRASAL and following and following[0] in PHRASAL[word].split():
        complement = len(words) > index + 3
    elif word in WEAK:
        complement = _has_complement(words, tokens, index)
    elif word in LABELLING:
        complement = _labels(words, index)
    else:
        return False
    return complement and _has_other_subject(words, tokens, index)


def _has_complement(words: Sequence[str], tokens: Sequence[str], index: int) -> bool:
    """Whether what is said follows the verb at ``index``, or stood before it."""
    if index + 1 == len(words):
        return False
    following = words[index + 1]
    noun = words[index] in NOUNS
    if words[index] in NEED_THAT:
        return "that" in words[index + 1 : index + 3]
    if following in _QUOTES or (following == "," and not noun):
        # "The dam, engineers argue, was ..." and "..., she said, ...".
        return True
    if following in CLAUSE_STARTERS:
        return True
    if following in ".!?":
        return any(mark in _QUOTES or mark == "," for mark in tokens[max(0, index - 4) : index])
    if tokens[index + 1][0].isupper() and not noun:
        return True
    near = words[index + 1 : index + 6]
    return words[index] in FAR and any(word in VERBS_OF_CLAUSES or word == "that" for word in near)


def _labels(words: Sequence[str], index: int) -> bool:
    """Whether an object is given a name or a colour ("call it a scandal", "sees X as Y")."""
    rest = words[index + 1 : index + 9]
    if "as" in rest:
        return not any(stop in rest[: rest.index("as")] for stop in _STOPS)
    if words[index].startswith("call"):
        return bool(_NAMED.intersection(rest[:1])) or any(token in _QUOTES for token in rest)
    return False


def _has_other_subject(words: Sequence[str], tokens: Sequence[str], index: int) -> bool:
    """Whether the subject of the verb at ``index`` is somebody other than the author."""
    place = index - 1
    participle = words[index].endswith("ed") or words[index] in PARTICIPLES
    while place >= 0 and (words[place] in SKIPPED or words[place].endswith("ly")):
        if words[place] in OWN or (participle and words[place] in FORMS_OF_BE):
            return False
        place -= 1
    if place >= 0 and words[place] == "to":
        before = words[place - 1] if place else ""
        return before in INFINITIVE_HOLDERS and not any(w in {"i", "we"} for w in words[:place])
    if place < 0 or words[place] in _STOPS or words[place] == ",":
        # "..., say its admirers": the subject comes behind the verb.
        inverted = index > 0 and (words[index - 1] in _QUOTES or words[index - 1] == ",")
        behind = words[index + 1] if index + 1 < len(words) else ""
        return inverted and behind not in OWN and behind.isalpha()
    subject = words[place]
    if subject in _QUOTES:
        return index + 1 < len(words) and words[index + 1] not in OWN
    if subject in OWN or subject in NOT_SUBJECTS:
        return False
    if subject == "you":
        return words[index] in SPEECH and words[place - 1 : place] != ["if"]
    if subject in {"that", "who", "which"}:
        subject = words[place - 1] if place else subject
        if subject in OWN:
            return False
    if words[index] in INFERRING and subject in EVIDENCE:
        return False
    return subject not in EVIDENCE or subject in {"those", "these"}
