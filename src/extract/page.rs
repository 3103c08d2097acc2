//! One article out of a page's boilerplate.
//!
//! The order: configured selectors; what the page says of itself in structured data; the general
//! extractor (crate `trafilatura`) for the text. A page without an article is told apart from one
//! with: a notice of payment or consent is never stored as a story.

use std::borrow::Cow;

use scraper::{Html, Selector};

use super::body::{BOUNDS, general_body, plain_body};
use super::charset::decode_page;
use super::gunzip::unpacked;
use super::html::{bounded, paragraphs_of, paragraphs_of_fragment, tangle};
use super::metadata::Metadata;
use super::nags::{is_stub, without_nags};
use super::plain::one_line;
use super::{Article, NoArticle, Origin, telegram};
use crate::config::PageSelect;

/// Fewest words of an article. The shortest news in brief have some thirty.
const FEWEST_WORDS: usize = 15;
/// Sum of depths beyond which the general extractor is not asked; pages of news stay under 100,000.
pub(super) const MOST_TANGLED: usize = 2_000_000;
/// Letters at the beginning of a page that tell text from binary data.
const SNIFFED: usize = 1_445;
/// Most bytes of text kept.
const LONGEST_TEXT: usize = 1 << 20;

/// Reads the article of a page.
///
/// No date of publication lies more than a day after the capture, where that is known.
///
/// # Errors
/// [`NoArticle`] where the bytes are no page, hold too little text, or ask for payment or consent.
pub fn page(body: &[u8], origin: &Origin<'_>, select: &PageSelect) -> Result<Article, NoArticle> {
    let Origin { content_type, url, .. } = *origin;
    let bytes = unpacked(body);
    if let Some(kind) = not_html(&bytes, content_type) {
        return Err(NoArticle::because(format!("this is no web page but {kind}")));
    }
    let text = decode_page(&bytes, content_type);
    if text.trim().is_empty() {
        return Err(NoArticle::because("the page is empty"));
    }
    if is_binary(&text) {
        return Err(NoArticle::because("these bytes are no text, whatever the server calls them"));
    }
    if !text.contains('<') {
        return Err(NoArticle::because("this is plain text, not a web page"));
    }
    let text = bounded(&text);
    let mut html = Html::parse_document(&text);
    drop_chosen(&mut html, &select.drop);
    if text.contains(telegram::MARK)
        && let Some(article) = telegram::post(&html, url)
    {
        return match article.text.is_empty() {
            true => Err(NoArticle::because("the post has no words, only pictures")),
            false => Ok(article),
        };
    }
    let about = Metadata::read(&html, origin);
    let title = about.title(select);
    let paragraphs = match of_selector(&html, select.text.as_deref()) {
        Some(paragraphs) => paragraphs,
        None => body_of(&html, &text, &about, &select.drop),
    };
    let paragraphs = without_nags(&paragraphs, &title);
    let words = paragraphs.split_whitespace().count();
    if let Some(reason) = is_stub(&title, &paragraphs, about.is_for_payers()) {
        return Err(NoArticle::because(reason));
    }
    if words < FEWEST_WORDS && !is_unspaced(&paragraphs) {
        return Err(NoArticle::because(format!("too little text for an article: {words} words")));
    }
    let lang = language(about.language(), &paragraphs);
    Ok(Article {
        url: about.address(),
        title,
        published: about.published(select),
        byline: about.byline(select),
        site: about.site(),
        lang,
        text: super::plain::clip(&paragraphs, LONGEST_TEXT).to_owned(),
    })
}

/// What the bytes are where header or first bytes say plainly that they are no page.
fn not_html(bytes: &[u8], content_type: Option<&str>) -> Option<Cow<'static, str>> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF document"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"PK\x03\x04", "an archive or office document"),
        (b"\xd0\xcf\x11\xe0", "an office document"),
        (b"Rar!", "an archive"),
        (b"RIFF", "a picture, sound or film"),
        (b"ID3", "sound"),
        (b"OggS", "sound"),
    ];
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(Cow::Borrowed(kind));
    }
    let kind = content_type?.split(';').next()?.trim().to_ascii_lowercase();
    let is_page = kind.is_empty()
        || kind.contains("html")
        || kind.contains("xml")
        || matches!(kind.as_str(), "text/plain" | "application/octet-stream" | "content/unknown");
    // Servers that call a page by a wrong name still send its markup.
    let begins_as_page = || {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_ascii_lowercase();
        head.contains("<!doctype html") || head.contains("<html")
    };
    (!is_page && !begins_as_page()).then_some(Cow::Owned(kind))
}

