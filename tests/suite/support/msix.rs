//! Makes app packages and bundles and signs them. Parts, manifest and block map can be replaced before signing, so that hostile
//! variants are one step away from a good package.

use std::io::Write;

use bonafide::model::digest::DigestAlgorithm;
use bonafide::verify::digest::hash;

use super::cms::Signing;
use super::der;

/// SIP of packages, 0AC5DF4B-CE07-4DE2-B76E-23C839A09FD1, as stored.
pub(crate) const PACKAGE: [u8; 16] = [
    0x4b, 0xdf, 0xc5, 0x0a, 0x07, 0xce, 0xe2, 0x4d, 0xb7, 0x6e, 0x23, 0xc8, 0x39, 0xa0, 0x9f, 0xd1,
];
/// SIP of bundles, 0F5F58B3-AADE-4B9A-A434-95742D92ECEB, as stored.
pub(crate) const BUNDLE: [u8; 16] = [
    0xb3, 0x58, 0x5f, 0x0f, 0xde, 0xaa, 0x9a, 0x4b, 0xa4, 0x34, 0x95, 0x74, 0x2d, 0x92, 0xec, 0xeb,
];

pub(crate) const CATALOG: &str = "AppxMetadata/CodeIntegrity.cat";

/// The name of the signer that the shared authority issues, as a manifest writes it.
pub(crate) const PUBLISHER: &str =
    "CN=Example Software GmbH, O=Example Software GmbH, L=Berlin, C=DE";

/// One part.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
    pub(crate) deflate: bool,
}

impl Part {
    pub(crate) fn new(name: &str, content: impl Into<Vec<u8>>, deflate: bool) -> Self {
        Self {
            name: name.to_owned(),
            content: content.into(),
            deflate,
        }
    }

    fn coded(&self) -> Vec<u8> {
        if !self.deflate {
            return self.content.clone();
        }
        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&self.content).unwrap();
        encoder.finish().unwrap()
    }
}

/// The parts of a package with one file, ready to be signed.
pub(crate) fn parts(publisher: &str, files: Vec<Part>) -> Vec<Part> {
    let manifest = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Package xmlns=\"http://schemas.microsoft.com/appx/manifest/foundation/windows10\">\
         <Identity Name=\"Example.App\" Version=\"1.0.0.0\" Publisher=\"{publisher}\"/>\
         <Properties><DisplayName>Example</DisplayName><PublisherDisplayName>Example</PublisherDisplayName></Properties></Package>"
    );
    let mut all = files;
    all.push(Part::new("AppxManifest.xml", manifest, true));
    finish(all)
}

/// With block map and content types behind them.
pub(crate) fn finish(mut all: Vec<Part>) -> Vec<Part> {
    let map = block_map(&all);
    all.push(Part::new("AppxBlockMap.xml", map, true));
    all.push(Part::new(
        "[Content_Types].xml",
        "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        true,
    ));
    all
}

pub(crate) fn block_map(parts: &[Part]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><BlockMap xmlns=\"http://schemas.microsoft.com/appx/2010/blockmap\" \
         HashMethod=\"http://www.w3.org/2001/04/xmlenc#sha256\">",
    );
    for part in parts.iter().filter(|p| p.name != CATALOG) {
        out += &format!(
            "<File Name=\"{}\" Size=\"{}\" LfhSize=\"{}\">",
            part.name.replace('/', "\\"),
            part.content.len(),
            30 + part.name.len()
        );
        for block in part.content.chunks(64 << 10) {
            let digest = hash(DigestAlgorithm::Sha256, block).unwrap();
            out += &format!("<Block Hash=\"{}\"/>", base64(&digest));
        }
        out += "</File>";
    }
    out + "</BlockMap>"
}

/// A bundle of packages that stand first, as they are.
pub(crate) fn bundle(packages: &[(&str, Vec<u8>)]) -> Vec<Part> {
    let mut listed = String::new();
    let mut at = 0;
    let mut all = Vec::new();
    for (name, content) in packages {
        at += 30 + name.len();
        listed += &format!(
            "<Package Type=\"application\" FileName=\"{name}\" Offset=\"{at}\" Size=\"{}\"/>",
            content.len()
        );
        at += content.len();
        all.push(Part::new(name, content.clone(), false));
    }
    let manifest = Part::new(
        "AppxMetadata/AppxBundleManifest.xml",
        format!(
            "<Bundle xmlns=\"http://schemas.microsoft.com/appx/2013/bundle\" SchemaVersion=\"1.0\">\
             <Identity Name=\"Example.App\" Publisher=\"{PUBLISHER}\" Version=\"1.0.0.0\"/><Packages>{listed}</Packages></Bundle>"
        ),
        true,
    );
    let map = block_map(std::slice::from_ref(&manifest));
    all.push(manifest);
    all.push(Part::new("AppxBlockMap.xml", map, true));
    all.push(Part::new("[Content_Types].xml", "<Types/>", true));
    all
}

