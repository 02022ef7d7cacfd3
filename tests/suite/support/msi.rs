//! Makes Windows Installer packages and signs them.

use bonafide::model::digest::DigestAlgorithm;
use bonafide::verify::digest::hash;

use super::cfb::{Content, Entry, root, stream};
use super::cms::{INDIRECT_DATA, Signing};
use super::der;
use super::keys::digest_identifier;

/// {000C1084-0000-0000-C000-000000000046}
pub(crate) const PACKAGE: [u8; 16] = [
    0x84, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46,
];
/// {000C10F1-0000-0000-C000-000000000046}, the subject interface package.
pub(crate) const SIP: [u8; 16] = [
    0xf1, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46,
];
pub(crate) const SIGNATURE: &str = "\u{5}DigitalSignature";
pub(crate) const METADATA: &str = "\u{5}MsiDigitalSignatureEx";

const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._";

/// A package: streams by their plain names, and the Property table.
pub(crate) fn package(
    files: &[(&str, &[u8])],
    properties: &[(&str, &str)],
    media: &[&str],
) -> Entry {
    let mut pool = Strings::default();
    let mut columns: Vec<[u16; 4]> = Vec::new();
    for (table, described) in [
        ("Property", &[("Property", 0x2d48), ("Value", 0x0f00)][..]),
        (
            "Media",
            &[
                ("DiskId", 0x2502),
                ("LastSequence", 0x0104),
                ("DiskPrompt", 0x1f40),
                ("Cabinet", 0x1dff),
                ("VolumeLabel", 0x1d20),
                ("Source", 0x1d48),
            ],
        ),
    ] {
        for ((name, kind), number) in described.iter().zip(1u16..) {
            columns.push([
                pool.add(table),
                number ^ 0x8000,
                pool.add(name),
                kind ^ 0x8000,
            ]);
        }
    }
    let rows: Vec<[u16; 2]> = properties
        .iter()
        .map(|(key, value)| [pool.add(key), pool.add(value)])
        .collect();
    let mut media_table = Vec::new();
    let ids: Vec<u16> = (1..).take(media.len()).map(|id: u16| id ^ 0x8000).collect();
    media_table.extend(ids.iter().flat_map(|id| id.to_le_bytes()));
    media_table.extend(ids.iter().flat_map(|_| 0x8000_0001u32.to_le_bytes()));
    let cabinets: Vec<u16> = media.iter().map(|cabinet| pool.add(cabinet)).collect();
    for column in [
        vec![0; media.len()],
        cabinets,
        vec![0; media.len()],
        vec![0; media.len()],
    ] {
        media_table.extend(column.iter().flat_map(|id| id.to_le_bytes()));
    }
    let (pool, data) = pool.streams();
    let mut entries = vec![
        table("_Columns", &by_column(&columns)),
        table("_StringPool", &pool),
        table("_StringData", &data),
        table("Property", &by_column(&rows)),
        table("Media", &media_table),
        stream(
            "\u{5}SummaryInformation",
            &summary(&[(3, "Example 1.0"), (4, "Example Software GmbH")]),
        ),
    ];
    entries.extend(files.iter().map(|(name, bytes)| Entry {
        name: encode(name),
        ..stream("", bytes)
    }));
    root(PACKAGE, entries)
}

fn table(name: &str, bytes: &[u8]) -> Entry {
    Entry {
        name: [0x4840].into_iter().chain(encode(name)).collect(),
        ..stream("", bytes)
    }
}

fn by_column<const N: usize>(rows: &[[u16; N]]) -> Vec<u8> {
    (0..N)
        .flat_map(|column| rows.iter().flat_map(move |row| row[column].to_le_bytes()))
        .collect()
}

/// Packs a name two characters in one.
pub(crate) fn encode(name: &str) -> Vec<u16> {
    let value = |c: u8| {
        let at = ALPHABET.iter().position(|a| *a == c).expect("a plain name");
        u16::try_from(at).unwrap()
    };
    name.as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [a, b] => 0x3800 + value(*a) + (value(*b) << 6),
            [a] => 0x4800 + value(*a),
            _ => unreachable!("chunks of two"),
        })
        .collect()
}

#[derive(Default)]
struct Strings(Vec<String>);

impl Strings {
    fn add(&mut self, text: &str) -> u16 {
        let at = self.0.iter().position(|known| known == text);
        let at = at.unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        });
        u16::try_from(at + 1).unwrap()
    }

    fn streams(&self) -> (Vec<u8>, Vec<u8>) {
        let mut pool = vec![0xe4, 4, 0, 0];
        for text in &self.0 {
            pool.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
            pool.extend(1u16.to_le_bytes());
        }
        (pool, self.0.concat().into_bytes())
    }
}

