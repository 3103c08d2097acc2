//! What stands between an article's paragraphs and is no part of it: invitations to read on, to
//! share, to subscribe; and pages that hold nothing else.

use super::dates::date;
use super::metadata::letters;

/// Longest paragraph, in characters, that may be an invitation.
const LONGEST_NAG: usize = 260;

/// Openings of paragraphs that lead elsewhere, in small letters.
const OPENINGS: &[&str] = &[
    // Russian
    "читайте также",
    "читайте ещё",
    "читайте еще",
    "читать также",
    "читайте по теме",
    "также читайте",
    "читайте:",
    "читать далее",
    "читать полностью",
    "смотрите также",
    "смотри также",
    "по теме:",
    "ещё по теме",
    "еще по теме",
    "материалы по теме",
    "новости по теме",
    "похожие новости",
    "похожие материалы",
    "подписывайтесь на",
    "подпишитесь на",
    "подписаться на",
    "подпишись на",
    "следите за нами",
    "следите за новостями",
    "следите за нашими",
    "присоединяйтесь к нам",
    "присоединяйтесь к нашему",
    "больше новостей в",
    "больше новостей —",
    "наш telegram",
    "наш телеграм",
    "самые важные новости",
    "главные новости в",
    "поделиться:",
    "поделиться в",
    "поделитесь с друзьями",
    "расскажите друзьям",
    "оставить комментарий",
    "комментарии (",
    "нашли ошибку",
    "если вы нашли ошибку",
    "если вы заметили ошибку",
    "заметили ошибку",
    "выделите её и нажмите",
    "сообщить об опечатке",
    "получайте оповещения",
    "не пропустите важные",
    "установите наше приложение",
    "скачайте наше приложение",
    "загрузка...",
    // Kazakh
    "тағы оқыңыз",
    "тағы да оқыңыз",
    "сондай-ақ оқыңыз",
    "сондай-ақ, оқыңыз",
    "оқи отырыңыз",
    "оқыңыз:",
    "толығырақ оқу",
    "тақырып бойынша",
    "ұқсас жаңалықтар",
    "басқа жаңалықтар",
    "бізге жазылыңыз",
    "бізге жазылу",
    "телеграм арнамызға",
    "telegram арнамызға",
    "telegram-арнамызға",
    "whatsapp арнамызға",
    "instagram парақшамызға",
    "біздің telegram",
    "біздің телеграм",
    "бізді әлеуметтік желі",
    "арнамызға жазылыңыз",
    "жаңалықтарды бірінші болып",
    "достарыңызбен бөлісіңіз",
    "бөлісу:",
    "пікір қалдыру",
    "пікірлер (",
    "қате таптыңыз ба",
    "қате тапсаңыз",
    // English
    "read also",
    "also read",
    "read more:",
    "read more about",
    "read next",
    "see also",
    "related:",
    "related articles",
    "related stories",
    "more on this story",
    "more from",
    "recommended reading",
    "sign up for",
    "sign up to",
    "subscribe to our",
    "subscribe to the",
    "subscribe now",
    "subscribe for",
    "follow us on",
    "join our telegram",
    "join us on",
    "share this",
    "share on",
    "click here to",
    "download our app",
    "leave a comment",
    "enter your email",
    "advertisement",
    "continue reading below",
    "story continues below",
];

/// Paragraphs that are such an invitation and nothing else, by their letters.
const WHOLE: &[&str] = &[
    "реклама",
    "поделиться",
    "комментарии",
    "комментировать",
    "наверх",
    "печать",
    "распечатать",
    "версиядляпечати",
    "жарнама",
    "бөлісу",
    "пікірлер",
    "басыпшығару",
    "share",
    "tweet",
    "email",
    "print",
    "comments",
    "comment",
    "advertisement",
    "advert",
    "facebook",
    "twitter",
    "telegram",
    "whatsapp",
    "vkontakte",
    "вконтакте",
    "одноклассники",
    "читайтетакже",
    "related",
    "sharethisarticle",
    "copylink",
    "скопироватьссылку",
];

/// The paragraphs without invitations, and without a first paragraph that only repeats the title.
pub fn without_nags(paragraphs: &str, title: &str) -> String {
    let title = letters(title);
    let mut kept = Vec::new();
    for (number, paragraph) in paragraphs.split("\n\n").enumerate() {
        let repeats = number == 0 && !title.is_empty() && letters(paragraph) == title;
        let dateline = number < 3 && is_dateline(paragraph);
        if !repeats && !dateline && !is_nag(paragraph) {
            kept.push(paragraph);
        }
    }
    kept.join("\n\n")
}

/// A line of date, author and number of readers, which stands above the text.
fn is_dateline(paragraph: &str) -> bool {
    let short = paragraph.chars().count() <= 90 && !paragraph.ends_with(['.', '!', '?', '»', ':']);
    short && paragraph.starts_with(|letter: char| letter.is_ascii_digit()) && date(paragraph, None).is_some()
}

fn is_nag(paragraph: &str) -> bool {
    if paragraph.chars().count() > LONGEST_NAG {
        return false;
    }
    let lower = paragraph.to_lowercase();
    let opening =
        lower.trim_start_matches(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '«' | '“' | '„' | '"'));
    OPENINGS.iter().any(|nag| opening.starts_with(nag)) || WHOLE.contains(&letters(paragraph).as_str())
}