/// Do letters that no text holds (the "binary data bytes" of WHATWG MIME Sniffing, 3) make up more than a hundredth of
/// the beginning? Editors of pages leave a stray one behind; of random bytes every tenth is one.
fn is_binary(text: &str) -> bool {
    let of_no_text = |letter: &char| matches!(letter, '\0'..='\x08' | '\x0b' | '\x0e'..='\x1a' | '\x1c'..='\x1f');
    let (all, strange) = text
        .chars()
        .take(SNIFFED)
        .fold((0, 0), |(all, strange), letter| (all + 1, strange + usize::from(of_no_text(&letter))));
    strange * 100 > all
}

/// Takes the configured parts out of the tree.
fn drop_chosen(html: &mut Html, drop: &[String]) {
    for css in drop {
        let Ok(selector) = Selector::parse(css) else { continue };
        let dropped: Vec<_> = html.select(&selector).map(|element| element.id()).collect();
        for id in dropped {
            if let Some(mut node) = html.tree.get_mut(id) {
                node.detach();
            }
        }
    }
}

fn of_selector(html: &Html, css: Option<&str>) -> Option<String> {
    let selector = Selector::parse(css?).ok()?;
    let parts: Vec<_> = html.select(&selector).collect();
    // An element inside another that matches too would be read twice.
    let outermost = parts
        .iter()
        .filter(|part| !part.ancestors().any(|ancestor| parts.iter().any(|other| other.id() == ancestor.id())));
    let text: Vec<String> = outermost.map(|part| paragraphs_of(*part)).filter(|text| !text.is_empty()).collect();
    (!text.is_empty()).then(|| text.join("\n\n"))
}

/// The text of a plain page, else the general extractor's, else the text that structured data holds.
fn body_of(html: &Html, text: &str, about: &Metadata<'_>, drop: &[String]) -> String {
    let told = about.linked_body();
    if let Some(body) = plain_body(html, told.as_deref(), BOUNDS) {
        return body;
    }
    // On trees that no editor made the general extractor takes more than linear time.
    let found = if tangle(html) > MOST_TANGLED { None } else { general_body(text, drop) }.unwrap_or_default();
    match told {
        Some(body) if body.len() > found.len() * 2 => {
            let told = paragraphs_of_fragment(&body.replace("\r\n", "\n").replace('\n', "<p>"));
            if one_line(&told).len() > found.len() * 2 { told } else { found }
        }
        _ => found,
    }
}

