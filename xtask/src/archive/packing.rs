use std::io::{self, BufRead, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::limits::{Budget, Share};
use crate::model::Compression;

/// How a blob or a whole archive is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// RFC 1952, any number of members.
    Gzip,
    /// RFC 8878, any number of frames, skippable ones among them.
    Zstd,
}

impl Packing {
    /// Tells by how the bytes begin; `None` where they are not compressed.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        match start {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// A compression that is known by how the bytes begin and is not read.
    pub(super) fn unread(start: &[u8]) -> Option<Compression> {
        match start {
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Compression::Xz),
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some(Compression::Bzip2),
            _ => None,
        }
    }

    /// Unpacks `packed`, within what the budget leaves for its share.
    pub(super) fn unpack<'a>(
        self,
        packed: impl BufRead + Send + 'a,
        budget: &'a Budget,
        share: Share,
    ) -> impl Read + Send + 'a {
        let decoder: Box<dyn Read + Send + 'a> = match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(packed)),
            Self::Zstd => Box::new(Frames::new(packed)),
        };
        Bounded {
            decoder,
            budget,
            share,
        }
    }
}

/// Ends a decompressor that gives more than the budget allows, or that the user has enough of.
struct Bounded<'a> {
    decoder: Box<dyn Read + Send + 'a>,
    budget: &'a Budget,
    share: Share,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.budget.watch.go_on()?;
        let count = self.decoder.read(buffer)?;
        self.budget.spend_unpacked(self.share, count)?;
        Ok(count)
    }
}

/// Decodes frame after frame: `ruzstd` stops after one, and at a skippable one.
struct Frames<R> {
    packed: R,
    decoder: FrameDecoder,
    inside: bool,
}

impl<R: BufRead> Frames<R> {
    fn new(packed: R) -> Self {
        Self {
            packed,
            decoder: FrameDecoder::new(),
            inside: false,
        }
    }

    /// Begins the next frame; `false` at the end.
    fn begin(&mut self) -> io::Result<bool> {
        loop {
            if self.packed.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.reset(&mut self.packed) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => self.pass(u64::from(length))?,
                Err(_) => return Err(self.why()),
            }
        }
    }

    fn pass(&mut self, count: u64) -> io::Result<()> {
        let passed = io::copy(&mut (&mut self.packed).take(count), &mut io::sink())?;
        if passed < count {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    /// Ends a frame, whose checksum the decoder computes and leaves to be compared.
    fn finish(&mut self) -> io::Result<()> {
        self.inside = false;
        let stated = self.decoder.get_checksum_from_data();
        if stated.is_some() && stated != self.decoder.get_calculated_checksum() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(())
    }

    /// The decoder hides whether the source failed, ended or is damaged; the source knows.
    fn why(&mut self) -> io::Error {
        match self.packed.fill_buf() {
            Ok([]) => io::ErrorKind::UnexpectedEof.into(),
            Ok(_) => io::ErrorKind::InvalidData.into(),
            Err(error) => error,
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.inside {
                self.inside = self.begin()?;
                if !self.inside {
                    return Ok(0);
                }
            }
            if self.decoder.can_collect() > 0 {
                return self.decoder.read(buffer);
            }
            if self.decoder.is_finished() {
                self.finish()?;
                continue;
            }
            let some = BlockDecodingStrategy::UptoBlocks(1);
            if self.decoder.decode_blocks(&mut self.packed, some).is_err() {
                return Err(self.why());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use flate2::Compression;
    use flate2::read::GzEncoder;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::Packing;
    use crate::archive::fault::fault;
    use crate::archive::limits::{Budget, Limits, Share};
    use crate::archive::watch::Watch;
    use crate::model::{ArchiveProblem, Bound, Cancel, Damage, Events};

    fn unpack(packed: &[u8], limits: Limits) -> Result<u64, ArchiveProblem> {
        let packing = Packing::of(packed).unwrap();
        let watch = Watch::new(&Events::nowhere(), &Cancel::default());
        let budget = Budget::new(limits, watch).of(packed.len() as u64);
        let mut reader = packing.unpack(packed, &budget, Share::Named);
        io::copy(&mut reader, &mut io::sink()).map_err(|error| fault("blob", 0, error))
    }

    fn zeros(count: u64) -> [Vec<u8>; 2] {
        let mut gzip = Vec::new();
        let zeros = || io::repeat(0).take(count);
        GzEncoder::new(zeros(), Compression::fast())
            .read_to_end(&mut gzip)
            .unwrap();
        [gzip, compress_to_vec(zeros(), CompressionLevel::Fastest)]
    }

    #[test]
    fn a_bomb_meets_its_limits() {
        for packed in zeros(1 << 19) {
            let with = |unpacked, ratio| {
                let limits = Limits {
                    unpacked,
                    ratio,
                    ..Limits::STATED
                };
                unpack(&packed, limits).map_err(|problem| match problem {
                    ArchiveProblem::Limit { bound, limit, .. } => (bound, limit),
                    other => panic!("{other}"),
                })
            };
            assert_eq!(with(1 << 19, 0), Ok(1 << 19));
            let less = (1 << 19) - 1;
            assert_eq!(with(less, 0), Err((Bound::Unpacked, less)));
            assert_eq!(with(0, 1 << 19), Ok(1 << 19));
            let ratio = (1 << 18) / packed.len() as u64;
            let grown = ratio * packed.len() as u64;
            assert_eq!(with(0, ratio), Err((Bound::Unpacked, grown)));
        }
    }

    #[test]
    fn a_frame_whose_checksum_is_wrong_is_damaged() {
        let mut packed = compress_to_vec(&b"some text, some text"[..], CompressionLevel::Fastest);
        *packed.last_mut().unwrap() ^= 1;
        assert!(matches!(
            unpack(&packed, Limits::STATED),
            Err(ArchiveProblem::Damaged {
                damage: Damage::Packing,
                ..
            })
        ));
    }

    #[test]
    fn what_follows_compressed_data_must_be_compressed_too() {
        for packed in zeros(1_000) {
            let trailing = [packed, b"garbage".to_vec()].concat();
            assert!(unpack(&trailing, Limits::STATED).is_err());
        }
    }
}
