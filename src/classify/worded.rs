//! News as it is worded: invented stories of every category in each language, plain and oblique, and
//! quiet ones that use the same words. Their sum is judged, with floors that only rise; a single story
//! may be wrong.

use std::collections::BTreeMap;

use super::*;

/// One story a line: category or `-`, title and text, parted by `|`.
const STORIES: &[(&str, &str)] = &[
    ("kk", include_str!("../../fixtures/worded/kk.txt")),
    ("ru", include_str!("../../fixtures/worded/ru.txt")),
    ("en", include_str!("../../fixtures/worded/en.txt")),
];

/// Right, given and wanted, of candidates or categories.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    right: usize,
    given: usize,
    wanted: usize,
}

impl Count {
    fn f1(self) -> f64 {
        2.0 * self.right as f64 / (self.given + self.wanted).max(1) as f64
    }
}

#[test]
fn news_in_other_words_is_found() {
    let judge = Judge::new(RuleSet::builtin().0);
    let mut found: BTreeMap<&str, Count> = BTreeMap::new();
    let mut named: BTreeMap<&str, Count> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (lang, stories) in STORIES {
        for line in stories.lines() {
            let [category, title, text] =
                line.splitn(3, '|').collect::<Vec<_>>().try_into().expect("category, title and text");
            let story = Story {
                id: title.to_owned(),
                url: None,
                title: title.to_owned(),
                text: text.to_owned(),
                published: None,
                byline: None,
                source: None,
            };
            let verdict = judge.judge(&story, None);
            let wanted = category != "-";
            let count = found.entry(lang).or_default();
            count.given += usize::from(verdict.candidate);
            count.wanted += usize::from(wanted);
            count.right += usize::from(verdict.candidate && wanted);
            if verdict.candidate != wanted {
                wrong.push(format!("{lang} {category} {title}"));
            }
            if wanted {
                let count = named.entry(category).or_default();
                count.wanted += 1;
                count.given += 1;
                count.right += usize::from(verdict.categories.iter().any(|label| label.id.id() == category));
            }
        }
    }
    for (lang, count) in found {
        assert!(count.f1() >= 0.94, "{lang}: {count:?}\n{}", wrong.join("\n"));
    }
    assert_eq!(named.len(), Category::ALL.len());
    for (category, count) in named {
        assert!(count.f1() >= 0.8, "{category}: {count:?}\n{}", wrong.join("\n"));
    }
}
