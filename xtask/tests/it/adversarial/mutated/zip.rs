//! Zip archives (APPNOTE.TXT 4.3).

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// An archive of these names and contents. Each second one is compressed.
pub(super) fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (at, (name, content)) in files.iter().enumerate() {
        let offset = long(archive.len());
        let head = head(name, content, at % 2 == 1);
        archive.extend(b"PK\x03\x04");
        archive.extend(&head.fields);
        archive.extend(name.as_bytes());
        archive.extend(&head.packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head.fields);
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(offset);
        directory.extend(name.as_bytes());
    }
    let (start, length) = (long(archive.len()), long(directory.len()));
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend(count);
    archive.extend(count);
    archive.extend(length);
    archive.extend(start);
    archive.extend([0, 0]);
    archive
}

/// What stands before a file's name in both places, and what follows it in the first.
struct Head {
    fields: Vec<u8>,
    packed: Vec<u8>,
}

fn head(name: &str, content: &[u8], is_compressed: bool) -> Head {
    let mut sum = Crc::new();
    sum.update(content);
    let packed = if is_compressed {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    } else {
        content.to_vec()
    };
    let mut fields = vec![20, 0, 0, 0, if is_compressed { 8 } else { 0 }, 0];
    // No time.
    fields.extend([0; 4]);
    fields.extend(sum.sum().to_le_bytes());
    fields.extend(long(packed.len()));
    fields.extend(long(content.len()));
    fields.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
    fields.extend([0, 0]);
    Head { fields, packed }
}

fn long(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}
