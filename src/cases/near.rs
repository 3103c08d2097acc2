//! Near-duplicates: reprints, which are a third of the news.
//!
//! A text is a set of shingles (runs of two words); two texts are near when their sets overlap. The
//! overlap (Jaccard) is estimated from MinHash signatures (Broder 1997) and found through banded keys
//! (LSH), so that looking one up costs the same in an archive of any size.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::letters::{is_alphanumeric, small_cyrillic};
use crate::model::Story;

/// Hashes of a signature.
const HASHES: usize = 126;
/// Hashes of one band: of 42 bands, two texts with an overlap of 0.35 share one with probability 0.84, of
/// 0.5 with 0.996, and two unrelated ones (0.03) with 0.001.
const ROWS: usize = 3;
/// Words of a shingle.
const SHINGLE: usize = 2;
/// Words looked at; the rest of a longer text adds nothing.
const LONGEST: usize = 4_000;
/// Estimated overlap from which one story is a reprint of the other. Edited reprints overlap by 0.33 and
/// more, other stories on the same subject by less than 0.15.
pub const SAME: f64 = 0.28;

/// The least hash of a text's shingles under each of [`HASHES`] permutations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature(Vec<u32>);

/// The signature of a story's text. A text shorter than a shingle has one of its words; a title alone is one shingle,
/// since two that differ in a name are two matters.
pub fn signature(story: &Story) -> Signature {
    let words: Vec<u64> = words(told(story)).take(LONGEST).map(|word| hash(&word)).collect();
    let shingle = if is_title_alone(story) { words.len().max(1) } else { SHINGLE };
    let mut least = vec![u32::MAX; HASHES];
    let mut see = |shingle: u64| {
        for (index, least) in least.iter_mut().enumerate() {
            *least = (*least).min((mix(shingle ^ SEEDS[index]) >> 32) as u32);
        }
    };
    if words.len() < shingle {
        words.iter().for_each(|word| see(*word));
    } else {
        for run in words.windows(shingle) {
            see(run.iter().fold(0, |shingle, word| mix(shingle.rotate_left(7) ^ word)));
        }
    }
    Signature(least)
}

/// Days of a period in which texts are filed. Reprints come within days; what is alike after months (a rate, a
/// forecast, the words around a page) is none, and there is ever more of it.
const PERIOD: i64 = 90;

/// The keys under which a text of some time is filed, band by band.
pub fn keys(signature: &Signature, time: Timestamp) -> Vec<[u8; 8]> {
    in_period(&bands(signature), day(time).div_euclid(PERIOD))
}

/// The keys under which others like it are filed that are half a [`PERIOD`] older or younger, or less: those of its
/// own period and of the one that is nearer.
pub fn asks(signature: &Signature, time: Timestamp) -> Vec<[u8; 8]> {
    let (bands, half) = (bands(signature), day(time).div_euclid(PERIOD / 2));
    let own = half.div_euclid(2);
    let nearer = if half.rem_euclid(2) == 0 { own - 1 } else { own + 1 };
    [in_period(&bands, own), in_period(&bands, nearer)].concat()
}

/// The period stands first: what is looked up lies beside each other, and old texts are not touched.
fn in_period(bands: &[[u8; 8]], period: i64) -> Vec<[u8; 8]> {
    let [.., a, b] = period.to_be_bytes();
    bands.iter().map(|band| [a, b, band[0], band[1], band[2], band[3], band[4], band[5]]).collect()
}

fn day(time: Timestamp) -> i64 {
    time.as_second().div_euclid(86_400)
}

/// A key for each band of a signature: who shares one may be near.
pub(super) fn bands(signature: &Signature) -> Vec<[u8; 8]> {
    let bands = signature.0.chunks_exact(ROWS).enumerate();
    bands
        .map(|(band, rows)| rows.iter().fold(mix(band as u64 + 1), |key, row| mix(key ^ u64::from(*row))).to_be_bytes())
        .collect()
}

/// What of a signature is kept beside an index, a byte for each hash: enough to pass over what is not near.
pub fn sketch(signature: &Signature) -> Vec<u8> {
    signature.0.iter().map(|least| *least as u8).collect()
}

