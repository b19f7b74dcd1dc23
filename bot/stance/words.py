"""English word lists by which `propositions` finds where a question's subject ends.

Plain data. A missing word mostly makes `as_proposition` answer None more often.
"""

from bot import words
from bot.words import word_set

MODALS = word_set("should would could can will must shall may might")
COPULAS = word_set("is are was were")
SUPPORT = word_set("do does did")
PERFECT = word_set("has have had")
AUXILIARIES = MODALS | COPULAS | SUPPORT | PERFECT

WH_WORDS = word_set("who whom whose what when where why how which")

PRONOUNS = word_set(
    """
    i we you he she it they there everyone everybody anyone anybody someone somebody nobody
    everything nothing
    """
)
DANGLING = word_set("he she they")  # mean nothing without the messages before

DETERMINERS = word_set(
    "a an the my your his her its our their this that these those some any no every each"
)

LINKS = word_set(
    """
    of in on at by for from with to about against between into over under through during and or
    than as like without within among per after before since
    """
)

ADVERBS = word_set(
    """
    not never always ever really actually still already too so very just more less most least
    also only often usually rarely seldom generally mostly largely truly fully ultimately even
    necessarily inherently fundamentally simply now soon finally eventually automatically
    significantly substantially
    """
)

# Words that follow a subject as its predicate: "Is X safe?", "Are Xs worth it?"
PREDICATES = word_set(
    """
    able acceptable accurate affordable bad beneficial better best biased big broken certain
    cheap cheaper clear common compatible complete corrupt cost-effective credible cruel cruelty
    dangerous dead democratic desirable difficult discriminatory doomed easier easy effective
    efficient enough essential ethical evil expensive fair fake false feasible fine free futile
    going good great harmful harmless healthy helpful humane illegal immoral important
    impossible inevitable ineffective inefficient inhumane irrelevant just justified key legal
    legitimate likely meaningless moral necessary needed obsolete ok okay outdated overrated
    pointless popular possible practical predictable productive profitable proof racist
    realistic reasonable redundant relevant reliable responsible right risky safe safer
    scientific secure sexist slow smart stronger stupid successful sufficient superior inferior
    sustainable threatened toxic true trustworthy unavoidable unconstitutional underrated
    unethical unfair unhealthy unjust unlikely unnecessary unnatural unreliable unsafe
    unsustainable useful useless valid valuable viable vital weaker worse worst worth worthwhile
    wrong bound due equal fit meant supposed worthless
    """
)

# Verbs that are nouns as often, and yet the verb wherever one follows "do" or "should".
_SURE_VERBS = word_set(
    """
    address argue ban close collapse decline harm increase lie lower matter offer pay
    protect put reach read reflect rise stay stop treat wear win work
    """
)
VERBS = words.VERBS | _SURE_VERBS
NOUN_VERBS = words.NOUN_VERBS - _SURE_VERBS  # the verb only where nothing else could be

PARTICIPLES = word_set(
    """
    been become begun brought broken built bought caught chosen come cost cut done driven fallen
    felt fought found forgotten given gone got grown had held hurt kept known laid led left let
    lost made meant met paid proven put risen run seen sent set shown shrunk spent spread stood
    stolen taken taught thought told turned understood undone won worn written
    """
)

NOUNS_IN_ING = word_set(
    "thing spring string evening morning ceiling building housing wedding clothing landing pudding"
)

ADJECTIVE_ENDINGS = ("able", "ible", "ful", "ous", "ive", "less", "ary")

# A question that holds one of these asks the bot for something.
REQUESTED = word_set(
    """
    anything something quote quotes source sources document documents link links article
    articles paper papers passage passages citation citations reference references info
    information summary
    """
)
