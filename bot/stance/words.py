"""English word lists by which `propositions` finds where a question's subject ends.

Plain data. A missing word mostly makes `as_proposition` answer None more often.
"""

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

# Base forms that are hardly ever nouns.
VERBS = word_set(
    """
    be have do become abandon abolish accept achieve adapt address adopt afford agree allow
    apologize apply appear argue arrest attend avoid ban become begin believe belong bring build
    buy censor choose close collapse compete comply consider consist continue contribute create
    criminalize decide decline decriminalize defend deliver depend deprive deserve destroy deter
    develop die disappear discourage discriminate disclose distract distribute donate earn eat
    eliminate employ enable encourage endanger enforce ensure enter exist expand expect explain
    exploit expose fail favor favour find follow forbid forgive generate get give go govern grow
    happen harm hear help hinder hire ignore implement imply impose improve include incite
    increase infringe inhibit inspire introduce invade invest involve join justify keep know
    learn lead leave legalise legalize let lie listen live lose lower maintain make marry matter
    mean mislead motivate need nationalise nationalize obey occur offer outlaw outperform
    outweigh own pay perform persist pollute possess prefer prepare pretend prevent privatise
    privatize produce prohibit promote prosecute protect prove provide publish punish put raise
    reach read recognise recognize recycle reduce reflect refuse regulate reject rely remain
    remove replace represent require restrict rise save say see seem sell send serve solve speak
    spend stay stifle stimulate stop strengthen subsidise subsidize succeed suffer survive take
    teach tell tend think tolerate treat undermine understand unite violate wear weaken widen
    win withdraw work worsen write
    """
)

# Base forms that are as often nouns; taken as the verb only where nothing else could be.
NOUN_VERBS = word_set(
    """
    access act aid attack benefit boost break call cause challenge change charge control cost
    count cut damage deal demand drive end experience face fall fear feed fight fire focus force
    fund guarantee hurt impact influence interest lack limit love merge move offset pass pause
    plan play police practice profit progress promise rank reform rent result return reward rule
    run sanction scale screen set share show sign spread start state strike study support tax
    test threaten trade train transfer trust turn use vaccinate value vote warrant waste
    """
)

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
