"""English word lists that tell a clause from a bare phrase.

Closed classes are complete; the verbs are the common ones of argument and daily talk. They
are split by whether a form is often a noun as well ("cost", "trains"), because only then does
its place in the phrase have to decide. `bot.conversation.grammar` and `kinds` read them. To
teach the bot a verb, add its base form to one of the two lists.
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

# Base forms that are hardly ever nouns.
VERBS = word_set(
    """abandon abide abolish accept accommodate accomplish accuse achieve acknowledge acquire
    adapt add adhere adjust admire admit adopt advertise afford agree alleviate allow alter
    announce annoy antagonise apologise apply appreciate approve arrest arrive ask assess
    assist assume attain attend attract avoid become beg begin behave believe belong betray
    boost borrow bother breed bring build burn buy calculate cancel carry cease celebrate
    censor choose climb collect come communicate compensate compete complain complicate comply
    concentrate conclude condemn confirm confuse connect conserve consider constitute
    construct consume continue contribute convert convey convince cook cooperate cope corrupt
    create criminalise criticise cultivate dare deal decentralise deceive decide declare
    decriminalise dedicate defeat defend defund degrade delete deliver demolish deny depend
    deport deprive deregulate deserve destabilise destroy detect deter determine develop
    devote die differ digest dig disagree disappear discard discourage discover discriminate
    discuss dismantle displace disprove disrupt distinguish distort distract divert do donate
    earn eat educate elect eliminate emit employ enable encourage endanger endorse enforce
    engage enhance enjoy enlarge enrich ensure entail enter entertain entrench equate
    eradicate erode escalate establish evade evolve exacerbate examine exceed exclude exist
    expand expect explain explode exploit expose express extend extinguish facilitate fail
    favour feed feel find fix flourish follow forbid forget forgive fulfil gain gather
    generate get give glorify go govern grow happen harass hatch hear heal help hide hinder
    hinge hire hollow identify ignore illustrate imagine impair implement imply impose improve
    incentivise include induce inflate inform infringe inhibit inherit injure innovate insist
    inspire install integrate interact interfere introduce invade invent invest investigate
    invite involve isolate join justify keep kill know lack lead learn leave legalise
    legitimise lend let liberate listen live lose love maintain make manage manipulate marry
    maximise mean migrate minimise mislead miss modernise monopolise motivate nationalise
    neglect negotiate normalise notice obey obtain occur offend oppose oppress organise outlaw
    outperform outsell outweigh overcharge overcome overlook overpay overrate overthrow
    overvalue owe own participate perform permit perpetuate persecute persist persuade poison
    pollute portray possess predict prefer prepare preserve pretend prevent prioritise
    privatise proceed produce prohibit promote prosper prosecute prove provide provoke publish
    punish pursue qualify raise react realise receive recognise recommend reconsider recover
    recruit reduce refer refuse regulate rehabilitate reinforce reinvent reject relax relieve
    rely remain remember remind remove render renew repair repeal replace replicate represent
    reproduce require resemble resist resolve restore restrict retain rethink reveal
    revolutionise reward rewild rob ruin satisfy save scare scrap seduce see seem sell send
    separate serve settle shape shatter silence simplify slaughter smell solve soothe speak
    spend spoil stabilise starve steal stifle stimulate strengthen strive stunt subsidise
    subvert succeed suck suffer suffocate suggest suppress surpass survive sustain tackle take
    taste teach tell tend thank think threaten thrive throw tolerate topple torture transform
    trivialise trust try turn undercut underestimate undermine underpay understand undo
    coincide depict dictate disempower eroticise hamper harbour demean disrespect incite
    inflame objectify neutralise outstrip reaffirm stem tailor unite unify upend utilise
    vaccinate vanish vary verify victimise violate want warn watch weaken weigh widen withdraw
    wonder worry worsen write yearn yield beat bite need"""
)
# Base forms that are nouns as often.
NOUN_VERBS = (
    word_set(
        """abuse access brew calm stain
    account act address advance affect age aid aim answer appeal approach
    argue arm attack attempt award back balance ban bar battle bear benefit bet bias blame
    block blow bomb bond book break bribe bully burden call cap care cast catch cause censure
    challenge change charge cheat check claim clash clean close collapse combat comfort
    command compare compliment compromise conduct conflict consent contact contest contract
    contrast control copy corner cost count cover crash cross crush cripple cure curb cut
    damage dance date debate decay decline decrease delay demand design desire diet dip
    discount dispute divide dodge double doubt drain draw dream dress drink drive drop dry
    dump ease echo edge effect empower end escape estimate exercise exchange excuse experience
    experiment face fade fake fall fan farm fear fight figure fill film filter finance finish
    fire fish fit flood flow fly focus fool force form foster free freeze frustrate fuel
    function fund gamble govern grade grant guarantee guard guess guide hand hang harm harvest
    hate heat highlight hit hold honour hope host house hunt hurt impact import increase
    influence insult interest invoice issue judge jump kick label land last laugh launch lay
    level lie lift like limit line link list load lock look lower lure march mark market mask
    master match matter measure mend merit mess milk mind mix model move murder name offer
    offset open order pack paint part pass pave pay phase pick place plan plant play
    please point police pop position post praise present press price print process profit
    program progress promise protest pull pump purchase push put question quit race rank rate
    reach read reap rebel record reform regret release rent repeat reply report request
    research reserve respect rest result retire return reverse review ride rig right rise risk
    rock roll rule run rush sacrifice sanction scale school score search seek sense set shake
    shame share shift ship shock shoot shop show shrink shut sign sink sit skip slash sleep
    slow smoke sound sow spark split sponsor spread squeeze stage stand stare start state stay
    step stick stop store strain stress stretch strike strip struggle study subject supplement
    supply support surprise swallow swap sweep target tax tear tempt test threat tie touch
    tour trace track trade trail train transport trap travel treat trick trigger trouble use
    value vote voice visit wait wake walk wash waste wear win wish work worship worth wreck
    sing sail boost breed reflect crowd protect deserve"""
    )
    - VERBS
)
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
