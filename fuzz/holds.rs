//! What must hold of a verdict, whatever the story says.

use sozwatch::classify::Judge;
use sozwatch::model::{Part, Story};

/// The first line is the title, the rest the text. Bytes that are no UTF-8 are replaced, as they are
/// where pages are read.
pub fn whatever_it_says(judge: &Judge, bytes: &[u8]) {
    let told = String::from_utf8_lossy(bytes);
    let (title, text) = told.split_once('\n').unwrap_or(("", &told));
    let story = Story {
        id: "1".to_owned(),
        url: None,
        title: title.to_owned(),
        text: text.to_owned(),
        published: "2024-02-29T10:00:00+05:00".parse().ok(),
        byline: None,
        source: None,
    };
    let verdict = judge.judge(&story, Some("KZ"));
    let part = |part: Part| match part {
        Part::Title => story.title.as_str(),
        Part::Text => story.text.as_str(),
    };
    for evidence in verdict.evidence.iter().chain(&verdict.against) {
        assert_eq!(part(evidence.part).get(evidence.start..evidence.end), Some(evidence.text.as_str()), "{evidence:?}");
        for word in &evidence.words {
            assert!(part(word.part).get(word.start..word.end).is_some_and(|word| !word.is_empty()), "{word:?}");
        }
    }
    for (field, spans) in &verdict.spans {
        for span in spans {
            assert!(
                part(span.part).get(span.start..span.end).is_some_and(|words| !words.is_empty()),
                "{field} {span:?}"
            );
        }
    }
    assert!((0.0..=1.0).contains(&verdict.score));
    assert!(verdict.candidate || verdict.categories.is_empty());
    assert_eq!(verdict, judge.judge(&story, Some("KZ")), "judged twice");
}
