//! A small rule set for tests: invented, in three languages.

use super::RuleSet;

pub(crate) const CONCEPTS: &str = r#"
[[concept]]
id = "speaker"
is = "a person whose work is to inform"
attributed = true
ru = ["журналист*", "репортер", "блогер*"]
kk = ["журналист*", "тілші*", "блогер*"]
en = ["journalist", "reporter", "blogger"]
[concept.except]
ru = ["журналистик*"]

[[concept]]
id = "held"
is = "somebody is held"
ru = ["задержа*", "арестова*"]
kk = ["ұсталды", "ұстады", "қамауға"]
en = ["detained", "arrested"]

[[concept]]
id = "remand"
is = "custody before trial"
ru = ["арестова*"]
kk = ["қамауға"]
en = ["arrested"]

[[concept]]
id = "attribution"
is = "a phrase that only says who reported"
ru = ["сообщ* журналист*", "рассказал* журналист*"]
kk = ["журналистерге айтты"]
en = ["=told+reporter", "=told+journalist"]

[[concept]]
id = "history"
is = "the distant past"
ru = ["музе*", "годовщин*"]
kk = ["мұражай*"]
en = ["museum", "anniversary"]

[[concept]]
id = "today"
is = "something is done to somebody now"
ru = ["сегодня"]
kk = ["бүгін"]
en = ["today"]

[[concept]]
id = "drugs"
is = "drugs"
ru = ["наркотик*"]
kk = ["есірткі*"]
en = ["drugs"]
"#;

pub(crate) const HELD: &str = r#"
id = "arrest.speaker_held"
category = "arrest"
why = "Somebody who informs the public is held."
false_friends = "A reporter who tells of an arrest."
all = [["speaker"], ["held"]]
none = ["drugs"]
[weight]
near = 1.0
sentence = 1.6
next = 0.5
lede = 0.5
[[subtype]]
id = "remand"
any = ["remand"]
[[subtype]]
id = "detention"
any = ["held"]
[[hit]]
lang = "ru"
text = "В городе вечером задержали журналиста."
[[hit]]
lang = "kk"
text = "Қалада кеше кешке жергілікті журналист ұсталды."
[[hit]]
lang = "en"
text = "Police detained a journalist in the town on Monday."
[[miss]]
lang = "ru"
text = "Задержан вор, рассказал журналистам следователь."
[[miss]]
lang = "kk"
text = "Ұры ұсталды, деп журналистерге айтты тергеуші."
[[miss]]
lang = "en"
text = "A thief was arrested, an officer told reporters."
"#;

pub(crate) const PAST: &str = r#"
id = "against.museum"
why = "What a museum tells is history."
gate = true
all = [["history"]]
unless = ["today"]
[[hit]]
lang = "ru"
text = "В музее открылась выставка."
[[hit]]
lang = "kk"
text = "Қалалық мұражайда жаңа көрме ашылды."
[[hit]]
lang = "en"
text = "The museum opened a new exhibition."
[[miss]]
lang = "ru"
text = "В школе открылась выставка."
[[miss]]
lang = "kk"
text = "Қалалық мектепте жаңа көрме ашылды."
[[miss]]
lang = "en"
text = "The school opened a new exhibition."
"#;

pub(crate) const DRUGS: &str = r#"
id = "against.drugs"
why = "A story of drugs is mostly a story of crime."
all = [["drugs"]]
[weight]
lede = -1.0
body = -0.5
[[hit]]
lang = "ru"
text = "Нашли наркотики."
[[hit]]
lang = "kk"
text = "Полиция үйден есірткі тапты."
[[hit]]
lang = "en"
text = "They found drugs in the house."
[[miss]]
lang = "ru"
text = "Нашли деньги."
[[miss]]
lang = "kk"
text = "Полиция үйден ақша тапты."
[[miss]]
lang = "en"
text = "They found money in the house."
"#;

/// The files of the sample.
pub(crate) fn files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("concepts/sample.toml", CONCEPTS),
        ("arrest/speaker_held.toml", HELD),
        ("against/museum.toml", PAST),
        ("against/drugs.toml", DRUGS),
    ]
}

/// The sample, which loads without a fault.
pub(crate) fn set() -> RuleSet {
    let (set, faults) = RuleSet::of(&files());
    assert_eq!(faults, []);
    set
}
