use std::io::{Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::deflate64::Inflate64;
use super::{Coding, Stated, document, open};
use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Clock, Exceeded, Limits, Stopped};
use crate::format::Error;

fn decode(coding: Coding, coded: &dyn ReadAt) -> Result<Vec<u8>, Error> {
    let budget = Budget::start(Limits::default(), &Stopped);
    let span = 0..coded.size();
    let stated = Stated {
        whole: true,
        ..Stated::default()
    };
    open(coding, coded, &span, stated, &budget)?.all(64 << 20)
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut out = flate2::GzBuilder::new()
        .filename("a.txt")
        .write(Vec::new(), flate2::Compression::default());
    out.write_all(data).unwrap();
    out.finish().unwrap()
}

fn bzip2(data: &[u8]) -> Vec<u8> {
    let mut out = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    out.write_all(data).unwrap();
    out.finish().unwrap()
}

fn zstd(data: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(data, ruzstd::encoding::CompressionLevel::Fastest)
}

/// One stream of one LZMA2 chunk that is not compressed, with a CRC-64.
fn xz(data: &[u8]) -> Vec<u8> {
    let crc = |bytes: &[u8]| crate::base::codec::xz::crc32(bytes);
    let sealed = |bytes: &[u8]| [bytes, &crc(bytes)].concat();
    let mut out = b"\xfd7zXZ\0\0\x04".to_vec();
    out.extend(crc(&[0, 4]));
    let header = sealed(&[2, 0, 0x21, 1, 8, 0, 0, 0]);
    out.extend(&header);
    let mut chunk = vec![1];
    chunk.extend((data.len() as u16 - 1).to_be_bytes());
    chunk.extend(data);
    chunk.push(0);
    let unpadded = header.len() + chunk.len() + 8;
    chunk.resize(chunk.len().next_multiple_of(4), 0);
    out.extend(&chunk);
    let mut check = crate::base::codec::Crc64::default();
    check.update(data);
    out.extend(check.sum().to_le_bytes());
    let mut index = vec![0, 1];
    for mut number in [unpadded, data.len()] {
        while number > 0x7f {
            index.push(number as u8 | 0x80);
            number >>= 7;
        }
        index.push(number as u8);
    }
    index.resize(index.len().next_multiple_of(4), 0);
    let index = sealed(&index);
    out.extend(&index);
    let mut footer = (index.len() as u32 / 4 - 1).to_le_bytes().to_vec();
    footer.extend([0, 4]);
    out.extend(crc(&footer));
    out.extend(&footer);
    out.extend(b"YZ");
    out
}

type Make = fn(&[u8]) -> Vec<u8>;

const MAKERS: [(Coding, Make); 4] = [
    (Coding::Gzip, gzip),
    (Coding::Bzip2Streams, bzip2),
    (Coding::Zstd, zstd),
    (Coding::Xz, xz),
];

#[test]
fn one_stream_and_two_come_out_whole() {
    let data = b"some words, some words, some more words".repeat(20);
    for (coding, make) in MAKERS {
        assert_eq!(decode(coding, &make(&data)), Ok(data.clone()), "{coding:?}");
        let twice = [make(&data), make(b"and more")].concat();
        assert_eq!(
            decode(coding, &twice),
            Ok([&data[..], b"and more"].concat()),
            "{coding:?}"
        );
    }
}

#[test]
fn a_cut_is_never_taken_for_the_end() {
    for (coding, make) in MAKERS {
        let good = make(b"some words, some words, some more words");
        for cut in 1..good.len() {
            assert!(
                decode(coding, &good[..cut].to_vec()).is_err(),
                "{coding:?} {cut}"
            );
        }
    }
}

#[test]
fn a_flipped_bit_never_gives_other_content_unnoticed() {
    let data = b"some words, some words, some more words";
    for (coding, make) in MAKERS {
        let good = make(data);
        for bit in (0..good.len() * 8).step_by(3) {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            if let Ok(out) = decode(coding, &bad) {
                // A zstd frame of ours carries no checksum.
                assert!(out == data || coding == Coding::Zstd, "{coding:?} {bit}");
            }
        }
    }
}

#[test]
fn padding_behind_the_last_stream_is_no_data() {
    let mut padded = gzip(b"1");
    padded.extend([0; 512]);
    assert_eq!(decode(Coding::Gzip, &padded), Ok(b"1".to_vec()));
    let mut padded = xz(b"1");
    padded.extend([0; 8]);
    assert_eq!(decode(Coding::Xz, &padded), Ok(b"1".to_vec()));
    padded.push(0);
    assert!(decode(Coding::Xz, &padded).is_err());
    let mut followed = gzip(b"1");
    followed.extend(b"more");
    assert_eq!(
        decode(Coding::Gzip, &followed).unwrap_err().reason(),
        "size-mismatch"
    );
}

