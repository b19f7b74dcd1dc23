"""Lists of words, written as prose, and the English verbs that several packages need.

The verbs are the common ones of argument and daily talk. To teach the bot one, add its base form
to one of the two lists.
"""


def word_set(listing: str) -> frozenset[str]:
    """Return the words of a listing that is parted by white space."""
    return frozenset(listing.split())


# Base forms that are hardly ever nouns.
VERBS = word_set(
    """
    abandon abide abolish accept accommodate accomplish accuse achieve acknowledge acquire
    adapt add adhere adjust admire admit adopt advertise afford agree alleviate allow alter
    announce annoy antagonise apologise apologize appear apply appreciate approve arrest
    arrive ask assess assist assume attain attend attract avoid backfire be beat become beg
    begin behave believe belong betray bite borrow bother breed bring build burn buy
    calculate cancel carry cease celebrate censor choose climb coincide collect come
    communicate compensate compete complain complicate comply concentrate conclude condemn
    confirm confuse connect conserve consider consist constitute construct consume continue
    contribute convert convey convince cook cooperate cope corrupt create criminalise
    criminalize criticise cultivate dare deceive decentralise decide declare decriminalise
    decriminalize dedicate defeat defend defund defy degrade delete deliver demean demolish
    deny depend depict deport deprive deregulate deserve destabilise destroy detect deter
    determine develop devote dictate die differ dig digest disagree disappear discard
    disclose discourage discover discriminate discuss disempower dismantle displace disprove
    disrespect disrupt distinguish distort distract distribute divert do donate earn eat
    educate elect eliminate embolden emit employ enable encourage endanger endorse enforce
    engage enhance enjoy enlarge enrich ensure entail enter entertain entrench equate
    eradicate erode eroticise escalate establish evade evolve exacerbate exaggerate examine
    exceed exclude exist expand expect explain explode exploit expose express extend
    extinguish facilitate fail favor favour feel find fix flourish follow forbid forget
    forgive fulfil gain gather generate get give glorify go govern grow hamper happen harass
    harbour hatch have heal hear help hide hinder hinge hire hollow identify ignore
    illustrate imagine impair implement imply impose improve incentivise incite include
    induce inflame inflate inform infringe inherit inhibit injure innovate insist inspire
    install integrate interact interfere introduce invade invent invest investigate invite
    involve isolate join justify keep kill know lead learn leave legalise legalize
    legitimise lend let liberate listen live lose maintain make manage manipulate marry
    maximise mean migrate minimise mislead miss modernise monopolise motivate narrow
    nationalise nationalize need neglect negotiate neutralise normalise notice obey
    objectify obtain occur offend oppose oppress organise outlaw outperform outsell outstrip
    outweigh overcharge overcome overlook overpay overrate overthrow overvalue overwhelm owe
    own pardon participate perform permit perpetuate persecute persist persuade poison
    pollute portray possess predict prefer prepare preserve pretend prevent prioritise
    privatise privatize proceed produce prohibit promote prosecute prosper prove provide
    provoke publish punish pursue qualify raise react reaffirm realise receive recognise
    recognize recommend reconsider recover recruit recycle reduce refer refuse regulate
    rehabilitate reinforce reinvent reject relax relieve rely remain remember remind remove
    render renew repair repeal replace replicate represent reproduce require resemble resent
    resist resolve restore restrict retain rethink reveal revolutionise rewild rob ruin
    satisfy save say scare scrap seduce see seem sell send separate serve settle shape
    shatter silence simplify slaughter smell solve soothe spare speak spend spoil stabilise
    starve steal stem stifle stimulate strengthen strive stunt subsidise subsidize subvert
    succeed suck suffer suffocate suggest suppress surpass survive sustain tackle tailor
    take taste teach tell tend thank think threaten thrive throw tolerate topple torture
    transform trivialise try undercut underestimate undermine underpay understand undo unify
    unite upend utilise vaccinate vanish vary verify victimise violate want warn watch
    weaken weigh widen withdraw wonder worry worsen write yearn yield
    """
)
# Base forms that are nouns as often.
NOUN_VERBS = word_set(
    """
    abuse access account act address advance affect age aid aim answer appeal approach argue
    arm attack attempt award back balance ban bar battle bear benefit bet bias blame block
    blow bomb bond book boost break brew bribe bully burden call calm cap care cast catch
    cause censure challenge change charge cheat check claim clash clean close collapse
    combat comfort command compare compliment compromise conduct conflict consent contact
    contest contract contrast control copy corner cost count cover crash cripple cross crowd
    crush curb cure cut damage dance date deal debate decay decline decrease delay demand
    design desire diet dip discount dispute divide dodge double doubt drain draw dream dress
    drink drive drop dry dump ease echo edge effect empower end escape estimate exchange
    excuse exercise experience experiment face fade fake fall fan farm fear feed fight
    figure fill film filter finance finish fire fish fit flood flow fly focus fool force
    form foster free freeze frustrate fuel function fund gamble grade grant guarantee guard
    guess guide hand hang harm harvest hate heat highlight hit hold honour hope host house
    hunt hurt impact import increase influence insult interest invoice issue judge jump kick
    label lack land last laugh launch lay level lie lift like limit line link list load lock
    look love lower lure march mark market mask master match matter measure mend merge merit
    mess milk mind mix model move murder name offer offset open order pack paint part pass
    pause pave pay phase pick place plan plant play please point police pop position post
    practice praise present press price print process profit program progress promise
    protect protest pull pump purchase push put question quit race rank rate reach read reap
    rebel record reflect reform regret release rent repeat reply report request research
    reserve respect rest result retire return reverse review reward ride rig right rise risk
    rock roll rule run rush sacrifice sail sanction scale school score screen search seek
    sense set shake shame share shift ship shock shoot shop show shrink shut sign sing sink
    sit skip slash sleep slow smoke sound sow spark split sponsor spread squeeze stage stain
    stand stare start state stay step stick stop store strain stress stretch strike strip
    struggle study subject supplement supply support surprise swallow swap sweep target tax
    tear tempt test threat tie touch tour trace track trade trail train transfer transport
    trap travel treat trick trigger trouble trust turn use value visit voice vote wait wake
    walk warrant wash waste wear win wish work worship worth wreck
    """
)