/// A property set of texts ([MS-OLEPS]).
fn summary(texts: &[(u32, &str)]) -> Vec<u8> {
    let mut values = Vec::new();
    let mut index = Vec::new();
    let start = 8 + 8 * texts.len();
    for (id, text) in texts {
        index.extend(id.to_le_bytes());
        index.extend(u32::try_from(start + values.len()).unwrap().to_le_bytes());
        values.extend(30u32.to_le_bytes());
        values.extend(u32::try_from(text.len() + 1).unwrap().to_le_bytes());
        values.extend(text.as_bytes());
        values.push(0);
        values.resize(values.len().next_multiple_of(4), 0);
    }
    let mut out = vec![0xfe, 0xff, 0, 0, 0, 0, 2, 0];
    out.extend([0; 16]);
    out.extend(1u32.to_le_bytes());
    out.extend([0x5a; 16]);
    out.extend(48u32.to_le_bytes());
    out.extend(u32::try_from(start + values.len()).unwrap().to_le_bytes());
    out.extend(u32::try_from(texts.len()).unwrap().to_le_bytes());
    out.extend(index);
    out.extend(values);
    out
}

/// In the order of the digest; the root's two signature streams are no part of it.
fn children(entry: &Entry) -> Vec<&Entry> {
    let is_root = entry.name == units("Root Entry");
    let Content::Storage(entries) = &entry.content else {
        return Vec::new();
    };
    let mut sorted: Vec<&Entry> = entries
        .iter()
        .filter(|e| !is_root || (e.name != units(SIGNATURE) && e.name != units(METADATA)))
        .collect();
    sorted.sort_by_key(|e| octets(&e.name));
    sorted
}

fn units(name: &str) -> Vec<u16> {
    name.encode_utf16().collect()
}

fn octets(name: &[u16]) -> Vec<u8> {
    name.iter().flat_map(|unit| unit.to_le_bytes()).collect()
}

fn contents(entry: &Entry, out: &mut Vec<u8>) {
    match &entry.content {
        Content::Stream(bytes) => out.extend(bytes),
        Content::Storage(_) => {
            for child in children(entry) {
                contents(child, out);
            }
            out.extend(entry.clsid);
        }
    }
}

fn described(entry: &Entry, is_root: bool, out: &mut Vec<u8>) {
    if !is_root {
        out.extend(octets(&entry.name));
    }
    match &entry.content {
        Content::Stream(bytes) => out.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes()),
        Content::Storage(_) => out.extend(entry.clsid),
    }
    out.extend(entry.state.to_le_bytes());
    if !is_root {
        out.extend(entry.times.iter().flat_map(|time| time.to_le_bytes()));
    }
    for child in children(entry) {
        described(child, false, out);
    }
}

/// The digest of names, lengths and times.
pub(crate) fn metadata(package: &Entry, digest: DigestAlgorithm) -> Vec<u8> {
    let mut out = Vec::new();
    described(package, true, &mut out);
    hash(digest, &out).unwrap()
}

/// Signs a package, with the metadata digest where one is given.
pub(crate) fn sign(package: &Entry, signing: &Signing<'_>, metadata: Option<Vec<u8>>) -> Entry {
    let mut covered = metadata.clone().unwrap_or_default();
    contents(package, &mut covered);
    let value = hash(signing.digest, &covered).unwrap();
    let signature = signing.over(INDIRECT_DATA, &indirect_data(signing.digest, &value, &SIP));
    let mut signed = package.clone();
    let Content::Storage(entries) = &mut signed.content else {
        panic!("a package is a storage");
    };
    entries.push(stream(SIGNATURE, &signature));
    entries.extend(metadata.map(|metadata| stream(METADATA, &metadata)));
    signed
}

/// SpcIndirectDataContent of what a subject interface package reads.
pub(crate) fn indirect_data(digest: DigestAlgorithm, value: &[u8], sip: &[u8; 16]) -> Vec<u8> {
    let info = der::sequence(&[
        der::integer(1),
        der::octets(sip),
        der::integer(0),
        der::integer(0),
        der::integer(0),
        der::integer(0),
        der::integer(0),
    ]);
    der::sequence(&[
        der::sequence(&[der::oid("1.3.6.1.4.1.311.2.1.30"), info]),
        der::sequence(&[digest_identifier(digest), der::octets(value)]),
    ])
}
