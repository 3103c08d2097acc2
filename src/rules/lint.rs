//! What is wrong with rules that load: faults that a person who writes rules should mend.
//!
//! Whether a rule fires on its own examples needs the reading of facts too and is asked by the judge.

use std::collections::{BTreeMap, BTreeSet};

use super::RuleSet;
use super::concept::{ATTRIBUTION, BACKGROUND, Concept, LANGUAGES, NEGATION_AFTER, NEGATION_BEFORE};
use super::rule::{Claim, Rule};
use crate::model::{Diagnostic, Lang, Script};
use crate::tables::Item;
use crate::text::fold;

/// Fewest letters of a stem with free ending.
const SHORTEST_STEM: usize = 3;

/// Ordinary Kazakh words that news is full of, with the letters that folding takes away: a stem that
/// is another word until it is folded would hit them.
const ORDINARY_KK: &str = "соғыс жалақы сіңлі қызық құрық қазан күн көл қол көз сөз той тон төн үй ай ат от өт үн түн тұр түр тур көш қош құл күл \
    құс күс бас баз бес без жас жаз жұмыс жүз сан сән сана тақ қап қайт шәй арық ерік қыр кір ұр үр ару әру сұр сүр сүрет тіл тыл іс іш ін біл тіс тыс \
    қыс кіс қант кент өзен ара әрі арал әл ал әке аға ана әже ән бұл бүл құм күм құда күдік өнер өкпе шөп шұңқыр мұнай дұрыс тұрғын қыз ақша өлшем тұз түз \
    дәрі дән айып айыр қала әлем қоғам мақал ұлт ұйым өмір үміт құрылыс көлік қарау тарту теру бару беру жабу көмек күш құқық тиімді тиісті тыныш ең оң сәт \
    сот ақтау айту шығу жол жоқ қатар ұста үстел жалғас жалпы жалақысы қарыз қару қарсы қызмет қысқа тәртіп тапсыру тоқсан тоқта сынып сынақ ұсыныс ұстаз \
    айқын айтыс арыз арна асыл ауру аулау білім басқа басты батыс бекіту бөлім дауыс дау даму жазу жазғы жаза жазық жарық жария желі жел қағаз қатты қаты қауым \
    қауіп кеден кездесу көрме көше сақтау салық салу сауда сауал сараптау сурет тазалау талап талқы тармақ тексеру төлем ұлы шара шақыру шартты шешім шектеу";

impl RuleSet {
    /// Every fault, in the order of files.
    pub(crate) fn lint(&self) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        for concept in self.concepts.iter().filter(|concept| !concept.is_derived()) {
            stems(concept, &mut faults);
            self.unused(concept, &mut faults);
        }
        self.collisions(&mut faults);
        for rule in &self.rules {
            self.rule_faults(rule, &mut faults);
        }
        faults.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
        faults
    }

    /// A concept that nothing uses. What the reading of facts uses stands in files of its own.
    fn unused(&self, concept: &Concept, faults: &mut Vec<Diagnostic>) {
        let file = concept.path.rsplit('/').next().unwrap_or_default();
        let used = [ATTRIBUTION, BACKGROUND, NEGATION_BEFORE, NEGATION_AFTER].contains(&concept.id.as_str())
            || file.starts_with("facts_")
            || self.rules.iter().any(|rule| rule.names().any(|name| name == concept.id));
        if !used {
            let fault = Diagnostic::new(&concept.path, format!("no rule uses the concept `{}`", concept.id));
            faults.push(fault.at(concept.line).help("use it in a rule, or take it out"));
        }
    }

    fn rule_faults(&self, rule: &Rule, faults: &mut Vec<Diagnostic>) {
        let mut fault = |message: String, help: &str| {
            faults.push(Diagnostic::new(&rule.path, message).at(rule.line).help(help));
        };
        if rule.id.split('.').next().is_some_and(|folder| {
            rule.category.is_some_and(|category| category.id() != folder && folder != "against" && folder != "any")
        }) {
            fault(
                format!("rule `{}` stands in the folder of another category", rule.id),
                "move the file, or change `category`",
            );
        }
        if rule.langs.is_some() && rule.left_out.is_none() {
            fault(
                format!("rule `{}` leaves a language out without a reason", rule.id),
                "write left_out = \"…\" with the reason, above [weight]",
            );
        }
        for lang in LANGUAGES.into_iter().filter(|lang| rule.reads(*lang)) {
            for (claim, noun) in [(Claim::Hit, "hit"), (Claim::Miss, "miss")] {
                let shown = rule.examples.iter().any(|example| example.claim == claim && example.lang == lang);
                if !shown {
                    fault(
                        format!("rule `{}` has no [[{noun}]] in {lang}", rule.id),
                        "write one, or leave the language out with langs and left_out",
                    );
                }
            }
            let mute = rule.all.iter().find(|group| {
                !group
                    .names
                    .iter()
                    .filter_map(|named| self.concept(&named.text))
                    .any(|concept| concept.is_derived() || concept.speaks(lang))
            });
            if let Some(mute) = mute {
                let names: Vec<&str> = mute.names.iter().map(|named| named.text.as_str()).collect();
                fault(
                    format!("rule `{}` can never fire in {lang}: {} has no words in it", rule.id, names.join(", ")),
                    "add words to the concept, or leave the language out with langs and left_out",
                );
            }
        }
    }

    /// Kazakh stems that are two words until they are folded.
    fn collisions(&self, faults: &mut Vec<Diagnostic>) {
        let mut by_fold: BTreeMap<String, BTreeMap<String, (&Concept, &Item)>> = BTreeMap::new();
        let ordinary: Vec<(&str, String)> =
            ORDINARY_KK.split_whitespace().map(|word| (word, folded(word, Lang::KK))).collect();
        for concept in &self.concepts {
            for form in concept.forms.get(&Lang::KK).into_iter().flatten() {
                let Some(stem) = single(&form.text) else { continue };
                let fold = folded(stem, Lang::KK);
                let written = stem.to_lowercase();
                let free = form.text.ends_with('*');
                let met = ordinary.iter().find(|(word, of)| {
                    let hit = if free { of.starts_with(&fold) } else { *of == fold };
                    hit && !word.starts_with(&written) && !excepted(concept, of)
                });
                if let Some((word, _)) = met {
                    let message = format!(
                        "`{}` of concept `{}` is `{word}` once the Kazakh letters are folded",
                        form.text, concept.id
                    );
                    let help = format!("lengthen it, or write kk = [\"={word}\"] under [concept.except]");
                    faults.push(Diagnostic::new(&concept.path, message).at(form.line).help(help));
                }
                by_fold.entry(fold).or_default().entry(written).or_insert((concept, form));
            }
        }
        for words in by_fold.values().filter(|words| words.len() > 1) {
            let all: Vec<(&String, &(&Concept, &Item))> = words.iter().collect();
            for pair in all.windows(2) {
                let ((first, (one, _)), (second, (other, form))) = (pair[0], pair[1]);
                if one.id == other.id || spelt_without_letters(first, second) {
                    continue;
                }
                let message =
                    format!("`{second}` of concept `{}` and `{first}` of `{}` fold to one word", other.id, one.id);
                let fault = Diagnostic::new(&other.path, message).at(form.line);
                faults.push(fault.help("lengthen one of them, or use two words"));
            }
        }
    }
}

