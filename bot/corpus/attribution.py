"""The words by which English attributes a view to somebody: data for `bot.corpus.reported`.

Add a word here when it attributes in any text; nothing is listed for one document.
"""

from bot.words import word_set

STRONG = word_set(
    "accuse accuses accused allege alleges alleged argue argues argued arguing assert asserts"
    " asserted believe believes believed complain complains complained"
    " contend contends contended decry decries decried insist insists insisted"
    " insinuate insinuates insinuated lament laments lamented opine opines opined posit posits"
    " posited purport purports purported reckon reckons reckoned swore testified testifies"
    " testify warned"
)
"""Verbs that tell a view whatever follows."""

WEAK = word_set(
    "acknowledge acknowledged acknowledges add added adds admit admits admitted announce"
    " announced announces answer answered answers ask asked asks assume assumed assumes assure"
    " assured assures caution cautioned cautions claim claimed claiming claims concede conceded"
    " concedes conclude concluded concludes confirm confirmed confirms declare declared declares"
    " denied denies deny doubt doubted doubts emphasise emphasised emphasises emphasize"
    " emphasized emphasizes explain explained explains fear feared fears feel feels felt figure"
    " figures guess held hint hinted hints hold holds hope hoped hopes imagine imagined imagines"
    " implied implies imply maintain maintained maintains mention mentioned mentions note noted"
    " notes object objected objects predict predicted predicts pretend pretended pretends"
    " promise promised promises propose proposed proposes protest protested protests question"
    " questioned questions recall recalled recalls recommend recommended recommends remark"
    " remarked remarks replied replies reply report reported reports said say saying says state"
    " stated states stress stressed stresses suggest suggested suggests suppose supposed"
    " supposes suspect suspected suspects swear swears taught teach teaches tell telling tells"
    " think thinks thought told warn warns wonder wondered wonders write writes wrote"
)
"""Verbs that tell a view when a clause, a quotation or a comma follows."""

PHRASAL = {
    "point": "out to",
    "points": "out to",
    "pointed": "out to",
    "pointing": "out to",
    "call": "for",
    "calls": "for",
    "called": "for",
    "insists": "on",
    "goes": "on",
}
"""Verbs that tell a view with one of these words behind them ("points out")."""

SPEECH = word_set(
    "said say says saying argue argues argued claim claims claimed assume assumed object reply"
    " suggest suggested suggesting asked insist insisted wrote write put"
)
"""What "you" does when the addressee's view is told; "you think" and "you feel" ask."""

NOUNS = word_set(
    "answer answers claim claims doubt doubts fear fears figure figures hint hints hope hopes note"
    " notes object objects promise promises protest protests question questions recall recalls"
    " remark remarks reply replies report reports state states stress stresses suspect suspects"
    " warning guess say"
)
"""Those of them that are nouns as well, so that a comma or a name behind them proves little."""

NEED_THAT = word_set(
    "add added adds assure assured assures denied denies deny feel feels felt held hold holds"
    " implied implies imply recommend recommends taught teach teaches"
)
"""Those of them that tell a view only with "that" close behind."""

FAR = word_set("said says claimed claims told thinks thought wrote argues argued believes believed")
"""Verbs whose clause may come after a word or two ("said on Tuesday that")."""

PARTICIPLES = word_set("felt held said seen taught thought told written wrote")
"""Past participles that do not end in -ed."""

FORMS_OF_BE = word_set("am are aren't be been being is isn't was were")
"""Before a participle they make a passive: what is held is no view."""

LABELLING = word_set(
    "brand brands branded call calls called calling cast casts consider considers considered"
    " denounce denounces denounced describe describes described dismiss dismisses dismissed"
    " hail hails hailed paint paints painted portray portrays portrayed praise praises praised"
    " present presents presented regard regards regarded saw see seen sees tout touts touted"
    " treat treats treated view viewed views"
)
"""Verbs that tell a view with an object and "as" or a name ("describe the law as a ...")."""

SKIPPED = word_set(
    "all also always am are aren't basically be been being both can could did didn't do here does"
    " doesn't don't ever even frequently go had has have having is isn't just may might must"
    " never not now often once only originally over rather really regularly repeatedly should"
    " simply sometimes soon still then there they've they're too usually was we're were will"
    " would yet you're you've i've i'm we've he's she's it's 's again ago already since"
)
"""Auxiliaries and adverbs between a verb and its subject."""

OWN = word_set(
    "i we me us my our mine ours myself ourselves i'd i'll we'd we'll i've i'm we've we're"
)
"""The author, who needs no mark."""

EVIDENCE = word_set(
    "analyses analysis chart data diagram evidence experience experiment experiments fact facts"
    " figure figures finding findings history it logic measurement measurements name number"
    " numbers observation observations result results statistics studies study table"
    " test tests that these this those title which"
)
"""What "suggests" or "implies" without holding a view."""

INFERRING = word_set(
    "conclude concluded confirm confirms imply implies implied suggest suggests suggested hint"
    " hints state states stress stresses stressed mention mentions recall recalls"
)
"""Verbs that evidence can be the subject of."""

NOT_SUBJECTS = word_set(
    "a about against an any as at by each every for from had his her in into its more no of on"
    " or than the their to under upon when where with without your anyone nobody none my our"
    " if and but please let's let like them him little"
)
"""Words that show that what follows is no verb, or has no holder."""

CLAUSE_STARTERS = word_set(
    "a all an another any anybody anyone both each every everybody everyone everything he her"
    " his how i if in it it's its many most my neither no nobody none nothing oh one only our"
    " people she so some somebody someone such that that's the their there there's these they"
    " they'd they'll they're they've this those to us we we'd we'll we're we've well what when"
    " where whether which who why yes you you'd you'll you're your him me them look"
)
"""Words that begin what is said, thought or told, or name who is told."""

VERBS_OF_CLAUSES = word_set(
    "are can can't cannot could did do does don't had has have is isn't may might must need"
    " needs ought seems should was wasn't were will won't would"
)
"""A finite verb a word or two after "says" shows that a clause follows."""

INFINITIVE_HOLDERS = word_set(
    "common customary dares easy fashionable goes likes on popular seem seemed seems tempting"
    " tend tends tried tries try trying used want wants"
)
"""What stands before "to say" when the saying is told, not announced."""

VIEW = (
    "accusation allegation argument assertion assumption belief case charge claim complaint"
    " contention conviction criticism doctrine fear hope hypothesis idea illusion implication"
    " impression insistence myth narrative notion objection opinion position premise rumour"
    " rumor suggestion suspicion takeaway theory thesis view worry"
)
"""Nouns for what somebody holds."""

WORKS = (
    "album advert article author biography blurb book booklet brochure chapter column documentary"
    " editorial episode essay exhibition film guide half interview lecture leaflet manifesto memo"
    " memoir narrator novel pamphlet paper paragraph part passage piece play podcast preface post"
    " poem programme report review section series show speech statement story text thread"
    " director writer speaker guest"
)
"""What a view is found in."""

HOLDERS = (
    "adherents admirers advocates analysts anybody anyone authorities backers believers campaigners"
    " commentators conservatives critics cynics defenders detractors doubters enthusiasts"
    " everybody everyone experts fans folks liberals many most observers officials opponents"
    " optimists others people pessimists proponents pundits purists readers researchers reviewers"
    " scholars sceptics skeptics some somebody someone supporters those users voters"
)
"""Who holds views, without a name."""