/// The most that the overlap with a text of this sketch can be; a 256th of what differs looks alike.
pub fn at_most(signature: &Signature, sketch: &[u8]) -> f64 {
    let alike = signature.0.iter().zip(sketch).filter(|(least, kept)| **least as u8 == **kept).count();
    alike as f64 / HASHES as f64
}

/// Estimated overlap of two texts, 0 to 1.
pub fn similarity(one: &Signature, other: &Signature) -> f64 {
    let alike = one.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
    alike as f64 / HASHES as f64
}

/// Does a telling say clearly more than another: by a tenth at least? What a site prints around a reprint (who
/// it is from, where to subscribe) is less.
pub fn fuller(one: &Story, other: &Story) -> bool {
    let letters = |story: &Story| story.text.chars().filter(|c| c.is_alphanumeric()).count();
    letters(one) * 10 >= letters(other) * 11 && letters(one) > 0
}

/// What copies of a story share: its text, and of one that is a title alone the title.
fn told(story: &Story) -> &str {
    if is_title_alone(story) { &story.title } else { &story.text }
}

fn is_title_alone(story: &Story) -> bool {
    !story.text.contains(is_alphanumeric)
}

/// Does a story say nothing, of which others could be copies?
pub fn is_mute(story: &Story) -> bool {
    !told(story).contains(is_alphanumeric)
}

/// SHA-256 of a text's words: the same for two copies that differ in spacing, case and punctuation.
pub fn text_hash(story: &Story) -> [u8; 32] {
    let mut hash = Sha256::new();
    for word in words(told(story)) {
        hash.update(word.as_bytes());
        hash.update(b" ");
    }
    hash.finalize().into()
}

/// Words, small, without punctuation and soft hyphens.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !(is_alphanumeric(c) || c == '\u{ad}')).filter(|word| !word.is_empty()).map(small)
}

/// A word in small letters, without soft hyphens.
fn small(word: &str) -> String {
    let mut small = String::with_capacity(word.len());
    for c in word.chars().filter(|c| *c != '\u{ad}') {
        match small_cyrillic(c) {
            Some(c) => small.push(c),
            None => small.extend(c.to_lowercase()),
        }
    }
    small
}

