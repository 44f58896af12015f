"""Notes written for the behaviour tests; none is in the corpus."""

CLEAR = {
    "reflection": [
        "I talked over her twice when she got to her father. On Thursday I will put my pen down and wait until she has finished before I say anything.",
        "The family meeting ran late because I let the uncle open. Next time I'll ask the mother to start and give the uncle five minutes at the end.",
        "Noticed I skip the risk questions when I like the patient. I've put them at the top of my template so that everybody gets asked.",
        "Spoke with my supervisor about freezing when clients cry. We practised two sentences and I'm going to use the first one with Mr. Hale on Monday.",
    ],
    "rumination": [
        "I keep going over what I said to her at the door. Why did I say that. A real therapist would have known, and I just sat there like an idiot.",
        "Three weeks now and I still lie awake hearing him say it didn't help. I am no good at this and everyone will notice sooner or later.",
        "I should never have let him leave. I go through it again and again in the car and it always comes out the same: my fault.",
        "Didn't tell my supervisor that I cried. She thinks I am doing well and I'd rather she never finds out what I am really like in there.",
    ],
    "neither": [
        "Clinic moved to room 4 today because of the heating. Six patients, two did not attend. Letters are with the secretary.",
        "Mrs. Osei blames herself for the fall and says she should have been in the room. She will write down three good things each evening.",
        "Nice quiet shift. Had soup with the others and we laughed about the printer again. Home by six.",
        "Attachment theory holds that early bonds shape what people expect of others. The lecture covered four styles and some of the criticism.",
    ],
}

TO_CHANGE = {
    "names": [
        "Told Nadia the end of her own story again. On Tuesday I will count to five when she pauses and let her tell it.",
        "I told Dr. Okafor that all was well. I lie awake over that lie, he must see by now what a fraud I am.",
    ],
    "days": [
        "I spent the last ten minutes on my own advice. From Monday I stop at twenty to and ask what they will take home.",
        "The ward round is on Friday as usual. The one with the students is cancelled, the list hangs in the kitchen.",
    ],
    "american spelling": [
        "I did not apologise for being late, I joked about it. Tomorrow I will say sorry for it before we practise anything.",
        "I realise that I have learnt nothing in nine years. I keep recognising my own voice in his behaviour and I hate it.",
        "The programme for the day centre has come, with a colour for each group. Numbers go to the office by noon.",
    ],
}
"""Notes that hold the words that such a change is about."""

PAIRS = [
    (
        (
            "reflection",
            "I cut him off when he began about the war. Tomorrow I let the silence stand and ask what came next.",
        ),
        (
            "rumination",
            "I cut him off when he began about the war. Tomorrow I will only do the same again, it is what I am.",
        ),
    ),
    (
        (
            "reflection",
            "She said I looked tired and I said no. On Friday I'm telling my supervisor how tired I am and asking for two fewer slots.",
        ),
        (
            "rumination",
            "She said I looked tired and I said no. I'm not telling my supervisor anything, she would only see that I can't cope.",
        ),
    ),
    (
        (
            "rumination",
            "He missed the appointment again. I must have said something wrong last week, I go through every sentence and find nothing but my own stupidity.",
        ),
        (
            "neither",
            "He missed the appointment again. The bus drivers are on strike this week, so reception will offer him a new date by phone.",
        ),
    ),
    (
        (
            "reflection",
            "We ran out of time before the worksheet. From next week I start with the worksheet and leave the check-in for the end.",
        ),
        (
            "neither",
            "We ran out of time before the worksheet. The client will finish it at home and bring it along next week.",
        ),
    ),
    (
        (
            "reflection",
            "When the replay starts tonight I will say once that it was a hard hour, close the notebook and go for my walk.",
        ),
        ("neither", "It was a hard hour and I did what I could. That is enough for today."),
    ),
    (
        (
            "rumination",
            "The training asked us what we do well. I could not write one word, because there is nothing; I have fooled them all for nine years.",
        ),
        (
            "neither",
            "The training asked us what we do well. We wrote it on yellow cards and stuck them on the window. Lunch was good.",
        ),
    ),
]

PLAIN = {
    "recipe": "Fry the onions until soft, add two tins of tomatoes and a spoon of sugar, and let it simmer for twenty minutes. Serve with rice.",
    "shopping list": "Milk\nEggs\nCat litter\nStamps\nSomething for Joan's birthday\nBin bags",
    "code": "def mean(values):\n    total = sum(values)\n    return total / len(values) if values else 0.0",
    "travel": "We took the early ferry and walked along the harbour until the rain came. The children found a crab and gave it a name. In the evening we had fish.",
    "client note": "Client arrived on time, casually dressed. Reports low mood and poor sleep. Feels she failed as a mother. Plan: sleep diary, review in two weeks.",
    "minutes": "Present: all but T. Minutes agreed. The new rota starts in May. Parking was discussed again. Next meeting on the 14th at 2 pm.",
    "theory": "Rumination is commonly defined as repetitive thinking about the causes and consequences of distress. Several scales measure it in adults.",
    "opinion": "I have always thought that waiting rooms tell you a lot about a service. Ours has a fish tank, three broken chairs and a poster from 1998.",
}

GIBBERISH = {
    "letters": "asdkj qwpoe zxmcn laksjd qpwoei mznxbc alskdj",
    "digits": "4820 1199 3021 5567 8890 1203 4456",
    "emoji": "\U0001f600\U0001f642\U0001f643 \U0001f600 \U0001f389\U0001f389",
    "lorem": "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore.",
}

OTHER_LANGUAGES = {
    "German": "Ich h\u00e4tte sie nicht unterbrechen sollen. Seit Tagen gehe ich das Gespr\u00e4ch wieder und wieder durch und schlafe schlecht.",
    "Spanish": "No debí interrumpirla. Llevo días repasando la sesión una y otra vez y no puedo dormir.",
    "French": "Je n'aurais jamais dû l'interrompre. Depuis des jours je repasse la séance dans ma tête sans arrêt.",
    "Japanese": "\u3042\u306e\u6642\u9ed9\u3063\u3066\u3044\u308c\u3070\u3088\u304b\u3063\u305f\u3002\u4f55\u65e5\u3082\u305d\u306e\u3053\u3068\u3070\u304b\u308a\u8003\u3048\u3066\u3044\u308b\u3002",
}

INSIGHT = [
    "Went through last month's notes. Every referral I made for the men says 'motivated', every one for the women says 'tearful'.",
    "I thought she was avoiding the exercise. She does it with Paul, who shows it first. I have only ever explained it.",
    "On Mondays I run late and on Mondays they all say it went fine. They have seen me look at the door.",
]
"""Nothing is planned, yet a colleague could name what will be done differently."""

PLAIN_STEPS = [
    "The group was noisy and we did not finish. Next time I will prepare fewer examples and begin with the question.",
    "It was my first home visit. I learned that one should ask first where to sit, so from now on I ask.",
    "The parents came late, the room was cold, there was coffee. For the next evening I am going to write the three points on the board beforehand.",
]
"""Dry words, no look back in anger, a step all the same."""

SHORT_PLAIN = ["I saw her.", "Two visits, then the dentist.", "He came. We talked. He went."]