#[test]
fn a_window_or_dictionary_over_the_limit_is_refused_before_it_is_allocated() {
    let huge = b"\x28\xb5\x2f\xfd\x00\xf8\x00\x00\x00".to_vec();
    assert_eq!(
        decode(Coding::Zstd, &huge).unwrap_err().reason(),
        "over-limit"
    );
    let mut alone = vec![0x5d];
    alone.extend(0xffff_fff0u32.to_le_bytes());
    alone.extend([0xff; 8]);
    alone.extend([0; 64]);
    assert_eq!(
        decode(Coding::LzmaAlone, &alone).unwrap_err().reason(),
        "over-limit"
    );
    let mut xz = xz(b"1");
    xz[16] = 40;
    let crc = crate::base::codec::xz::crc32(&xz[12..20]);
    xz[20..24].copy_from_slice(&crc);
    assert_eq!(decode(Coding::Xz, &xz).unwrap_err().reason(), "over-limit");
}

#[test]
fn empty_bzip2_streams_are_refused_where_there_is_no_end_of_them() {
    let few = [bzip2(b""), bzip2(b"1"), bzip2(b"").repeat(9), bzip2(b"2")].concat();
    assert_eq!(decode(Coding::Bzip2Streams, &few), Ok(b"12".to_vec()));
    let many = bzip2(b"").repeat(5000);
    assert_eq!(
        decode(Coding::Bzip2Streams, &many).unwrap_err().reason(),
        "bad-compressed-data"
    );
    let nearly = bzip2(b"1").repeat(5000);
    assert!(decode(Coding::Bzip2Streams, &nearly).is_err());
    assert_eq!(
        decode(Coding::Bzip2Streams, &bzip2(b"").repeat(500)),
        Ok(Vec::new())
    );
}

#[test]
fn no_bytes_are_no_compressed_document() {
    for name in ["a.gz", "a.xz", "a.bz2", "a.zst", "a.lzma"] {
        assert!(document(name, &Vec::new()).is_err(), "{name}");
    }
    assert!(document("a", &Vec::new()).is_ok());
    assert!(decode(Coding::Bzip2Streams, &Vec::new()).is_err());
}

#[test]
fn content_that_a_deflate64_decoder_holds_back_is_waited_for() {
    // Empty blocks up to the piece that is asked for, and a stored block behind them.
    let content = vec![b'x'; 40 << 10];
    let length = u16::try_from(content.len()).unwrap();
    for empty in [3271, 3272, 3273, 3274] {
        let mut coded = [0u8, 0, 0, 0xff, 0xff].repeat(empty);
        coded.push(1);
        coded.extend(length.to_le_bytes());
        coded.extend((!length).to_le_bytes());
        coded.extend(&content);
        let mut read = vec![0; content.len()];
        let mut inflater = Inflate64::new(&coded[..]);
        inflater.read_exact(&mut read).unwrap();
        assert_eq!(read, content, "{empty}");
        assert_eq!(inflater.read(&mut [0]).unwrap(), 0, "{empty}");
    }
}

#[test]
fn deflate64_blocks_without_content_are_refused_where_there_is_no_end_of_them() {
    // Stored blocks, of which the last holds a byte.
    let stored = |count: usize| {
        let mut coded = [0u8, 0, 0, 0xff, 0xff].repeat(count);
        coded.extend([1, 1, 0, 0xfe, 0xff, b'1']);
        decode(Coding::Deflate64, &coded)
    };
    assert_eq!(stored(100), Ok(b"1".to_vec()));
    assert_eq!(stored(10_000).unwrap_err().reason(), "bad-compressed-data");
}

#[test]
fn a_cut_deflate64_stream_is_an_error() {
    let coded = vec![1u8, 5, 0, 0xfa, 0xff, b'1', b'2'];
    assert!(decode(Coding::Deflate64, &coded).is_err());
    let whole = [&coded[..], b"345"].concat();
    assert_eq!(decode(Coding::Deflate64, &whole), Ok(b"12345".to_vec()));
}

/// A second at each look.
#[derive(Default)]
struct Ticking(AtomicU64);

impl Clock for Ticking {
    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

#[test]
fn the_time_is_looked_at_while_nothing_comes_out() {
    // A frame of empty blocks, which ends for want of a last one.
    let frame = [&b"\x28\xb5\x2f\xfd\x00\x88"[..], &[0; 3].repeat(400_000)].concat();
    let empty_members = gzip(b"").repeat(60_000);
    for (coding, coded) in [(Coding::Zstd, frame), (Coding::Gzip, empty_members)] {
        let limits = Limits {
            timeout: Duration::from_secs(10),
            ..Limits::default()
        };
        let clock = Ticking::default();
        let budget = Budget::start(limits, &clock);
        let span = 0..coded.len() as u64;
        let decoded = open(coding, &coded, &span, Stated::default(), &budget).unwrap();
        assert_eq!(
            decoded.all(1 << 20),
            Err(Error::Limit(Exceeded::Time(limits.timeout)))
        );
    }
}
