//! The copy of an attachment that may leave the house: the picture without what its camera, its program or its
//! author wrote into it.
//!
//! JPEG (ITU-T T.81, annex B) and PNG (PNG 1.2, chapter 5) are walked piece by piece, and only the pieces that
//! make the picture are taken over; whatever follows the picture is left. Of anything else no copy is made: a PDF,
//! for one, may hold its author in places that no walk finds.

/// The picture alone; `None` where it is no JPEG or PNG, or cannot be walked to its end.
pub fn bare(bytes: &[u8]) -> Option<Vec<u8>> {
    match bytes {
        [0xff, 0xd8, ..] => jpeg(bytes),
        _ if bytes.starts_with(PNG) => png(bytes),
        _ => None,
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Chunks beside the critical ones without which a picture looks wrong; none holds text.
const LOOKS: [&[u8; 4]; 10] =
    [b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"];
const CRITICAL: [&[u8; 4]; 4] = [b"IHDR", b"PLTE", b"IDAT", b"IEND"];

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = PNG.to_vec();
    let mut rest = bytes.strip_prefix(PNG)?;
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (kind, _) = after.split_first_chunk::<4>()?;
        // Length, kind, data, and a sum of four bytes.
        let (chunk, next) = rest.split_at_checked(length.checked_add(12)?)?;
        if CRITICAL.contains(&kind) || LOOKS.contains(&kind) {
            out.extend_from_slice(chunk);
        } else if kind[0].is_ascii_uppercase() {
            // A critical chunk that nobody knows: without it the picture is another.
            return None;
        }
        if kind == b"IEND" {
            return Some(out);
        }
        rest = next;
    }
}

/// Markers of JPEG.
const START_OF_SCAN: u8 = 0xda;
const END: u8 = 0xd9;
const JFIF: u8 = 0xe0;
const EXIF: u8 = 0xe1;
const ADOBE: u8 = 0xee;
/// Bytes of a JFIF segment without its thumbnail, length and all.
const JFIF_BARE: usize = 16;

fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0xff, 0xd8];
    let mut rest = bytes.get(2..)?;
    let mut drawn = false;
    loop {
        let (marker, after) = next_marker(rest)?;
        if marker == END {
            out.extend_from_slice(&[0xff, END]);
            return drawn.then_some(out);
        }
        let length = usize::from(u16::from_be_bytes(*after.first_chunk::<2>()?));
        if length < 2 {
            return None;
        }
        let (segment, next) = after.split_at_checked(length)?;
        match marker {
            JFIF if segment.get(2..7) == Some(b"JFIF\0") && length >= JFIF_BARE => {
                out.extend_from_slice(&[0xff, JFIF, 0, JFIF_BARE as u8]);
                out.extend_from_slice(&segment[2..14]);
                // No thumbnail: it may show what was cropped.
                out.extend_from_slice(&[0, 0]);
            }
            EXIF => out.extend(turned(segment).map(upright).unwrap_or_default()),
            ADOBE if segment.get(2..7) == Some(b"Adobe") && length == 14 => put(&mut out, marker, segment),
            // Frames (SOF0 to SOF15), tables of Huffman and arithmetic coding.
            0xc0..=0xc7 | 0xc9..=0xcf => put(&mut out, marker, segment),
            // Quantisation, number of lines, restart interval, hierarchies.
            0xdb..=0xdf => put(&mut out, marker, segment),
            START_OF_SCAN => {
                put(&mut out, marker, segment);
                let scan = next.get(..scan_length(next))?;
                out.extend_from_slice(scan);
                rest = next.get(scan.len()..)?;
                drawn = true;
                continue;
            }
            // Applications' own segments (0xe0 to 0xef) and comments.
            0xe0..=0xef | 0xfe => {}
            _ => return None,
        }
        rest = next;
    }
}

fn put(out: &mut Vec<u8>, marker: u8, segment: &[u8]) {
    out.extend_from_slice(&[0xff, marker]);
    out.extend_from_slice(segment);
}

/// The next marker, fill bytes passed over, and what follows it.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let [0xff, ..] = bytes else { return None };
    let fill = bytes.iter().take_while(|byte| **byte == 0xff).count();
    let (marker, after) = bytes.get(fill..)?.split_first()?;
    (*marker != 0).then_some((*marker, after))
}

/// Bytes of entropy-coded data up to the marker that ends them: a stuffed zero and restarts do not.
fn scan_length(bytes: &[u8]) -> usize {
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff | 0xd0..=0xd7);
    bytes.windows(2).position(ends).unwrap_or(bytes.len())
}

/// How an Exif segment says that the picture is to be turned: 2 to 8 (Exif 2.32, 4.6.4, tag 0x0112).
fn turned(segment: &[u8]) -> Option<u8> {
    let tiff = segment.get(2..)?.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let short = |at: usize| -> Option<u16> {
        let pair = *tiff.get(at..)?.first_chunk::<2>()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let long = |at: usize| -> Option<usize> {
        let four = *tiff.get(at..)?.first_chunk::<4>()?;
        usize::try_from(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) }).ok()
    };
    let first = long(4)?;
    let entries = usize::from(short(first)?);
    let entry = (0..entries).map(|entry| first.saturating_add(2 + 12 * entry)).find(|at| short(*at) == Some(0x0112))?;
    u8::try_from(short(entry.checked_add(8)?)?).ok().filter(|turn| (2..=8).contains(turn))
}

