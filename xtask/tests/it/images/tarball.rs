use std::io::Write as _;

use super::{Node, NodeKind};

/// A tar written header by header, so that a test can write a wrong one.
#[derive(Default)]
pub(crate) struct Tar(pub(crate) Vec<u8>);

impl Tar {
    pub(crate) fn node(&mut self, node: &Node) {
        let (flag, link, content): (u8, &[u8], &[u8]) = match &node.kind {
            NodeKind::File(content) => (b'0', b"", content),
            NodeKind::Directory => (b'5', b"", b""),
            NodeKind::Symlink(target) => (b'2', target, b""),
            NodeKind::HardLink(target) => (b'1', target, b""),
            NodeKind::Pipe => (b'6', b"", b""),
        };
        if link.len() > 100 {
            self.entry(b'K', b"././@LongLink", b"", &[link, b"\0"].concat());
        }
        if node.path.len() > 100 {
            self.entry(
                b'L',
                b"././@LongLink",
                b"",
                &[&node.path[..], b"\0"].concat(),
            );
        }
        self.entry(flag, &node.path, link, content);
    }

    pub(crate) fn entry(&mut self, flag: u8, name: &[u8], link: &[u8], content: &[u8]) {
        self.header(flag, name, link, content.len() as u64);
        self.content(content);
    }

    /// A header alone, whatever follows it.
    pub(crate) fn header(&mut self, flag: u8, name: &[u8], link: &[u8], bytes: u64) {
        let mut header = tar::Header::new_gnu();
        let old = header.as_old_mut();
        let cut = |text: &[u8]| text[..text.len().min(100)].to_vec();
        old.name[..cut(name).len()].copy_from_slice(&cut(name));
        old.linkname[..cut(link).len()].copy_from_slice(&cut(link));
        header.set_entry_type(tar::EntryType::new(flag));
        header.set_mode(0o644);
        header.set_size(bytes);
        header.set_mtime(1_700_000_000);
        header.set_cksum();
        self.0.extend_from_slice(header.as_bytes());
    }

    pub(crate) fn content(&mut self, content: &[u8]) {
        self.0.extend_from_slice(content);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
    }

    /// A PAX header of these records for the entry that follows.
    pub(crate) fn pax(&mut self, records: &[(&str, &[u8])]) {
        let mut body = Vec::new();
        for (key, value) in records {
            let rest = key.len() + value.len() + 3;
            let mut length = rest + 1;
            while length != rest + length.to_string().len() {
                length += 1;
            }
            write!(body, "{length} {key}=").unwrap();
            body.extend_from_slice(value);
            body.push(b'\n');
        }
        self.entry(b'x', b"PaxHeaders/x", b"", &body);
    }

    pub(crate) fn end(mut self) -> Vec<u8> {
        self.0.extend_from_slice(&[0; 1024]);
        self.0
    }
}
