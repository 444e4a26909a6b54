//! One header block (POSIX pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar").

use std::ffi::CStr;

use crate::model::Damage;

/// Bytes of a block: headers are one, contents are padded to whole ones.
pub(in crate::archive) const BLOCK: usize = 512;

/// What one header says, before extended headers correct it.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) flag: u8,
    pub(super) name: Vec<u8>,
    pub(super) link: Vec<u8>,
    pub(super) bytes: u64,
    pub(super) mode: u32,
    /// See [`crate::model::Entry::stamp`].
    pub(super) stamp: u64,
}

/// What a stamp begins with, and what it is multiplied by (FNV-1a).
const STAMP: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// Goes on with a stamp, eight bytes at a time for the same reason as [`sum`].
pub(super) fn stamp(begun: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let with = |stamp: u64, word: u64| (stamp ^ word).wrapping_mul(PRIME).rotate_left(29);
    let stamp = words
        .iter()
        .fold(begun, |stamp, word| with(stamp, u64::from_le_bytes(*word)));
    rest.iter()
        .fold(stamp, |stamp, byte| with(stamp, u64::from(*byte)))
}

/// Whether a file that begins like this is a tar: its first block is a header, or the
/// first half of the end marker.
pub(in crate::archive) fn is_tar(start: &[u8]) -> bool {
    start
        .first_chunk::<BLOCK>()
        .is_some_and(|block| is_zero(block) || checksum(block).is_ok())
}

pub(super) fn is_zero(block: &[u8; BLOCK]) -> bool {
    block == &[0; BLOCK]
}

pub(super) fn parse(block: &[u8; BLOCK]) -> Result<Header, Damage> {
    checksum(block)?;
    let bytes = number(&block[124..136]).ok_or(Damage::Field("size"))?;
    let mode = number(&block[100..108]).ok_or(Damage::Field("mode"))?;
    let flag = block[156];
    let name = full_name(block);
    Ok(Header {
        flag,
        name,
        link: text(&block[157..257]).to_vec(),
        bytes,
        mode: u32::try_from(mode & 0o7777).unwrap_or_default(),
        // Owner and group by number, the time, owner and group by name.
        stamp: [108..124, 136..148, 265..329]
            .into_iter()
            .fold(STAMP, |begun, field| stamp(begun, &block[field])),
    })
}

/// The name with its prefix, which only POSIX headers have: GNU keeps times there.
fn full_name(block: &[u8; BLOCK]) -> Vec<u8> {
    let name = text(&block[..100]);
    let prefix = match &block[257..263] {
        b"ustar\0" if &block[508..512] == b"tar\0" => text(&block[345..476]),
        b"ustar\0" => text(&block[345..500]),
        _ => b"",
    };
    if prefix.is_empty() {
        name.to_vec()
    } else {
        [prefix, b"/", name].concat()
    }
}

/// The bytes of a field up to its first NUL.
fn text(field: &[u8]) -> &[u8] {
    CStr::from_bytes_until_nul(field).map_or(field, CStr::to_bytes)
}

/// A field in octal, or in base 256 where its highest bit is set (GNU, for more than 8 GiB).
/// `None` for what is neither, and for what is negative or past 64 bits.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 == 0 {
        return octal(field);
    }
    let (first, rest) = (u64::from(field[0] & 0x7f), &field[1..]);
    rest.iter().try_fold(first, |value, byte| {
        (value < 1 << 55).then(|| value << 8 | u64::from(*byte))
    })
}

/// Octal digits between spaces and NULs; an empty field is 0, as for Docker.
fn octal(field: &[u8]) -> Option<u64> {
    let digits = text(field.trim_ascii_start()).trim_ascii();
    digits.iter().try_fold(0_u64, |value, digit| match digit {
        b'0'..=b'7' if value < 1 << 61 => Some(value << 3 | u64::from(digit - b'0')),
        _ => None,
    })
}

/// Old programs added the bytes up as signed ones; both sums are taken.
fn checksum(block: &[u8; BLOCK]) -> Result<(), Damage> {
    let stated = octal(&block[148..156]).ok_or(Damage::Field("chksum"))?;
    let blank = 8 * u64::from(b' ');
    let field = |sum: fn(&[u8]) -> u64| sum(&block[148..156]);
    if stated == sum(block) - field(sum) + blank {
        return Ok(());
    }
    let signed: i64 = block
        .iter()
        .enumerate()
        .map(|(at, byte)| match at {
            148..156 => i64::from(b' '),
            _ => i64::from(byte.cast_signed()),
        })
        .sum();
    if i64::try_from(stated) == Ok(signed) {
        Ok(())
    } else {
        Err(Damage::Checksum)
    }
}

/// Adds the bytes up eight at a time: in a debug build, one at a time would cost more than
/// everything else that is done with a header.
fn sum(bytes: &[u8]) -> u64 {
    const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
    let mut lanes = 0;
    for word in bytes.as_chunks::<8>().0 {
        let word = u64::from_le_bytes(*word);
        // Each lane of 16 bits grows by at most 510 in each of 64 rounds.
        lanes += (word & EVEN) + (word >> 8 & EVEN);
    }
    (lanes & 0xffff) + (lanes >> 16 & 0xffff) + (lanes >> 32 & 0xffff) + (lanes >> 48)
}