/// Chinese, Japanese and Thai write without spaces.
fn is_unspaced(text: &str) -> bool {
    text.chars()
        .filter(|letter| matches!(letter, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'))
        .count()
        > 60
}

/// The declared language, where the letters of the text allow it; else what the letters say.
fn language(declared: Option<String>, text: &str) -> Option<String> {
    let (mut cyrillic, mut latin, mut kazakh, mut ukrainian) = (0_u32, 0_u32, 0_u32, 0_u32);
    for letter in text.chars().take(20_000) {
        match letter {
            'қ' | 'ғ' | 'ұ' | 'Қ' | 'Ғ' | 'Ұ' => {
                cyrillic += 1;
                kazakh += 1;
            }
            'ї' | 'є' | 'ґ' | 'Ї' | 'Є' | 'Ґ' => {
                cyrillic += 1;
                ukrainian += 1;
            }
            '\u{400}'..='\u{52f}' => cyrillic += 1,
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => latin += 1,
            _ => {}
        }
    }
    let in_cyrillic = ["ru", "kk", "uk", "be", "bg", "ky", "tg", "mn", "tt", "sr", "mk", "ba", "uz"];
    let declares_cyrillic = declared.as_deref().is_some_and(|lang| in_cyrillic.contains(&lang));
    if cyrillic > latin {
        return match () {
            () if kazakh * 100 > cyrillic => Some("kk".to_owned()),
            () if declares_cyrillic && declared.as_deref() != Some("kk") => declared,
            () if ukrainian * 200 > cyrillic => Some("uk".to_owned()),
            () => Some("ru".to_owned()),
        };
    }
    match latin > 0 && declares_cyrillic && !matches!(declared.as_deref(), Some("kk" | "uz" | "sr")) {
        true => None,
        false => declared,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const URL: &str = "https://www.outlet.example/kk/2026/11/23/sot-sheshimi";
    const PARAGRAPHS: [&str; 3] = [
        "Қалалық сот дүйсенбі күні тәуелсіз басылымның редакторына қатысты істі қарап, айыптау тарапының өтінішін қанағаттандырудан бас тартты.",
        "Редактордың қорғаушысы шешімді әділ деп бағалады. Ол жергілікті әкімдіктің шағымында нақты дәлел болмағанын, ал мақалада айтылған деректердің бәрі ашық көздерден алынғанын айтты.",
        "Айыптау тарапы он бес күн ішінде апелляциялық шағым бере алады. Істің келесі отырысы желтоқсан айының басында өтуі мүмкін, деп хабарлады соттың баспасөз қызметі.",
    ];

    fn origin(content_type: Option<&str>) -> Origin<'_> {
        let captured = "2026-11-24T06:00:00Z".parse().ok();
        Origin { content_type, url: Some(URL), captured, country: None, zone: None }
    }

    fn body() -> String {
        PARAGRAPHS.map(|paragraph| format!("<p>{paragraph}</p>")).concat()
    }

    /// A page of an invented outlet, with what stands around an article.
    fn html(head: &str, article: &str) -> String {
        format!(
            r##"<!doctype html><html lang="kk"><head><meta charset="utf-8">{head}</head><body>
            <header><a href="/">Ойдан</a><nav><ul><li><a href="/kk">Жаңалықтар</a><li><a href="/ru">Новости</a></ul></nav></header>
            <main><article>{article}</article>
            <div class="share-buttons"><a href="#">Бөлісу</a><a href="#">Telegram</a></div>
            <section class="comments"><h3>Пікірлер (2)</h3><p>Оқырман: өте дұрыс шешім болды деп ойлаймын, басқалар не дейді екен?</p></section></main>
            <aside class="related"><h3>Тағы оқыңыз</h3><ul><li><a href="/1">Басқа хабар</a></ul></aside>
            <footer>© 2026 Ойдан. Барлық құқықтар қорғалған.</footer></body></html>"##
        )
    }

    fn read(page_text: &str) -> Result<Article, NoArticle> {
        page(page_text.as_bytes(), &origin(Some("text/html")), &PageSelect::default())
    }

    #[test]
    fn structured_data_and_body_make_an_article() {
        let head = r#"<title>Сот редакторды ақтады | Ойдан</title><link rel="canonical" href="/kk/2026/11/23/sot-sheshimi?utm_source=x">
            <meta property="og:title" content="Сот редакторды ақтады - Ойдан"><meta property="og:site_name" content="Ойдан">
            <script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"Ойдан"},{"@type":["NewsArticle"],"headline":"Сот редакторды ақтады",
            "datePublished":"2026-11-23T09:05:00+05:00","author":[{"@type":"Person","name":"Айнұр Ойдан"},{"@type":"Person","name":"Болат Жасанды"}]}]}</script>"#;
        let article = read(&html(head, &format!("<h1>Сот редакторды ақтады</h1>{}", body()))).unwrap();
        assert_eq!(article.title, "Сот редакторды ақтады");
        assert_eq!(article.text, PARAGRAPHS.join("\n\n"));
        assert_eq!(article.url.as_deref(), Some("https://www.outlet.example/kk/2026/11/23/sot-sheshimi"));
        assert_eq!(article.published.unwrap().to_string(), "2026-11-23T09:05:00+05:00");
        assert_eq!(article.byline.as_deref(), Some("Айнұр Ойдан, Болат Жасанды"));
        assert_eq!(article.site.as_deref(), Some("Ойдан"));
        assert_eq!(article.lang.as_deref(), Some("kk"));
    }

    #[test]
    fn a_page_without_structured_data_still_has_its_date_and_author() {
        let article = format!(
            r#"<h1>Сот редакторды ақтады</h1><div class="meta"><span class="date">23 қараша 2026, 09:05</span> <span class="author">Автор: Айнұр Ойдан</span></div>{}"#,
            body()
        );
        let article = read(&html("<title>Сот редакторды ақтады — Ойдан</title>", &article)).unwrap();
        assert_eq!(article.published.unwrap().to_string(), "2026-11-23T09:05:00+05:00");
        assert_eq!(article.byline.as_deref(), Some("Айнұр Ойдан"));
        assert_eq!(article.title, "Сот редакторды ақтады");
    }

    #[test]
    fn dates_come_from_the_first_source_that_can_be_believed() {
        let check = |head: &str, article: &str, expect: &str| {
            let article = read(&html(head, &format!("<h1>Сот редакторды ақтады</h1>{article}{}", body()))).unwrap();
            assert_eq!(
                article.published.map(|moment| moment.to_string()).as_deref(),
                Some(expect),
                "{head}{article:?}"
            );
        };
        check(r#"<meta property="article:published_time" content="2026-11-22T10:00:00Z">"#, "", "2026-11-22T10:00:00Z");
        check(r#"<meta itemprop="datePublished" content="2026-11-22">"#, "", "2026-11-22T00:00:00+05:00");
        check("", r#"<time datetime="2026-11-22T10:00+05:00">кеше</time>"#, "2026-11-22T10:00:00+05:00");
        check("", r#"<p class="dateline">Кеше, 18:30</p>"#, "2026-11-23T18:30:00+05:00");
        // A date after the capture is a fault of the page: its address still tells the day.
        check(
            r#"<meta property="article:published_time" content="2027-11-22T10:00:00Z">"#,
            "",
            "2026-11-23T00:00:00+05:00",
        );
    }

    #[test]
    fn a_page_speaks_for_its_own_site_only() {
        let check = |link: &str, expect: &str| {
            let head = format!(r#"<link rel="canonical" href="{link}">"#);
            assert_eq!(read(&html(&head, &body())).unwrap().url.as_deref(), Some(expect), "{link}");
        };
        check("https://outlet.example/x", "https://outlet.example/x");
        check("https://other.example/x", URL);
        check("https://www.outlet.example/", URL);
        check("javascript:x", URL);
    }

    #[test]
    fn selectors_of_the_source_come_first() {
        let article = format!(
            r#"<div class="hl">Басқа тақырып</div><div class="when">22.11.2026 08:00</div><div class="who">Айнұр Ойдан</div>
            <div class="txt"><p>Бірінші абзацта он бестен астам сөз бар, сондықтан бұл мәтін мақала деп саналады және сақталады деп күтеміз.</p><div class="ad">Жарнама алаңы</div><p>Екінші.</p></div>{}"#,
            body()
        );
        let select = PageSelect {
            title: Some(".hl".to_owned()),
            text: Some(".txt".to_owned()),
            date: Some(".when".to_owned()),
            byline: Some(".who".to_owned()),
            drop: vec![".ad".to_owned(), "no css [".to_owned()],
        };
        let article = page(html("", &article).as_bytes(), &origin(None), &select).unwrap();
        assert_eq!(article.title, "Басқа тақырып");
        assert!(article.text.ends_with("деп күтеміз.\n\nЕкінші."), "{}", article.text);
        assert_eq!(article.published.unwrap().to_string(), "2026-11-22T08:00:00+05:00");
        assert_eq!(article.byline.as_deref(), Some("Айнұр Ойдан"));
    }

    #[test]
    fn invitations_between_paragraphs_are_dropped() {
        let [one, two, three] = PARAGRAPHS;
        let nags = [
            "Тағы оқыңыз: Басқа хабар туралы мақала",
            "Читайте также: Суд отложил заседание",
            "Подписывайтесь на наш Telegram-канал",
            "Read also: Another story of the day",
        ];
        for nag in nags {
            let article = read(&html("", &format!("<p>{one}</p><p>{nag}</p><p>{two}</p><p>{three}</p>"))).unwrap();
            assert_eq!(article.text, PARAGRAPHS.join("\n\n"), "{nag}");
        }
    }

    #[test]
    fn pages_without_an_article_say_why() {
        let check = |page_text: &str, content_type: Option<&str>, part: &str| {
            let reason = page(page_text.as_bytes(), &origin(content_type), &PageSelect::default()).unwrap_err().reason;
            assert!(reason.contains(part), "{page_text}: {reason}");
        };
        check("", None, "empty");
        check("hello", Some("text/html"), "plain text");
        check("%PDF-1.7 <html>", Some("text/html"), "PDF");
        let noise: String = (0_u32..4_000).filter_map(|n| char::from_u32(n * n % 251)).collect();
        check(&format!("<p>{noise}"), Some("text/html"), "no text");
        check("<x/>", Some("image/svg"), "image/svg");
        check("<html><body><p>Бет</p></body></html>", None, "too little text");
        check(
            &html(
                "",
                "<h1>Талдау</h1><p>Бұл мақаланы толық оқу үшін жазылыңыз. Мақала тек жазылушыларға қолжетімді, сондықтан айына бес жүз теңге төлеуіңіз керек екенін ескертеміз.</p>",
            ),
            None,
            "paywall",
        );
        check(
            &html(
                "",
                "<h1>Cookies</h1><p>We value your privacy. We and our partners store and access information on a device, such as cookies, and process personal data, with your permission.</p>",
            ),
            None,
            "consent",
        );
        check(
            "<html><head><title>Just a moment...</title></head><body><p>Checking your browser before accessing the site. This process is automatic and takes a few seconds only.</p></body></html>",
            None,
            "robots",
        );
    }

    #[test]
    fn a_stray_control_letter_is_no_binary_data() {
        assert!(read(&html("", &format!("<h1>Сот редакторды\u{b} ақтады</h1>\u{1}{}", body()))).is_ok());
        assert!(read(&html("", &format!("<h1>Сот\r\n\tшешімі</h1>{}", body()))).is_ok());
    }

    #[test]
    fn a_story_about_a_paywall_is_a_story() {
        let [one, two, three] = PARAGRAPHS;
        let quote = "Редакция мақаланы тек жазылушыларға ашты, ал басқа оқырмандарға оны оқу үшін жазылу ұсынылды.";
        let article = read(&html("", &format!("<p>{one}</p><p>{quote}</p><p>{two}</p><p>{three}</p>"))).unwrap();
        assert!(article.text.contains(quote));
    }

    #[test]
    fn hostile_pages_are_read_or_refused() {
        let deep = format!("<html><body>{}{}", "<div><b><a href=x>".repeat(100_000), body());
        let wide = format!("<html><body>{}{}", "<p></p>".repeat(200_000), body());
        let attributes: String = (0..200_000).map(|number| format!(" a{number}=b")).collect();
        let attributes = format!("<html><body><div{attributes}>{}</div>", body());
        for hostile in [deep, wide, attributes, "<".repeat(500_000), "<!--".repeat(200_000), "<table>".repeat(100_000)]
        {
            match read(&hostile) {
                Ok(article) => assert!(article.text.contains("Қалалық сот")),
                Err(none) => assert!(!none.reason.is_empty()),
            }
        }
    }

    /// A Kazakhstani outlet's page says "18:15" and means its own clock, whatever its domain.
    #[test]
    fn a_time_without_a_zone_is_the_sources() {
        let text = html(r#"<meta property="article:published_time" content="2026-11-14 18:15">"#, &body());
        let check = |country: Option<&str>, expect: &str| {
            let origin = Origin { country, ..origin(None) };
            let article = page(text.as_bytes(), &origin, &PageSelect::default()).unwrap();
            assert_eq!(article.published.unwrap().to_string(), expect, "{country:?}");
        };
        check(Some("KZ"), "2026-11-14T18:15:00+05:00");
        check(Some("GB"), "2026-11-14T18:15:00Z");
    }

    #[test]
    fn the_letters_of_the_text_correct_its_declared_language() {
        let check = |declared: &str, text: &str, expect: Option<&str>| {
            assert_eq!(language(Some(declared.to_owned()), text).as_deref(), expect, "{declared} {text}");
        };
        check("en", "Суд вынес решение", Some("ru"));
        check("kk", "Суд вынес решение", Some("ru"));
        check("ru", "Қазақстанда сот өтті", Some("kk"));
        check("bg", "Съдът реши делото", Some("bg"));
        check("ru", "The court ruled today", None);
        check("kk", "Qazaqstanda sot ötti", Some("kk"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = page(&bytes, &Origin::default(), &PageSelect::default());
        }

        #[test]
        fn no_markup_is_a_panic(text in "(</?(p|div|article|h1|table|tr|td|ul|li|a|b|script|title|meta|time|head|body|select|option|svg|math|template|form|frameset)( [a-z]{1,8}='?[a-z0-9: ]{0,12}'?)?>|[ a-я0-9.]{1,20}|<!--|-->|&amp;|&#x0;){0,60}") {
            let _ = page(text.as_bytes(), &origin(None), &PageSelect::default());
        }
    }
}
