//! Explanations as they print, in colour and as a page: what they show, and that no story steers them.

use super::*;
use crate::rules::sample;

fn explained(title: &str, text: &str) -> Explanation {
    let story = Story {
        id: "1".to_owned(),
        url: None,
        title: title.to_owned(),
        text: text.to_owned(),
        published: None,
        byline: None,
        source: None,
    };
    explanation(&Judge::new(sample::set()), &story)
}

/// The text of a page, without tags.
fn without_tags(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

#[test]
fn colours_only_where_they_are_asked_for() {
    let explained = explained("Drugs", "Police detained a journalist and a blogger.");
    let (plain, coloured) = (explained.to_string(), explained.in_colour());
    assert!(!plain.contains('\u{1b}'));
    assert!(coloured.contains("\u{1b}[1;32mdetained\u{1b}[0m"), "{coloured}");
    assert!(coloured.contains("\u{1b}[1;31mDrugs\u{1b}[0m"), "{coloured}");
    // The blogger is a hit, and no rule quotes this word.
    assert!(coloured.contains("\u{1b}[4mblogger\u{1b}[0m"), "{coloured}");
    let mut bare = coloured;
    for code in ["\u{1b}[1;32m", "\u{1b}[1;31m", "\u{1b}[4m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[0m"] {
        bare = bare.replace(code, "");
    }
    assert_eq!(bare, plain, "the colours are all that differs");
}

#[test]
fn a_shut_gate_is_told() {
    let plain = explained("", "The museum shows how police detained a journalist.").to_string();
    assert!(plain.contains("Shut by against.museum:\n"), "{plain}");
    assert!(plain.contains("no candidate, score "), "{plain}");
}

#[test]
fn strangers_cannot_steer_the_terminal() {
    let check = |text: &str, expect: &str| assert_eq!(visible(text), expect, "{text:?}");
    check("сөз\nбостандығы", "сөз\nбостандығы");
    check("a\tb\r\nc", "a b\nc");
    check("\u{1b}]0;title\u{7}", "\u{fffd}]0;title\u{fffd}");
    check("a\u{9b}31mb", "a\u{fffd}31mb");
    check("\u{202e}cod.exe\u{202c}", "\u{fffd}cod.exe\u{fffd}");
    check("\u{2067}a\u{2069}", "\u{fffd}a\u{fffd}");
    check("a\u{200f}b\u{61c}", "ab");
    check("a\u{2028}b", "a\nb");
    // Joiners are letters' own business, in Arabic script above all.
    check("می\u{200c}خواهم", "می\u{200c}خواهم");

    let hostile = "Police detained\u{1b}[2J a journalist\u{202e} in the town.\u{7}\r\u{9b}1m";
    for shown in [explained(hostile, hostile).to_string(), explained(hostile, hostile).page()] {
        let bad =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{200e}' | '\u{200f}');
        assert_eq!(shown.find(bad), None, "{shown:?}");
    }
}

#[test]
fn what_runs_from_right_to_left_is_set_apart() {
    let text = "قالادا جۋرناليست ۇستالدى. Police detained a journalist.";
    let plain = explained("", text).to_string();
    assert!(plain.contains(": \u{2066}"), "the name of a concept keeps its direction: {plain}");
    let (opened, closed) = (plain.matches(['\u{2066}', '\u{2068}']).count(), plain.matches('\u{2069}').count());
    assert_eq!(opened, closed, "{plain}");
    let latin = explained("", "Police detained a journalist.").to_string();
    assert!(!latin.contains(['\u{2066}', '\u{2068}']));
}

#[test]
fn the_page_is_whole_and_escaped() {
    let text = "Police detained a journalist <script>alert('1')</script> & \"others\".";
    let page = explained("<img src=x onerror=alert(1)> Drugs", text).page();
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">") && page.ends_with("</html>"), "{page}");
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    assert!(page.contains("&lt;script&gt;alert('1')&lt;/script&gt; &amp; "), "{page}");
    for wanted in [
        "<mark class=\"for\" title=\"held\">detained",
        "<mark class=\"against\" title=\"drugs\">Drugs",
        "default-src 'none'",
        "<strong>arrest.speaker_held</strong>",
        "Somebody who informs the public is held.",
        "<strong>against.drugs</strong>",
        "where every story starts",
    ] {
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
    // Nothing beside the page is needed: no address of anything stands in it.
    for reaches_out in ["src=", "href=", "url(", "@import", "http"] {
        let inside_tags: usize = page.matches(reaches_out).count() - without_tags(&page).matches(reaches_out).count();
        assert_eq!(inside_tags - usize::from(reaches_out == "http"), 0, "{reaches_out}: {page}");
    }
}

#[test]
fn a_page_shows_the_whole_text_in_its_order() {
    let text = "In the town police detained a journalist.\n\nA blogger was there, too.";
    let page = explained("", text).page();
    let shown = without_tags(&page).replace("journalistspeaker", "journalist").replace("detainedheld", "detained");
    assert!(shown.contains("In the town police detained a journalist.\n\nA blogger was there, too."), "{shown}");
}

#[test]
fn a_long_text_is_cut_and_says_so() {
    let text = "Police detained a journalist. ".repeat(20_000);
    let plain = explained("", &text).to_string();
    assert!(plain.len() < 8 * SHOWN, "{}", plain.len());
    assert!(plain.contains("…\n\n"), "the cut is told");
}
