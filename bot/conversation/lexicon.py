"""English word lists that tell a clause from a bare phrase.

Closed classes are complete. The verbs, which other packages need too, are in `bot.words`, split
by whether a form is often a noun as well ("cost", "trains"), because only then does its place
in the phrase have to decide. `bot.conversation.grammar` and `kinds` read both.
"""

from bot.words import word_set

DETERMINERS = word_set(
    """a an the this that these those my your his her its our their every each no some any all
    both either neither another much many more most less fewer several such enough"""
)
PRONOUNS = word_set(
    """i we they he she it you me us them him her this that these those who everyone everybody
    nobody noone someone somebody anyone anybody nothing everything something anything none
    one people there y'all u"""
)
SUBJECT_PRONOUNS = word_set("i we they he she")
INDEFINITE_SUBJECTS = word_set(
    """it you this that there everyone everybody nobody someone somebody nothing everything
    something one people parents kids children men women police"""
)
PREPOSITIONS = word_set(
    """of in on at by for with from to into onto about against between among through during
    before after over under without within across behind beyond near per via than as vs versus
    like towards toward around since until despite"""
)
CONJUNCTIONS = word_set("and or but because when while if though although so unless & nor")
RELATIVES = word_set("who that which whose where")
ADVERBS = word_set(
    """not never always often still just only really actually also even rarely seldom usually
    already probably certainly clearly simply obviously definitely hardly barely mostly
    generally eventually finally sometimes soon too far way much anyway literally basically
    better worse faster slower well badly differently less more earlier longer later"""
)
COPULAS = word_set("is are was were am be been isnt arent wasnt werent ain't aint")
AUXILIARIES = COPULAS | word_set(
    """do does did don't doesn't didn't dont doesnt didnt has had have hasn't hadn't haven't
    hasnt hadnt havent isn't aren't wasn't weren't will would can could should must may might
    shall ought won't wouldn't can't couldn't shouldn't mustn't cannot wont wouldnt cant
    couldnt shouldnt gonna wanna"""
)
# These are nouns too: "free will", "the might of Rome", "a can of worms", "a must".
NOUN_AUXILIARIES = word_set("will can may might must have do wont")
CONTRACTIONS = word_set(
    """it's that's he's she's there's here's what's who's i'm i've i'd i'll we're we've we'd
    we'll they're they've they'd they'll you're you've you'd you'll it'll it'd that'll im ive
    theyre youre thats theres nobody's everyone's let's lets"""
)
INVERTERS = word_set(
    """is are was were am does did do has had have can could should would will must may might
    dose isn't aren't wasn't weren't doesn't didn't don't hasn't haven't hadn't can't couldn't
    shouldn't wouldn't won't isnt arent wasnt werent doesnt didnt dont shouldnt wouldnt"""
)
WH_WORDS = word_set(
    """who what when where why how which whose whom whats whos hows wheres whens whys what's
    who's how's where's why's when's what're who're what'd how'd why'd wat wut whether"""
)
WH_PREPOSITIONS = word_set("in at to of for from by on with under since until about")

# Plurals that stand before a noun: "sports bar", "arms trade".
MODIFYING_PLURALS = word_set(
    """sports sales arms women men goods savings customs news physics economics politics drugs
    games rights human weapons jobs careers ethics means species series children's systems
    operations antibiotics"""
)
IRREGULAR_PLURALS = word_set(
    "people children men women police cattle mice geese teeth feet media data sheep"
)
# Participles that a noun goes before without a hyphen: "state funded schools", "lab grown meat".
COMPOUND_PARTICIPLES = word_set(
    """funded owned led based grown made bred raised farmed run backed sponsored built related
    produced trained driven fed assisted aided generated processed imported sourced designed
    powered operated fired subsidised subsidized baked fried brewed written printed controlled
    oriented centred centered specific born educated caught bottled"""
)
IRREGULAR_PAST = word_set(
    """went came became began broke brought built bought caught chose cost cut did drank drove
    ate fell felt fought found flew forgot gave got grew had heard held hid hit hurt kept knew
    laid led left lent let lost made meant met paid put quit ran rang read rose said sang sank
    sat saw sent set shook shot showed shut slept sold spent spoke spread stood stole struck
    swam taught thought threw told took understood upset wept won wore wrote outlived beat
    drew froze overtook withdrew undid sought stuck swept"""
)
# Past forms that are never participles: "went", "wrote".
PLAIN_PAST = word_set(
    """went began broke chose drank drove ate fell flew forgot gave grew knew rang rose sang
    sank saw shook spoke stole swam threw took wore wrote did overtook withdrew undid drew
    froze became came"""
)
# Verbs that need nothing after them: "sanctions work", "painting died".
INTRANSITIVES = word_set(
    """work matter help fail suck rock die lie win lose pay exist hurt last stink vanish
    disappear happen collapse live agree disagree grow shrink thrive struggle survive cheat
    evolve suffer improve decline arrive come go fall rise begin lag retire starve cry sleep
    vary differ sell shine count emerge crumble close"""
)
# Their s-forms that end a bare phrase all the same: "art works", "stock rises".
NOUN_ENDINGS = word_set("works rises falls declines counts lives lasts rocks goes closes means")

# Always an instruction when they open a text: "Ban fireworks".
IMPERATIVES = word_set(
    """ban abolish legalise let keep stop end scrap repeal nationalise privatise defund make
    give bring build raise lower remove allow prohibit protect outlaw replace reduce introduce
    create never always pay teach free close cut get put take tax cap break fund increase
    decriminalise criminalise subsidise invest regulate deregulate eliminate quit"""
)
# Of these, the ones that open a phrase as readily: "stop signs", "tax havens", "free will".
PHRASE_OPENERS = word_set(
    """stop end lower free close cut tax cap break fund make take raise put pay increase"""
)
EVALUATIONS = word_set(
    """overrated underrated overpriced awful terrible useless pointless overpaid underpaid
    boring brilliant amazing rubbish trash garbage nonsense overhyped immoral unethical evil
    harmful dangerous unfair illegal"""
)
