//! Parts of a sentence, told from the forms of its words.

use super::*;
use crate::text::language::Detector;
use crate::text::read;

/// Where a word that begins so stands.
fn place(reading: &Reading<'_>, word: &str) -> Words {
    let found = (0..reading.tokens.len()).find(|token| reading.original(*token).to_lowercase().starts_with(word));
    let token = found.unwrap_or_else(|| panic!("`{word}` is not in the text")) as u32;
    (token, token)
}

fn check(lang: Lang, text: &str, act: &str, party: &str, expect: Option<Part>) {
    let reading = read("", text, &Detector::new());
    let told = part(&reading, lang, place(&reading, act), place(&reading, party));
    assert_eq!(told, expect, "{text}");
}

const SUFFERS: Option<Part> = Some(Part::Suffers);
const DOES: Option<Part> = Some(Part::Does);

#[test]
fn russian_case_and_voice() {
    for (text, act, party, expect) in [
        ("Вечером журналиста задержали у дома.", "задержали", "журналиста", SUFFERS),
        ("Журналист был задержан полицией.", "задержан", "журналист", SUFFERS),
        ("Журналист избит неизвестными.", "избит", "журналист", SUFFERS),
        ("Редактор оштрафован на 20 МРП.", "оштрафован", "редактор", SUFFERS),
        ("Суд оштрафовал издание.", "оштрафовал", "издание", SUFFERS),
        ("Издание оштрафовал районный суд.", "оштрафовал", "издание", SUFFERS),
        ("Сайт заблокировали вечером.", "заблокировали", "сайт", SUFFERS),
        ("Суд взыскал с редакции миллион.", "взыскал", "редакции", SUFFERS),
        ("Редакция взыскала с должника миллион.", "взыскала", "редакция", DOES),
        ("Журналисты избили охранника.", "избили", "журналисты", DOES),
        ("Блогер избил соседа.", "избил", "блогер", DOES),
        ("Грабитель задержан журналистом.", "задержан", "журналистом", DOES),
        ("Задержание корреспондента сняли на видео.", "задержание", "корреспондента", SUFFERS),
        ("Осуждённого блогера перевели.", "осуждённого", "блогера", SUFFERS),
        ("Редакции отказано в аккредитации.", "отказано", "редакции", None),
        ("Редактору отказали в аккредитации.", "отказали", "редактору", SUFFERS),
        ("У журналиста изъяли телефон.", "изъяли", "журналиста", SUFFERS),
        ("Журналист рассказал, что задержан грабитель.", "задержан", "журналист", None),
        ("Журналист под арестом.", "арестом", "журналист", SUFFERS),
        ("Книга о журналисте запрещена.", "запрещена", "журналисте", None),
    ] {
        check(Lang::RU, text, act, party, expect);
    }
}

#[test]
fn kazakh_case_and_voice() {
    for (text, act, party, expect) in [
        ("Полиция кеше кешке тілшіні ұстады деген хабар келді.", "ұстады", "тілшіні", SUFFERS),
        ("Кешке тілші үйінің жанында ұсталды деген хабар бар.", "ұсталды", "тілші", SUFFERS),
        ("Журналистке сот айыппұл салды деп хабарланды.", "салды", "журналистке", SUFFERS),
        ("Журналистің ұсталуы туралы хабар жоқ.", "ұсталуы", "журналистің", SUFFERS),
        ("Тілші көршісін ұрды, бұл туралы полиция айтты.", "ұрды", "тілші", DOES),
        ("Белсенді қаланың ортасында ұсталды деген сөз бар.", "ұсталды", "белсенді", SUFFERS),
        ("Қамалған блогер әлі босаған жоқ деген хабар бар.", "қамалған", "блогер", SUFFERS),
        ("Редактордан жауап алынды деген хабар келді.", "алынды", "редактордан", SUFFERS),
        ("Тілші ұрлық туралы жазды деп айтты, кейін ұры ұсталды.", "ұсталды", "тілші", None),
    ] {
        check(Lang::KK, text, act, party, expect);
    }
}

#[test]
fn english_order_and_voice() {
    for (text, act, party, expect) in [
        ("Police detained the reporter at the gate.", "detained", "reporter", SUFFERS),
        ("The reporter was detained at the gate.", "detained", "reporter", SUFFERS),
        ("Journalist detained over a post.", "detained", "journalist", SUFFERS),
        ("The arrest of the blogger was filmed.", "arrest", "blogger", SUFFERS),
        ("The reporter's arrest was filmed.", "arrest", "reporter", SUFFERS),
        ("The editor attacked a neighbour with a stick.", "attacked", "editor", DOES),
        ("A neighbour was attacked by the editor.", "attacked", "editor", DOES),
        ("The journalist said a man was arrested.", "arrested", "journalist", None),
        ("The blogger faces charges of libel.", "charges", "blogger", SUFFERS),
    ] {
        check(Lang::EN, text, act, party, expect);
    }
}
