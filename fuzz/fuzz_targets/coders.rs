//! Any bytes as what each coder of 7z archives reads, behind a header that holds: decoding ends, without a panic.
#![no_main]

use bonafide::format::sevenz::SevenZ;
use libfuzzer_sys::fuzz_target;

/// Method and length of its properties, in the order of the data: what a filter filters comes behind it.
const CHAINS: [&[(&[u8], usize)]; 12] = [
    &[(&[3, 1, 1], 5)],
    &[(&[0x21], 1)],
    &[(&[3, 4, 1], 5)],
    &[(&[4, 1, 8], 0)],
    &[(&[4, 1, 9], 0)],
    &[(&[4, 2, 2], 0)],
    &[(&[4], 0), (&[0x21], 1)],
    &[(&[7], 0), (&[4, 1, 8], 0)],
    &[(&[0x0a], 0), (&[4, 1, 9], 0)],
    &[(&[0x0b], 0), (&[4, 2, 2], 0)],
    &[(&[6], 0), (&[3, 4, 1], 5)],
    &[(&[3], 1), (&[3, 1, 1], 5)],
];
const BCJ2: &[u8] = &[3, 3, 1, 0x1b];
/// Largest dictionary or model, so that what is measured is decoding.
const MAX_MEMORY: u32 = 1 << 20;
const SIZE: u64 = 1 << 20;

fuzz_target!(|data: &[u8]| {
    let Some((choice, rest)) = data.split_first() else {
        return;
    };
    let chain = CHAINS.get(usize::from(*choice) % (CHAINS.len() + 1));
    let archive = match chain {
        Some(chain) => chained(chain, rest),
        None => four(rest),
    };
    if let Some(archive) = archive {
        bonafide_fuzz::whole(&SevenZ, &archive);
    }
});

fn number(value: u64) -> Vec<u8> {
    [&[0xff][..], &value.to_le_bytes()].concat()
}

fn chained(chain: &[(&[u8], usize)], mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut folder = vec![chain.len() as u8];
    for (id, properties) in chain {
        let (own, after) = rest.split_at_checked(*properties)?;
        rest = after;
        let mut own = own.to_vec();
        if let Some(memory) = own.get_mut(1..5) {
            let small = u32::from_le_bytes(memory.try_into().ok()?) % MAX_MEMORY;
            memory.copy_from_slice(&small.to_le_bytes());
        }
        folder.push(id.len() as u8 | if own.is_empty() { 0 } else { 0x20 });
        folder.extend_from_slice(id);
        if !own.is_empty() {
            folder.push(own.len() as u8);
            folder.extend(own);
        }
    }
    // What comes in at each filter is what comes out of the next coder.
    for index in 1..chain.len() as u8 {
        folder.extend([index - 1, index]);
    }
    Some(archive(&folder, chain.len(), &[rest]))
}

fn four(rest: &[u8]) -> Option<Vec<u8>> {
    let (cuts, rest) = rest.split_at_checked(3)?;
    let mut streams = Vec::new();
    let mut left = rest;
    for cut in cuts {
        let (stream, after) = left.split_at(usize::from(*cut).min(left.len()));
        streams.push(stream);
        left = after;
    }
    streams.insert(0, left);
    let mut folder = vec![1, 0x10 | BCJ2.len() as u8];
    folder.extend_from_slice(BCJ2);
    folder.extend([4, 1, 0, 1, 2, 3]);
    Some(archive(&folder, 1, &streams))
}

/// One file of one folder.
fn archive(folder: &[u8], coders: usize, packed: &[&[u8]]) -> Vec<u8> {
    let mut header = vec![1, 4, 6, 0, packed.len() as u8, 9];
    for stream in packed {
        header.extend(number(stream.len() as u64));
    }
    header.extend([0, 7, 0x0b, 1, 0]);
    header.extend_from_slice(folder);
    header.push(0x0c);
    for _ in 0..coders {
        header.extend(number(SIZE));
    }
    header.extend([0, 0, 5, 1, 0x11, 5, 0, b'a', 0, 0, 0, 0, 0]);
    let mut place = (packed.iter().map(|stream| stream.len() as u64).sum::<u64>())
        .to_le_bytes()
        .to_vec();
    place.extend((header.len() as u64).to_le_bytes());
    place.extend(crc32(&header).to_le_bytes());
    let mut out = b"7z\xbc\xaf\x27\x1c\x00\x04".to_vec();
    out.extend(crc32(&place).to_le_bytes());
    out.extend(place);
    packed
        .iter()
        .for_each(|stream| out.extend_from_slice(stream));
    out.extend(header);
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    })
}
