//! The shared strings of a workbook, straight into its [`Texts`](crate::read::Texts): the n-th string has the id n.

use std::borrow::Cow;

use super::text;
use super::unit_too_large;
use crate::discover::Reason;
use crate::read::assembly::Assembly;
use crate::read::package::Part;

/// Reads the part. The counts it states are not looked at.
pub(super) fn read(part: &mut Part, assembly: &mut Assembly) -> Result<(), Reason> {
    let mut skip: Option<&'static [u8]> = None;
    loop {
        let used = scan(part.bytes(), &mut skip, assembly)?;
        part.consume(used);
        assembly.check_time()?;
        if used == 0 && part.bytes().len() > assembly.limits.unit_bytes() {
            return Err(unit_too_large(assembly.limits));
        }
        if !part.fill()? {
            return Ok(());
        }
    }
}

/// Reads the items that are at hand as a whole, and tells how many bytes they took.
fn scan(
    bytes: &[u8],
    skip: &mut Option<&'static [u8]>,
    assembly: &mut Assembly,
) -> Result<usize, Reason> {
    let mut at = 0;
    loop {
        if let Some(end) = *skip {
            match memchr::memmem::find(&bytes[at..], end) {
                Some(found) => at += found + end.len(),
                None => return Ok(at.max(bytes.len().saturating_sub(end.len() - 1))),
            }
            *skip = None;
        }
        let Some(open) = memchr::memchr(b'<', &bytes[at..]) else {
            return Ok(bytes.len());
        };
        at += open;
        let rest = &bytes[at..];
        if let Some((text, preserve, used)) = plain_item(rest) {
            assembly.shared_text(&text::decoded(text, preserve))?;
            at += used;
            continue;
        }
        if rest.starts_with(b"<!--") {
            at += 4;
            *skip = Some(b"-->");
            continue;
        }
        let Some(end) = memchr::memchr(b'>', rest) else {
            return Ok(at);
        };
        let tag = &rest[1..end];
        let name_end = tag
            .iter()
            .position(|byte| byte.is_ascii_whitespace() || *byte == b'/');
        let name = &tag[..name_end.unwrap_or(tag.len())];
        if local(name) != b"si" {
            at += end + 1;
        } else if tag.ends_with(b"/") {
            assembly.shared_text("")?;
            at += end + 1;
        } else {
            let Some(len) = item_len(&rest[end + 1..], name) else {
                return Ok(at);
            };
            let item: Cow<str> = String::from_utf8_lossy(&rest[end + 1..end + 1 + len]);
            let mut out = String::new();
            text::push_runs(&item, &mut out);
            assembly.shared_text(&out)?;
            // Behind `</`, the name and `>`.
            at += end + 1 + len + name.len() + 3;
        }
    }
}

/// The usual item, `<si><t>…</t></si>`: its text, whether its blanks count, and the bytes it takes.
fn plain_item(bytes: &[u8]) -> Option<(&[u8], bool, usize)> {
    const END: &[u8] = b"</t></si>";
    let (start, preserve) = if bytes.starts_with(b"<si><t>") {
        (7, false)
    } else if bytes.starts_with(b"<si><t xml:space=\"preserve\">") {
        (28, true)
    } else {
        return None;
    };
    let end = start + memchr::memchr(b'<', &bytes[start..])?;
    bytes[end..]
        .starts_with(END)
        .then(|| (&bytes[start..end], preserve, end + END.len()))
}

/// How long the content of an item is, up to its end tag; `None` where that is not at hand.
fn item_len(bytes: &[u8], name: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(bytes, b"</").find(|&at| {
        let rest = &bytes[at + 2..];
        rest.starts_with(name) && rest.get(name.len()) == Some(&b'>')
    })
}

/// A name without its prefix.
pub(super) fn local(name: &[u8]) -> &[u8] {
    match name.iter().position(|&byte| byte == b':') {
        Some(at) => &name[at + 1..],
        None => name,
    }
}