/// Phrases of pages that show a notice instead of an article, with what they are.
const STUBS: &[(&str, &str)] = &[
    ("подпишитесь, чтобы", PAYWALL),
    ("доступно только подписчикам", PAYWALL),
    ("доступен только подписчикам", PAYWALL),
    ("доступно только по подписке", PAYWALL),
    ("доступен по подписке", PAYWALL),
    ("доступна по подписке", PAYWALL),
    ("оформите подписку", PAYWALL),
    ("купите подписку", PAYWALL),
    ("продолжение доступно", PAYWALL),
    ("полная версия доступна", PAYWALL),
    ("чтобы прочитать полностью", PAYWALL),
    ("тек жазылушыларға", PAYWALL),
    ("жазылушыларға ғана", PAYWALL),
    ("толық оқу үшін жазылыңыз", PAYWALL),
    ("оқу үшін жазылу", PAYWALL),
    ("subscribe to continue", PAYWALL),
    ("subscribe to read", PAYWALL),
    ("to continue reading", PAYWALL),
    ("subscribers only", PAYWALL),
    ("for subscribers", PAYWALL),
    ("already a subscriber", PAYWALL),
    ("this content is for members", PAYWALL),
    ("create a free account to", PAYWALL),
    ("wählen sie ihren zugang", PAYWALL),
    ("we value your privacy", CONSENT),
    ("before you continue", CONSENT),
    ("we use cookies", CONSENT),
    ("we and our partners", CONSENT),
    ("manage your cookie", CONSENT),
    ("мы используем файлы cookie", CONSENT),
    ("мы используем cookie", CONSENT),
    ("сайт использует cookie", CONSENT),
    ("сайт использует файлы cookie", CONSENT),
    ("cookie файлдарын пайдалан", CONSENT),
    ("cookie файлдарын қолдан", CONSENT),
    ("checking your browser", CHALLENGE),
    ("enable javascript and cookies", CHALLENGE),
    ("please enable javascript", CHALLENGE),
    ("verify you are human", CHALLENGE),
    ("are you a robot", CHALLENGE),
    ("подтвердите, что вы не робот", CHALLENGE),
    ("проверка браузера", CHALLENGE),
    ("ddos protection by", CHALLENGE),
    ("access denied", REFUSED),
    ("доступ запрещ", REFUSED),
    ("доступ ограничен", REFUSED),
    ("page not found", MISSING),
    ("страница не найдена", MISSING),
    ("запрашиваемая страница", MISSING),
    ("бет табылмады", MISSING),
    ("парақ табылмады", MISSING),
];

const PAYWALL: &str = "the text is behind a paywall; only its announcement is there";
const CONSENT: &str = "the page asks for consent to cookies instead of showing an article";
const CHALLENGE: &str = "the page is a check for robots, not an article";
const REFUSED: &str = "the site refuses access; there is no article";
const MISSING: &str = "the page says that it does not exist";

/// Why a short text is a notice and no article, where it is one.
///
/// A story may quote such a phrase, so only texts under 60 words (120 on pages that say themselves
/// that they are for payers) are looked at.
pub fn is_stub(title: &str, text: &str, for_payers: bool) -> Option<&'static str> {
    let words = text.split_whitespace().count();
    if words >= if for_payers { 120 } else { 60 } {
        return None;
    }
    let lower = format!("{title}\n{text}").to_lowercase();
    if let Some((_, reason)) = STUBS.iter().find(|(phrase, _)| lower.contains(phrase)) {
        return Some(reason);
    }
    (for_payers && words < 60).then_some(PAYWALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paragraphs: &[&str], expect: &[&str]) {
        assert_eq!(without_nags(&paragraphs.join("\n\n"), "Сот шешімі шықты"), expect.join("\n\n"));
    }

    #[test]
    fn lines_around_a_text_are_dropped() {
        check(
            &[
                "Сот шешімі шықты!",
                "23 қараша 2026, 09:05 Айнұр Ойдан 2168",
                "Бірінші.",
                "► Читайте также: другое",
                "Бөлісу",
                "Екінші.",
            ],
            &["Бірінші.", "Екінші."],
        );
    }

    #[test]
    fn near_misses_stay() {
        let kept = [
            "23 қараша 2026 жылы сот үкім шығарды.",
            "«Читайте также мою книгу», – сказал обвиняемый.",
            "Поделиться своим мнением о законе граждане могли до конца месяца.",
            "Related cases were closed last year.",
            "Сот шешімі шықты",
        ];
        check(&kept, &kept);
    }

    #[test]
    fn notices_are_no_articles() {
        let check = |title: &str, text: &str, for_payers: bool, expect: Option<&str>| {
            assert_eq!(is_stub(title, text, for_payers), expect, "{title} {text}");
        };
        check("Анализ", "Полная версия доступна по подписке.", false, Some(PAYWALL));
        check("404", "Бет табылмады", false, Some(MISSING));
        check("Just a moment", "Checking your browser before accessing", false, Some(CHALLENGE));
        check("Аңдатпа", "Бірінші абзац қана көрінеді.", true, Some(PAYWALL));
        check("Суд", "Газета сообщила о решении суда.", false, None);
        check("Суд", &"Редакция закрыла доступ: мы используем cookie. ".repeat(20), false, None);
    }
}
