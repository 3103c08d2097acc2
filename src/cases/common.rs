//! Capitalised words that are no names, and the words that stand beside names: offices, verbs of telling. All are
//! skeletons, so that one list serves three languages.

/// Who tells: verbs before a name that is only quoted, as skeletons.
#[rustfmt::skip]
pub(super) const SAYS: &[&str] = &[
    "sobsha", "sobshi", "pereda", "pishe", "napisa", "habarla", "habarda", "jazdi", "report", "told", "siltem",
    "silk",
];

pub(super) fn is_patronymic(skeleton: &str) -> bool {
    ["ovich", "evich", "ovna", "evna", "ovicha", "evicha", "uli", "kizi", "ovni", "evni"]
        .iter()
        .any(|ending| skeleton.len() > ending.len() + 2 && skeleton.ends_with(ending))
}

pub(super) fn is_office(skeleton: &str) -> bool {
    OFFICES.iter().any(|stem| skeleton.starts_with(stem))
}

/// Offices, and those who speak for others, as skeletons of stems.
#[rustfmt::skip]
const OFFICES: &[&str] = &[
    "ministr", "minister", "vise", "vike", "prezident", "president", "premer", "premier", "akim", "sudia", "sudi",
    "sude", "judge", "justike", "prokuror", "prosekutor", "deputat", "deput", "senator", "spiker", "speaker", "pres",
    "baspasoz", "spokes", "advokat", "zashitni", "korgaushi", "iurist", "zanger", "laver", "atorn", "kounsel",
    "ekspert", "ekpert", "sarapshi", "saiasatan", "politolog", "analist", "ombudsm", "torag", "predsedat", "chairman",
    "governor", "maior", "maer", "polkovnik", "polkovn", "general", "sledovat", "tergeushi", "predstavit", "okil",
    "direktordep", "upolnomoch",
];

pub(super) fn is_common(skeleton: &str) -> bool {
    COMMON.iter().any(|stem| skeleton.starts_with(stem)) || WHOLE.binary_search(&skeleton).is_ok()
}

/// Beginnings of capitalised words that are parts of no personal name: states, towns, bodies, networks, days and
/// months, as skeletons.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "kazahst", "kazakst", "kirgizst", "uzbek", "ozbek", "rosi", "rusia", "resei", "tadjik", "tajik", "turkmen",
    "ukrain", "belarus", "kitai", "china", "germani", "turki", "amerik", "evrop", "europ", "moskov", "london",
    "almat", "astan", "shimkent", "karagand", "aktobe", "aktau", "atirau", "pavlodar", "kostana", "semei", "uralsk",
    "oral", "taraz", "turkestan", "taldikorgan", "kizilord", "kokshetau", "petropavl", "bishkek", "tashkent", "minsk",
    "internet", "fakebok", "feisbuk", "instagram", "telegram", "iutub", "tiktok", "vasap", "vhasap", "tviter", "tvit",
    "gogl", "iandeks", "vkontakt", "ministr", "minister", "ministri", "komitet", "komite", "departament",
    "department", "prokurat", "prosekut", "parlament", "parliament", "majilis", "senat", "polis", "polik",
    "konstitus", "konstitut", "kodeks", "kode", "kriminal", "republik", "federas", "federal", "soiuz", "union",
    "organiz", "asosi", "asoki", "komis", "komisi", "kounkil", "supreme", "national", "nasional", "international",
    "distrikt", "regional", "oblast", "akimat", "upravlen", "administr", "universit", "institut", "fond", "fund",
    "foundation", "obshestv", "kogam", "partia", "parti", "dvijen", "journal", "jurnal", "redaks", "editor", "gazet",
    "novost", "habar", "iuridi", "zakon", "prezident", "president", "premer", "akorda", "blog", "aktivist",
    "korespond", "pravozashit", "sledstv", "advokat", "lavier", "moskv", "verhov", "jogargi", "ulti", "januar",
    "februar", "march", "april", "august", "septemb", "oktob", "oktober", "novemb", "dekab", "dekemb", "monda",
    "tuesda", "vednesda", "thursda", "frida", "saturda", "sunda", "ianvar", "fevral", "aprel", "avgust", "sentiabr",
    "oktiabr", "noiabr", "kantar", "akpan", "nauriz", "mausim", "kirkuiek", "kazan", "karasha", "jeltoksan",
    "dusenbi", "seisenbi", "sarsenbi", "beisenbi", "juma", "senbi", "jeksenbi", "kentral", "entral", "asia", "azia",
    "human", "rigt", "foreign", "prime", "state", "unit", "islam", "grand", "blak", "vhite", "great", "north",
    "south", "east", "vest", "nort", "fre", "fredom", "nevs", "media", "pres", "agens", "agenk", "agent",
];

/// Whole words of the same kind, sorted.
#[rustfmt::skip]
const WHOLE: &[&str] = &[
    "a", "after", "al", "an", "and", "as", "at", "bi", "biz", "bul", "dr", "eto", "for", "from", "he", "her", "his",
    "i", "in", "is", "it", "ja", "joli", "mai", "mi", "mr", "mrs", "ms", "na", "nev", "no", "nu", "of", "on", "one",
    "or", "our", "po", "pri", "she", "sot", "sud", "suda", "sude", "that", "the", "thei", "this", "to", "tv", "u",
    "v", "ve", "vhen", "vho", "vot", "za",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_sorted() {
        assert!(WHOLE.is_sorted(), "{WHOLE:?}");
    }

    #[test]
    fn common_words_are_told_from_names() {
        use crate::cases::names::skeleton;
        for word in ["Казахстана", "Ministry", "Алматыда", "October", "Қазан", "The", "Facebook", "Верховного"]
        {
            assert!(is_common(&skeleton(word)), "{word}");
        }
        for word in ["Ерлан", "Сапарбек", "Nurlan", "Айгүл", "Anna", "Holt"] {
            assert!(!is_common(&skeleton(word)), "{word}");
        }
    }
}
