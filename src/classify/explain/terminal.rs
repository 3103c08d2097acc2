//! An explanation as text, with or without colours.

use std::fmt::Write as _;

use super::{Explanation, Passage, Role, Speaker, runs_right_to_left};

/// What stands around a word in colour (ECMA-48, SGR).
const FOR: &str = "\u{1b}[1;32m";
const AGAINST: &str = "\u{1b}[1;31m";
const IDLE: &str = "\u{1b}[4m";
const BOLD: &str = "\u{1b}[1m";
const SOFT: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

/// The text, and whether it is coloured.
struct Printer {
    out: String,
    colour: bool,
}

pub(super) fn printed(explanation: &Explanation, colour: bool) -> String {
    let mut printer = Printer { out: String::new(), colour };
    printer.passage(&explanation.title, BOLD);
    printer.passage(&explanation.text, "");
    printer.verdict(explanation);
    for gate in &explanation.gates {
        printer.say("\n");
        printer.styled(AGAINST, &format!("Shut by {}:", gate.rule));
        printer.say("\n");
        printer.place(gate);
    }
    printer.speakers("For:", FOR, &explanation.fors);
    printer.speakers("Against:", AGAINST, &explanation.againsts);
    printer.sum(explanation);
    printer.fields(explanation);
    printer.out
}

impl Printer {
    fn say(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn styled(&mut self, style: &str, text: &str) {
        if self.colour && !style.is_empty() {
            self.out.push_str(style);
            self.out.push_str(text);
            self.out.push_str(PLAIN);
        } else {
            self.out.push_str(text);
        }
    }

    /// A text of strangers among ours: where it runs from right to left, it is set apart (U+2068 to
    /// U+2069), so that a terminal that orders letters by direction does not pull our words into it.
    fn apart(&mut self, text: &str) {
        match runs_right_to_left(text) {
            true => self.out.extend(["\u{2068}", text, "\u{2069}"]),
            false => self.say(text),
        }
    }

    /// A part of the story, each word that hit a concept as `[word: concept]`.
    fn passage(&mut self, passage: &Passage, style: &str) {
        if passage.pieces.is_empty() {
            return;
        }
        let turned = passage.pieces.iter().any(|piece| runs_right_to_left(&piece.text));
        for piece in &passage.pieces {
            if piece.concepts.is_empty() {
                self.styled(style, &piece.text);
                continue;
            }
            let marking = match piece.role {
                Role::For => FOR,
                Role::Against => AGAINST,
                Role::Idle => IDLE,
            };
            // The names of concepts run from left to right whatever stands around them.
            let name = if turned { format!("\u{2066}{}\u{2069}", piece.concepts) } else { piece.concepts.clone() };
            self.styled(SOFT, "[");
            self.styled(marking, &piece.text);
            self.styled(SOFT, &format!(": {name}]"));
        }
        if passage.cut {
            self.say("…");
        }
        self.say("\n\n");
    }

    fn verdict(&mut self, explanation: &Explanation) {
        let verdict = &explanation.verdict;
        let (style, word) = if verdict.candidate { (FOR, "candidate") } else { (BOLD, "no candidate") };
        self.styled(style, word);
        let country = verdict.country.as_ref().map(|country| format!(", {country}")).unwrap_or_default();
        // Writing to a String cannot fail; so of every write below.
        let _ = write!(
            self.out,
            ", score {:.3} (a candidate from {:.2}); {}, {}{country}",
            verdict.score, explanation.threshold, verdict.lang, verdict.script
        );
        let labels = explanation.labels();
        if !labels.is_empty() {
            self.say("; ");
            self.say(&labels.join(", "));
        }
        self.say("\n");
    }

    fn speakers(&mut self, heading: &str, style: &str, speakers: &[Speaker]) {
        if speakers.is_empty() {
            return;
        }
        self.say("\n");
        self.styled(BOLD, heading);
        self.say("\n");
        for speaker in speakers {
            self.say("  ");
            self.styled(style, &format!("{:+.2}", speaker.weight));
            let _ = write!(self.out, "  {}  ", speaker.rule);
            self.styled(SOFT, &format!("({})", speaker.windows));
            self.say("\n");
            self.place(speaker);
        }
    }

    fn place(&mut self, speaker: &Speaker) {
        self.say("         ");
        self.apart(&speaker.words);
        self.say("  “");
        self.apart(&speaker.quote);
        self.say("”\n");
    }

    fn sum(&mut self, explanation: &Explanation) {
        self.say("\n");
        self.styled(BOLD, "Sum:");
        self.say("\n");
        for (value, part) in &explanation.sum {
            let _ = writeln!(self.out, "  {value:+.2}  {part}");
        }
        let _ = writeln!(self.out, "  {:+.2}  in all: score {:.3}", explanation.total, explanation.verdict.score);
    }

    fn fields(&mut self, explanation: &Explanation) {
        if explanation.fields.is_empty() {
            return;
        }
        self.say("\n");
        self.styled(BOLD, "Read from it:");
        self.say("\n");
        for field in &explanation.fields {
            let _ = write!(self.out, "  {:<14}  ", field.name);
            self.apart(&field.value);
            for quote in &field.quotes {
                self.say("  “");
                self.apart(quote);
                self.say("”");
            }
            self.say("\n");
        }
    }
}
