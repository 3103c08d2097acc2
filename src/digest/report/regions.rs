//! The regions of Kazakhstan as tiles of a map: twenty units since June 2022, each at a fixed place.

use super::super::words::{Words, words};

/// A region, with its tile and the beginnings of names by which a place belongs to it.
pub(super) struct Region {
    pub name: Words,
    pub column: u8,
    pub row: u8,
    /// In lower case; towns by the beginning of their names in Kazakh, Russian and English.
    places: &'static [&'static str],
}

const fn region(name: Words, column: u8, row: u8, places: &'static [&'static str]) -> Region {
    Region { name, column, row, places }
}

/// Cities before the regions of the same name; the first that fits decides.
pub(super) const REGIONS: [Region; 20] = [
    region(
        words("Астана", "Астана", "Astana"),
        4,
        1,
        &["астан", "нур-султан", "нұр-сұлтан", "astan", "nur-sultan", "nursultan"],
    ),
    region(
        words("Алматы облысы", "Алматинская", "Almaty region"),
        5,
        3,
        &[
            "алматинск",
            "алматы обл",
            "almaty reg",
            "almaty prov",
            "қонаев",
            "конаев",
            "qonaev",
            "konaev",
            "капшагай",
            "қапшағай",
            "талгар",
            "талғар",
            "каскелен",
            "қаскелең",
            "есик",
            "есік",
        ],
    ),
    region(words("Алматы", "Алматы", "Almaty"), 5, 4, &["алмат", "алма-ат", "almat", "alma-at"]),
    region(words("Шымкент", "Шымкент", "Shymkent"), 3, 4, &["шымкент", "чимкент", "shymkent", "chimkent"]),
    region(
        words("СҚО", "СКО", "North Kaz."),
        3,
        0,
        &["северо-казах", "солтүстік қаз", "north kaz", "петропавл", "petropavl", "қызылжар"],
    ),
    region(
        words("Қостанай", "Костанайская", "Kostanay"),
        2,
        0,
        &["костана", "қостана", "kostana", "qostana", "кустана", "рудн", "аркалык", "арқалық"],
    ),
    region(
        words("Павлодар", "Павлодарская", "Pavlodar"),
        5,
        0,
        &["павлодар", "pavlodar", "экибастуз", "екібастұз", "ekibastuz"],
    ),
    region(
        words("Ақмола", "Акмолинская", "Akmola"),
        4,
        0,
        &["акмол", "ақмол", "akmol", "кокшетау", "көкшетау", "kokshetau", "степногорск", "щучинск"],
    ),
    region(words("Абай", "Абай", "Abai"), 6, 1, &["абай", "abai", "abay", "семей", "семее", "semey", "семипалатинск"]),
    region(
        words("ШҚО", "ВКО", "East Kaz."),
        6,
        2,
        &[
            "восточно-казах",
            "шығыс қаз",
            "east kaz",
            "усть-каменогор",
            "өскемен",
            "оскемен",
            "oskemen",
            "ust-kamen",
            "риддер",
        ],
    ),
    region(
        words("Қарағанды", "Карагандинская", "Karaganda"),
        5,
        1,
        &["караганд", "қарағанды", "karagand", "qaragand", "темиртау", "теміртау", "temirtau", "балхаш", "балқаш"],
    ),
    region(
        words("Ұлытау", "Улытау", "Ulytau"),
        4,
        2,
        &["улытау", "ұлытау", "ulytau", "жезказган", "жезқазған", "jezkaz", "zhezkaz", "сатпаев", "сәтбаев"],
    ),
    region(
        words("Жетісу", "Жетысу", "Zhetisu"),
        5,
        2,
        &["жетысу", "жетісу", "jetisu", "zhetisu", "zhetysu", "талдыкорган", "талдықорған", "taldyk"],
    ),
    region(words("Жамбыл", "Жамбылская", "Zhambyl"), 4, 4, &["жамбыл", "zhambyl", "jambyl", "тараз", "taraz"]),
    region(
        words("Түркістан", "Туркестанская", "Turkistan"),
        3,
        3,
        &["туркестан", "түркістан", "turkistan", "turkestan", "кентау", "южно-казах", "оңтүстік қаз", "south kaz"],
    ),
    region(
        words("Қызылорда", "Кызылординская", "Kyzylorda"),
        2,
        3,
        &["кызылорд", "қызылорд", "kyzylord", "qyzylord", "байконур", "байқоңыр"],
    ),
    region(words("Ақтөбе", "Актюбинская", "Aktobe"), 2, 1, &["актоб", "актюб", "ақтөбе", "aktob", "aqtob"]),
    region(
        words("БҚО", "ЗКО", "West Kaz."),
        0,
        1,
        &["западно-казах", "батыс қаз", "west kaz", "уральск", "орал", "oral", "uralsk"],
    ),
    region(words("Атырау", "Атырауская", "Atyrau"), 1, 1, &["атырау", "atyrau"]),
    region(
        words("Маңғыстау", "Мангистауская", "Mangystau"),
        1,
        3,
        &[
            "мангистау",
            "маңғыстау",
            "mangyst",
            "mangist",
            "актау",
            "ақтау",
            "aktau",
            "жанаозен",
            "жаңаөзен",
            "zhanaozen",
            "janaozen",
        ],
    ),
];

/// The region of a place as somebody wrote it.
pub(super) fn of(place: &str) -> Option<usize> {
    let place = place.to_lowercase();
    let place = place.trim().trim_start_matches("г. ").trim_start_matches("город ");
    REGIONS.iter().position(|region| region.places.iter().any(|known| place.starts_with(known)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    #[test]
    fn places_lie_in_their_regions() {
        let check = |place: &str, expect: Option<&str>| {
            assert_eq!(of(place).map(|at| REGIONS[at].name.of(Lang::EN)), expect, "{place}");
        };
        check("Алматы", Some("Almaty"));
        check("Алматинская область", Some("Almaty region"));
        check("Капшагай", Some("Almaty region"));
        check("Қарағанды облысы", Some("Karaganda"));
        check("г. Уральск", Some("West Kaz."));
        check("Семей", Some("Abai"));
        check("Жаңаөзен", Some("Mangystau"));
        check("Bishkek", None);
        check("", None);
    }

    #[test]
    fn every_region_has_a_tile_of_its_own() {
        let tiles: std::collections::BTreeSet<(u8, u8)> =
            REGIONS.iter().map(|region| (region.column, region.row)).collect();
        assert_eq!(tiles.len(), REGIONS.len());
    }
}