/// FNV-1a, 64 bits.
pub(super) fn hash(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The finaliser of SplitMix64 (Steele et al. 2014): each bit of the input moves half of the output's.
pub(super) const fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// One number for each permutation. They are part of the index's format: a change needs a rebuild.
const SEEDS: [u64; HASHES] = {
    let mut seeds = [0; HASHES];
    let mut index = 0;
    while index < HASHES {
        seeds[index] = mix(index as u64 + 0x5072_696e_7473);
        index += 1;
    }
    seeds
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn story(text: &str) -> Story {
        let (id, text) = ("s1".to_owned(), text.to_owned());
        Story { id, url: None, title: String::new(), text, published: None, byline: None, source: None }
    }

    fn near(one: &str, other: &str) -> bool {
        let (one, other) = (signature(&story(one)), signature(&story(other)));
        let found = bands(&one).iter().any(|band| bands(&other).contains(band));
        found && similarity(&one, &other) >= SAME
    }

    const NEWS: &str = "В пятницу суд города Актау рассмотрел иск предпринимателя к районной газете. Истец требует \
        опровергнуть статью о строительстве набережной и выплатить пять миллионов тенге. Редактор газеты с иском не \
        согласен и говорит, что каждое слово подтверждено документами подрядчика. Следующее заседание назначено на \
        двадцатое ноября, на него вызваны свидетели обеих сторон.";

    #[test]
    fn a_reprint_with_a_new_head_and_tail_is_near() {
        let reprint = format!("Как сообщает наш корреспондент. {NEWS} Подробности следуют.");
        assert!(near(NEWS, &reprint));
        assert!(near(NEWS, &NEWS.to_uppercase()));
    }

    #[test]
    fn another_story_in_the_same_words_is_not() {
        let other = "В пятницу суд города Актау рассмотрел иск строителя к областной больнице. Подрядчик просит вернуть долг за \
            ремонт крыши, который не оплачен с весны. Главный врач отвечает, что крыша течёт, как и раньше, и платить не \
            за что. Следующее заседание назначено на двадцатое ноября.";
        assert!(!near(NEWS, other));
        assert!(!near("", NEWS));
    }

    #[test]
    fn fuller_is_more_by_a_tenth() {
        let check = |one: &str, other: &str, expect: bool| {
            assert_eq!(fuller(&story(one), &story(other)), expect, "{one} / {other}");
        };
        check(&"слово ".repeat(11), &"слово ".repeat(10), true);
        check(&"слово ".repeat(21), &"слово ".repeat(20), false);
        check(&format!("{NEWS} Подписывайтесь на наш канал."), NEWS, false);
        check(&format!("{}!!! * * *", "слово ".repeat(10)), &"слово ".repeat(10), false);
        check(NEWS, "", true);
        check("", "", false);
    }

    #[test]
    fn the_text_hash_sees_words_only() {
        let check = |one: &str, other: &str, same: bool| {
            assert_eq!(text_hash(&story(one)) == text_hash(&story(other)), same, "{one} / {other}");
        };
        check("Суд  решил: нет!", "суд решил — нет", true);
        check("рас\u{ad}смотрел", "рассмотрел", true);
        check("Суд решил", "Суд решил иначе", false);
        check("ab c", "a bc", false);
    }

    #[test]
    fn a_title_alone_is_what_is_told() {
        let titled = |title: &str, text: &str| Story { title: title.to_owned(), ..story(text) };
        let check = |one: Story, other: Story, same: bool| {
            assert_eq!(text_hash(&one) == text_hash(&other), same, "{one:?} / {other:?}");
            assert_eq!(signature(&one) == signature(&other), same, "{one:?} / {other:?}");
        };
        check(titled("Редактора оштрафовали", ""), titled("Редактора оштрафовали!", " — "), true);
        check(titled("Редактора оштрафовали", ""), titled("Журналистку задержали", ""), false);
        let towns =
            ["Актау", "Актобе"].map(|town| titled(&format!("Журналиста арестовали в городе {town} за пост"), ""));
        assert_eq!(similarity(&signature(&towns[0]), &signature(&towns[1])), 0.0);
        let mute = |title: &str, text: &str| is_mute(&titled(title, text));
        assert!(mute("", " … ") && !mute("Редактора оштрафовали", "") && !mute("", NEWS));
        check(titled("Редактора оштрафовали", NEWS), titled("Журналистку задержали", NEWS), true);
    }

    /// Keys lie in the index of old workspaces: this pins them.
    #[test]
    fn keys_do_not_change() {
        let keys = keys(&signature(&story("Суд отклонил иск к редакции газеты")), on(20_000));
        assert_eq!(keys.len(), HASHES / ROWS);
        assert_eq!(keys[0], PINNED, "the seeds changed: an index made before needs another schema");
    }
    const PINNED: [u8; 8] = [0, 222, 4, 188, 226, 88, 173, 111];

    fn on(day: i64) -> Timestamp {
        Timestamp::from_second(day * 86_400 + 40_000).unwrap()
    }

    #[test]
    fn a_sketch_never_says_less_than_the_signatures() {
        let reprint = format!("{NEWS} Подробности следуют.");
        let other = "Синоптики обещают на выходных мороз и метель, водителей просят не выезжать на трассы.";
        for text in [NEWS, &reprint, other, ""] {
            let (one, two) = (signature(&story(NEWS)), signature(&story(text)));
            let (at_most, alike) = (at_most(&one, &sketch(&two)), similarity(&one, &two));
            assert!(at_most >= alike && at_most < alike + 0.05, "{text}: {alike}, {at_most} at most");
        }
        assert_eq!(at_most(&signature(&story(NEWS)), &[]), 0.0);
    }

    proptest! {
        #[test]
        fn a_copy_is_found_half_a_period_away_and_not_much_further(day in -300_i64..30_000, apart in -300_i64..300) {
            let signature = signature(&story(NEWS));
            let (filed, asked) = (keys(&signature, on(day)), asks(&signature, on(day + apart)));
            let found = filed.iter().filter(|key| asked.contains(key)).count();
            prop_assert!(found == 0 || found == filed.len());
            prop_assert!(found > 0 || apart.abs() > PERIOD / 2);
            prop_assert!(found == 0 || apart.abs() < PERIOD * 3 / 2);
        }

        #[test]
        fn a_text_is_nearest_to_itself(text in "\\PC{0,200}") {
            let signature = signature(&story(&text));
            prop_assert!((similarity(&signature, &signature) - 1.0).abs() < f64::EPSILON);
        }
    }
}