/// Whether one word is the other typed without the special letters, so that both are meant.
fn spelt_without_letters(one: &str, other: &str) -> bool {
    let plain = |word: &str| !word.contains(['ә', 'ғ', 'қ', 'ң', 'ө', 'ұ', 'ү', 'һ', 'і']);
    plain(one) || plain(other)
}

fn excepted(concept: &Concept, folded_word: &str) -> bool {
    concept
        .except
        .get(&Lang::KK)
        .into_iter()
        .flatten()
        .filter_map(|form| single(&form.text))
        .any(|stem| folded_word.starts_with(&folded(stem, Lang::KK)))
}

/// Stems too short to mean anything, and stems given twice.
fn stems(concept: &Concept, faults: &mut Vec<Diagnostic>) {
    for (lang, forms) in &concept.forms {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for form in forms {
            let mut fault = |message: String, help: &str| {
                faults.push(Diagnostic::new(&concept.path, message).at(form.line).help(help));
            };
            if let Some(stem) = single(&form.text)
                && form.text.ends_with('*')
                && stem.chars().filter(|c| c.is_alphanumeric()).count() < SHORTEST_STEM
            {
                fault(
                    format!("`{}` of concept `{}` matches nearly everything", form.text, concept.id),
                    "write three letters or more before *, or the word without *",
                );
            }
            let whole: Vec<String> = form.text.split(' ').map(|word| folded(word, *lang)).collect();
            if !seen.insert(whole.join(" ")) {
                fault(
                    format!("`{}` stands twice in concept `{}` ({lang})", form.text, concept.id),
                    "take one out; spellings without the special letters are read anyway",
                );
            }
        }
    }
}

/// The stem of a form of one word.
fn single(form: &str) -> Option<&str> {
    if form.contains([' ', '+']) {
        return None;
    }
    let form = form.split_once(':').map_or(form, |(_, form)| form);
    Some(form.trim_start_matches('=').trim_end_matches('*'))
}

/// A word folded for matching; its notation stays.
fn folded(word: &str, lang: Lang) -> String {
    let notation: String = word.chars().filter(|c| ['=', '*', '+', ':'].contains(c)).collect();
    let upper = if word.starts_with("upper:") { "^" } else { "" };
    let mut out = String::new();
    let stem = word.split_once(':').map_or(word, |(_, stem)| stem);
    for piece in stem.split(['=', '*', '+']).filter(|piece| !piece.is_empty()) {
        fold::word(piece, lang, Script::Cyrillic, &mut out);
        out.push('+');
    }
    out.pop();
    out + &notation.replace(':', "") + upper
}
