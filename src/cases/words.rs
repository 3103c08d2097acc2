//! The reasons for a tie in the words of the reviewer's language.

use crate::model::{Lang, Reason, cited};

/// Reasons in one line: what is shared joined by a plus, then how far apart. Kazakh, Russian, else English.
pub fn reasons(reasons: &[Reason], lang: Lang) -> String {
    let mut line = String::new();
    for reason in reasons {
        if !line.is_empty() {
            line.push_str(if matches!(reason, Reason::Days(_)) { ", " } else { " + " });
        }
        line.push_str(&one(reason, lang));
    }
    line
}

fn one(reason: &Reason, lang: Lang) -> String {
    let [person, name, law] = match lang {
        Lang::KK => ["сол адам", "сол атау", "сол заң"],
        Lang::RU => ["тот же человек", "то же название", "тот же закон"],
        _ => ["same person", "same name", "same law"],
    };
    match reason {
        Reason::Person(of) => format!("{person} ({of})"),
        Reason::Name(of) => format!("{name} ({of})"),
        Reason::Law(subject) => format!("{law} ({})", subject.replace('_', " ")),
        Reason::Article(of) => cited(of, lang),
        Reason::Place(of) | Reason::Court(of) | Reason::Sum(of) => of.clone(),
        Reason::Days(days) => apart(*days, lang),
    }
}

fn apart(days: u32, lang: Lang) -> String {
    match (lang, days) {
        (Lang::KK, 0) => "сол күні".to_owned(),
        (Lang::KK, _) => format!("арасы {days} күн"),
        (Lang::RU, 0) => "в тот же день".to_owned(),
        (Lang::RU, _) => format!("через {days} дн."),
        (_, 0) => "same day".to_owned(),
        (_, 1) => "1 day apart".to_owned(),
        (_, _) => format!("{days} days apart"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_read_as_one_line() {
        let shared = [
            Reason::Person("Ерлан Сапарбек".to_owned()),
            Reason::Article("CC 174".to_owned()),
            Reason::Place("Аркалык".to_owned()),
            Reason::Days(3),
        ];
        let check = |lang, expect: &str| assert_eq!(reasons(&shared, lang), expect);
        check(Lang::EN, "same person (Ерлан Сапарбек) + Art. 174 CC + Аркалык, 3 days apart");
        check(Lang::RU, "тот же человек (Ерлан Сапарбек) + ст. 174 УК + Аркалык, через 3 дн.");
        check(Lang::KK, "сол адам (Ерлан Сапарбек) + ҚК 174-бап + Аркалык, арасы 3 күн");
        assert_eq!(reasons(&[], Lang::EN), "");
    }
}
