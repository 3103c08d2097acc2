//! What the standard library tells of a letter, with a short way for Cyrillic: beyond ASCII it looks up a
//! table, and most letters here are Cyrillic.

/// As [`char::to_lowercase`], with a short way for Cyrillic.
pub(super) fn to_lowercase(c: char) -> impl Iterator<Item = char> + Clone {
    let short = small_cyrillic(c);
    short.into_iter().chain(short.is_none().then(|| c.to_lowercase()).into_iter().flatten())
}

/// [`char::to_lowercase`] of a Russian letter, and of a Kazakh one that is small already, without a table.
pub(super) fn small_cyrillic(c: char) -> Option<char> {
    match c {
        '\u{430}'..='\u{45f}' => Some(c),
        '\u{410}'..='\u{42f}' => char::from_u32(c as u32 + 32),
        '\u{48a}'..='\u{4bf}' | '\u{4d0}'..='\u{52f}' if c as u32 % 2 == 1 => Some(c),
        _ => None,
    }
}

/// [`char::is_alphanumeric`], which looks every letter beyond ASCII up in a table, with a short way for Cyrillic.
pub(super) fn is_alphanumeric(c: char) -> bool {
    is_cyrillic(c) || c.is_alphanumeric()
}

/// [`char::is_alphabetic`] in the same way.
pub(super) fn is_alphabetic(c: char) -> bool {
    is_cyrillic(c) || c.is_alphabetic()
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_leads_to_the_same() {
        assert!(('\0'..=char::MAX).all(|c| is_alphanumeric(c) == c.is_alphanumeric()));
        assert!(('\0'..=char::MAX).all(|c| is_alphabetic(c) == c.is_alphabetic()));
        let small = |c: char| to_lowercase(c).eq(c.to_lowercase());
        assert!(('\0'..=char::MAX).all(small));
    }
}
