//! Laws of Kazakhstan by their names in three languages: one that a reviewer cited in any of them is printed in the
//! language of the page.

use super::words::{Words, quoted, words};
use crate::model::Lang;

/// Laws that touch speech, each as it is named inside quotation marks; in English after "Law on".
const LAWS: [Words; 21] = [
    words("Масс-медиа туралы", "О масс-медиа", "Mass Media"),
    words("Бұқаралық ақпарат құралдары туралы", "О средствах массовой информации", "Mass Information Media"),
    words("Байланыс туралы", "О связи", "Communications"),
    words("Ақпаратқа қол жеткізу туралы", "О доступе к информации", "Access to Information"),
    words("Ақпараттандыру туралы", "Об информатизации", "Informatisation"),
    words(
        "Дербес деректер және оларды қорғау туралы",
        "О персональных данных и их защите",
        "Personal Data and Their Protection",
    ),
    words(
        "Қазақстан Республикасында бейбіт жиналыстарды ұйымдастыру және өткізу тәртібі туралы",
        "О порядке организации и проведения мирных собраний в Республике Казахстан",
        "the Procedure for Organising and Holding Peaceful Assemblies in the Republic of Kazakhstan",
    ),
    words("Бейбіт жиналыстар туралы", "О мирных собраниях", "Peaceful Assemblies"),
    words("Телерадио хабарларын тарату туралы", "О телерадиовещании", "Television and Radio Broadcasting"),
    words("Жарнама туралы", "О рекламе", "Advertising"),
    words(
        "Онлайн-платформалар және онлайн-жарнама туралы",
        "Об онлайн-платформах и онлайн-рекламе",
        "Online Platforms and Online Advertising",
    ),
    words("Мемлекеттік құпиялар туралы", "О государственных секретах", "State Secrets"),
    words("Ұлттық қауіпсіздік туралы", "О национальной безопасности", "National Security"),
    words("Экстремизмге қарсы іс-қимыл туралы", "О противодействии экстремизму", "Countering Extremism"),
    words("Терроризмге қарсы іс-қимыл туралы", "О противодействии терроризму", "Countering Terrorism"),
    words(
        "Діни қызмет және діни бірлестіктер туралы",
        "О религиозной деятельности и религиозных объединениях",
        "Religious Activity and Religious Associations",
    ),
    words("Төтенше жағдай туралы", "О чрезвычайном положении", "the State of Emergency"),
    words("Қоғамдық бірлестіктер туралы", "Об общественных объединениях", "Public Associations"),
    words("Коммерциялық емес ұйымдар туралы", "О некоммерческих организациях", "Non-profit Organisations"),
    words("Қоғамдық бақылау туралы", "Об общественном контроле", "Public Oversight"),
    words(
        "Авторлық құқық және сабақтас құқықтар туралы",
        "Об авторском праве и смежных правах",
        "Copyright and Related Rights",
    ),
];

/// A law as a text of a language cites it; one that is not known by its name as it was written, in the quotation
/// marks of the language.
pub(super) fn cited(name: &str, lang: Lang) -> String {
    let name = name.trim();
    let wanted = key(name);
    let known = |law: &&Words| [Lang::KK, Lang::RU, Lang::EN].iter().any(|of| key(law.of(*of)) == wanted);
    match (LAWS.iter().find(known).map(|law| law.of(lang)), lang) {
        (Some(name), Lang::KK) => format!("{} Заң", quoted(name, lang)),
        (Some(name), Lang::RU) => format!("Закон {}", quoted(name, lang)),
        (Some(name), _) => format!("Law on {name}"),
        (None, _) => quoted(unquoted(name), lang),
    }
}

/// What tells a name of a law from the others: its words, small, without quotation marks and without "Law on".
fn key(name: &str) -> String {
    let small = name.to_lowercase();
    let bare = unquoted(small.trim_start_matches("закон ").trim_end_matches(" заң").trim_end_matches(" заңы"));
    let bare = bare.trim_start_matches("law ").trim_start_matches("on ").trim_start_matches("the ");
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unquoted(name: &str) -> &str {
    name.trim_matches(['«', '»', '“', '”', '„', '"', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGS: [Lang; 3] = [Lang::KK, Lang::RU, Lang::EN];

    #[test]
    fn a_known_law_is_cited_in_the_language_of_the_page() {
        let communications = ["«Байланыс туралы» Заң", "Закон «О связи»", "Law on Communications"];
        for written in
            ["О связи", "«О связи»", "закон «О СВЯЗИ»", "Байланыс туралы", "Communications", "Law on Communications"]
        {
            assert_eq!(LANGS.map(|lang| cited(written, lang)), communications, "{written}");
        }
        assert_eq!(cited("О чрезвычайном положении", Lang::EN), "Law on the State of Emergency");
        for law in &LAWS {
            for lang in LANGS {
                assert_eq!(cited(law.of(lang), Lang::RU), format!("Закон «{}»", law.of(Lang::RU)));
                assert_eq!(cited(&cited(law.of(lang), lang), lang), cited(law.of(lang), lang));
            }
        }
    }

    #[test]
    fn a_law_that_is_not_known_stays_as_it_was_written() {
        for (written, expect) in [
            ("О связи и почте", ["«О связи и почте»", "«О связи и почте»", "“О связи и почте”"]),
            ("О связях", ["«О связях»", "«О связях»", "“О связях”"]),
            ("«О тишине»", ["«О тишине»", "«О тишине»", "“О тишине”"]),
            ("On Quiet", ["«On Quiet»", "«On Quiet»", "“On Quiet”"]),
        ] {
            assert_eq!(LANGS.map(|lang| cited(written, lang)), expect, "{written}");
        }
    }
}