/// An Exif segment that says nothing but how to turn the picture.
fn upright(turn: u8) -> Vec<u8> {
    let mut segment = vec![0xff, EXIF, 0, 34];
    segment.extend_from_slice(b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend_from_slice(&[turn, 0, 0, 0, 0, 0, 0]);
    segment
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], data].concat()
    }

    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], kind, data, b"sum!"].concat()
    }

    fn exif(turn: u8) -> Vec<u8> {
        let mut tiff = b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0".to_vec();
        tiff.extend_from_slice(b"\x0f\x01\x02\0\x06\0\0\0\x40\0\0\0");
        tiff.extend_from_slice(&[0x12, 1, 3, 0, 1, 0, 0, 0, turn, 0, 0, 0]);
        tiff.extend_from_slice(b"\0\0\0\0SECRET camera, GPS 43.2 76.9");
        segment(EXIF, &tiff)
    }

    fn picture(middle: &[Vec<u8>], tail: &[u8]) -> Vec<u8> {
        let jfif = segment(JFIF, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01RGB");
        let scan = [segment(START_OF_SCAN, b"\x01\x01\0\0\x3f\0"), b"\x12\xff\0\x34\xff\xd0\x56".to_vec()].concat();
        let again = [segment(0xc4, b"table"), segment(START_OF_SCAN, b"more"), b"\x78".to_vec()].concat();
        [
            &[0xff, 0xd8][..],
            &jfif,
            &middle.concat(),
            &segment(0xdb, b"q"),
            &segment(0xc2, b"frame"),
            &scan,
            &again,
            &[0xff, END],
            tail,
        ]
        .concat()
    }

    fn holds(bytes: &[u8], text: &[u8]) -> bool {
        bytes.windows(text.len()).any(|window| window == text)
    }

    #[test]
    fn a_jpeg_keeps_its_picture_and_loses_all_else() {
        let told = [
            exif(6),
            segment(EXIF, b"http://ns.adobe.com/xap/1.0/\0SECRET xmp"),
            segment(0xed, b"Photoshop 3.0\08BIM SECRET iptc"),
            segment(0xe2, b"ICC_PROFILE\0SECRET"),
            segment(0xfe, b"SECRET comment"),
            vec![0xff, 0xff],
        ];
        let copy = bare(&picture(&told, b"SECRET after the end")).unwrap();
        assert!(!holds(&copy, b"SECRET") && !holds(&copy, b"RGB"), "{copy:?}");
        for kept in [&b"frame"[..], b"table", b"more", b"\x12\xff\0\x34\xff\xd0\x56", b"\x78\xff\xd9"] {
            assert!(holds(&copy, kept), "{kept:?}");
        }
        assert_eq!(turned(&upright(6)[2..]), Some(6), "it still stands upright");
        assert!(holds(&copy, &upright(6)));
        assert_eq!(bare(&copy).unwrap(), copy, "a copy has nothing more to lose");
        assert!(!holds(&bare(&picture(&[exif(1)], b"")).unwrap(), b"Exif"));
    }

    #[test]
    fn a_png_keeps_its_picture_and_loses_all_else() {
        let file = [
            PNG.to_vec(),
            chunk(b"IHDR", b"13 bytes here"),
            chunk(b"tEXt", b"Author\0SECRET"),
            chunk(b"zTXt", b"SECRET"),
            chunk(b"iTXt", b"SECRET"),
            chunk(b"eXIf", b"SECRET"),
            chunk(b"tIME", b"SECRET!"),
            chunk(b"iCCP", b"SECRET"),
            chunk(b"gAMA", b"game"),
            chunk(b"IDAT", b"picture"),
            chunk(b"IEND", b""),
            b"SECRET".to_vec(),
        ]
        .concat();
        let copy = bare(&file).unwrap();
        assert!(!holds(&copy, b"SECRET") && holds(&copy, b"picture") && holds(&copy, b"gAMA"));
        assert_eq!(bare(&copy).unwrap(), copy);
    }

    #[test]
    fn what_cannot_be_walked_has_no_copy() {
        let check = |bytes: &[u8]| assert_eq!(bare(bytes), None, "{bytes:?}");
        check(b"");
        check(b"%PDF-1.7 /Author (SECRET)");
        check(b"GIF89a");
        check(b"RIFF\0\0\0\0WEBPVP8 ");
        check(&[0xff, 0xd8]);
        check(&[0xff, 0xd8, 0xff, END]);
        check(&[&[0xff, 0xd8][..], &segment(0xe1, b"Exif")[..5]].concat());
        check(&[0xff, 0xd8, 0xff, 0xe1, 0, 1]);
        check(&[0xff, 0xd8, b'<', b'h', b't', b'm', b'l']);
        check(&picture(&[segment(0x05, b"?")], b""));
        check(&[PNG, &chunk(b"IHDR", b"x")].concat());
        check(&[PNG, &chunk(b"IDAT", b"x")[..9]].concat());
        check(&[PNG, &chunk(b"QUUX", b"x"), &chunk(b"IEND", b"")].concat());
        check(&[PNG, &[0xff; 16]].concat());
        let whole = picture(&[exif(3)], b"");
        for cut in 0..whole.len() {
            check(&whole[..cut]);
        }
    }

    proptest::proptest! {
        #[test]
        fn hostile_bytes_never_stop_the_walk(bytes: Vec<u8>, png: bool, middle: Vec<u8>) {
            bare(&bytes);
            let head: &[u8] = if png { PNG } else { &[0xff, 0xd8] };
            bare(&[head, &bytes].concat());
            bare(&[&exif(8), middle.as_slice()].concat());
            bare(&picture(&[middle], b""));
        }
    }
}