/// A zip of parts: local records, central directory, and the end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Zip {
    pub(crate) locals: Vec<u8>,
    pub(crate) directory: Vec<u8>,
    count: u16,
}

impl Zip {
    pub(crate) fn of(parts: &[Part]) -> Self {
        let mut zip = Self::default();
        for part in parts {
            zip.add(part);
        }
        zip
    }

    pub(crate) fn add(&mut self, part: &Part) {
        let coded = part.coded();
        let mut crc = flate2::Crc::new();
        crc.update(&part.content);
        let word = |value: usize| u32::try_from(value).unwrap().to_le_bytes();
        let short = |value: usize| u16::try_from(value).unwrap().to_le_bytes();
        let method = if part.deflate { 8 } else { 0 };
        let common = [
            &[20, 0, 0, 0][..],
            &short(method),
            &[0, 0, 0x21, 0x50],
            &crc.sum().to_le_bytes(),
            &word(coded.len()),
            &word(part.content.len()),
            &short(part.name.len()),
            &[0, 0],
        ]
        .concat();
        let offset = word(self.locals.len());
        self.locals.extend_from_slice(b"PK\x03\x04");
        self.locals.extend_from_slice(&common);
        self.locals.extend_from_slice(part.name.as_bytes());
        self.locals.extend_from_slice(&coded);
        self.directory.extend_from_slice(b"PK\x01\x02\x2d\0");
        self.directory.extend_from_slice(&common);
        self.directory.extend_from_slice(&[0; 10]);
        self.directory.extend_from_slice(&offset);
        self.directory.extend_from_slice(part.name.as_bytes());
        self.count += 1;
    }

    /// Central directory and end.
    pub(crate) fn tail(&self) -> Vec<u8> {
        let mut out = self.directory.clone();
        out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        out.extend_from_slice(&self.count.to_le_bytes());
        out.extend_from_slice(&self.count.to_le_bytes());
        for value in [self.directory.len(), self.locals.len()] {
            out.extend_from_slice(&u32::try_from(value).unwrap().to_le_bytes());
        }
        out.extend_from_slice(&[0, 0]);
        out
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        [self.locals.clone(), self.tail()].concat()
    }
}

/// The package of these parts, signed as one of this kind.
pub(crate) fn sign(parts: &[Part], sip: &[u8; 16], signing: &Signing<'_>) -> Vec<u8> {
    let mut zip = Zip::of(parts);
    let signature = signature(&zip, parts, sip, signing);
    zip.add(&Part::new("AppxSignature.p7x", signature, true));
    zip.bytes()
}

/// The content of the signature part for these parts.
pub(crate) fn signature(
    zip: &Zip,
    parts: &[Part],
    sip: &[u8; 16],
    signing: &Signing<'_>,
) -> Vec<u8> {
    let mut value = b"APPX".to_vec();
    let mut add = |label: &[u8], content: &[u8]| {
        value.extend_from_slice(label);
        value.extend(hash(signing.digest, content).unwrap());
    };
    add(b"AXPC", &zip.locals);
    add(b"AXCD", &zip.tail());
    for (label, name) in [
        (b"AXCT", "[Content_Types].xml"),
        (b"AXBM", "AppxBlockMap.xml"),
        (b"AXCI", CATALOG),
    ] {
        if let Some(part) = parts.iter().find(|p| p.name == name) {
            add(label, &part.content);
        }
    }
    let mut info = vec![der::integer(0x0101_0000), der::octets(sip)];
    info.extend(vec![der::integer(0); 5]);
    let data = der::sequence(&[der::oid("1.3.6.1.4.1.311.2.1.30"), der::sequence(&info)]);
    [b"PKCX".to_vec(), signing.indirect(&data, &value)].concat()
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let octet = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let word = (octet(0) << 16) | (octet(1) << 8) | octet(2);
        for (nth, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = ALPHABET[usize::try_from((word >> shift) & 63).unwrap()];
            out.push(if nth <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}
