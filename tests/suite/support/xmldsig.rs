//! Makes XML signatures: ClickOnce manifests and OPC packages. Every text can be changed between two steps, so that hostile
//! variants are one replacement away from a good file.

use bonafide::base::der::Reader;
use bonafide::base::xml::canonical::{Method, Subset};
use bonafide::base::xml::{self, Document, NodeId};
use bonafide::model::digest::{DigestAlgorithm, hex};
use bonafide::verify::digest::hash;

use super::cms;
use super::keys::armour;
use super::pki::{Identity, PKI, STAMPED};

pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

/// A ClickOnce deployment manifest to be made.
#[derive(Clone)]
pub(crate) struct Manifest<'a> {
    pub(crate) signer: &'a Identity,
    pub(crate) digest: DigestAlgorithm,
    pub(crate) token: Option<String>,
    pub(crate) stamped: bool,
    /// Another manifest's hash in place of this one's.
    pub(crate) licensed_hash: Option<Vec<u8>>,
    /// Another key for the outer layer.
    pub(crate) strong_name: Option<&'a Identity>,
    pub(crate) with_license: bool,
    /// More of the manifest, signed with it.
    pub(crate) more: &'a str,
}

impl std::fmt::Debug for Manifest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manifest").finish_non_exhaustive()
    }
}

impl<'a> Manifest<'a> {
    pub(crate) fn by(signer: &'a Identity) -> Self {
        Self {
            signer,
            digest: DigestAlgorithm::Sha256,
            token: None,
            stamped: true,
            licensed_hash: None,
            strong_name: None,
            with_license: true,
            more: "",
        }
    }

    fn identity(&self) -> String {
        let own = || public_key_token(&self.strong_name.unwrap_or(self.signer).key.spki);
        let token = self.token.clone().unwrap_or_else(own);
        format!(
            "name=\"Example.application\" version=\"1.0.0.0\" publicKeyToken=\"{token}\" language=\"neutral\" \
             processorArchitecture=\"msil\""
        )
    }

    /// The manifest, with `signature` in it.
    fn around(&self, signature: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n\
             <asmv1:assembly xmlns:asmv1=\"urn:schemas-microsoft-com:asm.v1\" xmlns=\"urn:schemas-microsoft-com:asm.v2\" \
             xmlns:asmv2=\"urn:schemas-microsoft-com:asm.v2\" xmlns:dsig=\"{DSIG}\" manifestVersion=\"1.0\">\r\n\
             <assemblyIdentity {} xmlns=\"urn:schemas-microsoft-com:asm.v1\" />\r\n\
             <description asmv2:publisher=\"Example\" asmv2:product=\"Example &amp; Co\" xmlns=\"urn:schemas-microsoft-com:asm.v1\" />\r\n\
             <deployment install=\"true\"><deploymentProvider codebase=\"https://updates.example/Example.application\" /></deployment>\r\n\
             <dependency><dependentAssembly codebase=\"Example.exe.manifest\" size=\"5\"><hash>\
             <dsig:DigestMethod Algorithm=\"{DSIG}sha256\" /><dsig:DigestValue>{}</dsig:DigestValue></hash></dependentAssembly></dependency>\
             {}{signature}</asmv1:assembly>",
            self.identity(),
            base64(&hash(DigestAlgorithm::Sha256, b"hello").unwrap()),
            self.more,
        )
    }

    /// The signed manifest.
    pub(crate) fn signed(&self) -> String {
        let bare = document(&self.around(""));
        let digest = form_digest(&bare, None, self.digest);
        let license = if self.with_license {
            let hash = self.licensed_hash.clone().unwrap_or_else(|| digest.clone());
            format!(
                "<msrel:RelData xmlns:msrel=\"http://schemas.microsoft.com/windows/rel/2005/reldata\">{}</msrel:RelData>",
                self.license(&hash)
            )
        } else {
            String::new()
        };
        let key = self.strong_name.unwrap_or(self.signer);
        let signature = signature(
            key,
            self.digest,
            &[enveloped("", &digest, self.digest)],
            &format!("{}{license}", key_value(&key.key.spki)),
            "",
        );
        self.around(&signature)
    }

    fn license(&self, manifest_hash: &[u8]) -> String {
        let reversed: Vec<u8> = manifest_hash.iter().rev().copied().collect();
        let around = |signature: &str| {
            format!(
                "<r:license xmlns:r=\"urn:mpeg:mpeg21:2003:01-REL-R-NS\" xmlns:as=\"http://schemas.microsoft.com/windows/pki/2005/Authenticode\">\
                 <r:grant><as:ManifestInformation Hash=\"{}\" Description=\"\" Url=\"\"><as:assemblyIdentity {} /></as:ManifestInformation>\
                 <as:SignedBy /><as:AuthenticodePublisher><as:X509SubjectName>CN=Example</as:X509SubjectName></as:AuthenticodePublisher></r:grant>\
                 <r:issuer>{signature}</r:issuer></r:license>",
                hex(&reversed),
                self.identity()
            )
        };
        let digest = form_digest(&document(&around("")), None, self.digest);
        let certificates = x509_data(&[&self.signer.certificate, &PKI.ca.certificate]);
        let key_info = format!("{}{certificates}", key_value(&self.signer.key.spki));
        let references = [enveloped("", &digest, self.digest)];
        let plain = signature(self.signer, self.digest, &references, &key_info, "");
        if !self.stamped {
            return around(&plain);
        }
        let value = value_of(&plain);
        let object = format!(
            "<Object><as:Timestamp>{}</as:Timestamp></Object>",
            base64(&cms::timestamp(&PKI.tsa, &value, STAMPED))
        );
        around(&signature(
            self.signer,
            self.digest,
            &references,
            &key_info,
            &object,
        ))
    }
}

/// A Reference with the enveloped transform and exclusive canonicalisation.
fn enveloped(uri: &str, digest: &[u8], algorithm: DigestAlgorithm) -> String {
    reference(
        uri,
        &format!(
            "<Transforms><Transform Algorithm=\"{DSIG}enveloped-signature\" /><Transform Algorithm=\"{EXCLUSIVE}\" /></Transforms>"
        ),
        digest,
        algorithm,
    )
}

/// A Reference.
pub(crate) fn reference(
    uri: &str,
    transforms: &str,
    digest: &[u8],
    algorithm: DigestAlgorithm,
) -> String {
    format!(
        "<Reference URI=\"{uri}\">{transforms}<DigestMethod Algorithm=\"{}\" /><DigestValue>{}</DigestValue></Reference>",
        method(algorithm),
        base64(digest)
    )
}

fn method(algorithm: DigestAlgorithm) -> String {
    match algorithm {
        DigestAlgorithm::Sha1 => format!("{DSIG}sha1"),
        // As Microsoft names it.
        DigestAlgorithm::Sha256 => format!("{DSIG}sha256"),
        other => panic!("no manifest with {other}"),
    }
}

/// A Signature by `signer`.
pub(crate) fn signature(
    signer: &Identity,
    digest: DigestAlgorithm,
    references: &[String],
    key_info: &str,
    object: &str,
) -> String {
    signature_as(
        signer,
        digest,
        &format!("{DSIG}rsa-{}", digest.name()),
        EXCLUSIVE,
        references,
        key_info,
        object,
    )
}

/// A Signature in an OPC package, which is canonicalised inclusively.
pub(crate) fn package_signature(
    signer: &Identity,
    references: &[String],
    key_info: &str,
    object: &str,
) -> String {
    let ecdsa = !signer
        .key
        .spki
        .windows(11)
        .any(|w| w == [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]);
    let kind = if ecdsa { "ecdsa" } else { "rsa" };
    let method = format!("http://www.w3.org/2001/04/xmldsig-more#{kind}-sha256");
    signature_as(
        signer,
        DigestAlgorithm::Sha256,
        &method,
        INCLUSIVE,
        references,
        key_info,
        object,
    )
}

fn signature_as(
    signer: &Identity,
    digest: DigestAlgorithm,
    method: &str,
    canonicalization: &str,
    references: &[String],
    key_info: &str,
    object: &str,
) -> String {
    let around = |value: &str| {
        format!(
            "<Signature xmlns=\"{DSIG}\"><SignedInfo><CanonicalizationMethod Algorithm=\"{canonicalization}\" />\
             <SignatureMethod Algorithm=\"{method}\" />{}</SignedInfo><SignatureValue>{value}</SignatureValue>\
             <KeyInfo>{key_info}</KeyInfo>{object}</Signature>",
            references.concat()
        )
    };
    // Only SignedInfo is looked at, so what else stands there may use prefixes that are bound further out.
    let head = around("");
    let end = head.find("</SignedInfo>").unwrap();
    let alone = document(&format!("{}</SignedInfo></Signature>", &head[..end]));
    let signed_info = alone.children(alone.root()).next();
    let canonical = if canonicalization == EXCLUSIVE {
        Method::EXCLUSIVE
    } else {
        Method::INCLUSIVE
    };
    let message = alone
        .canonical_octets(
            Subset {
                element: signed_info,
                without: None,
            },
            &canonical,
        )
        .unwrap();
    let mut value = signer.key.sign(digest, &message);
    if method.contains("ecdsa") {
        value = fixed(&value);
    }
    around(&base64(&value))
}

/// `SEQUENCE { r, s }` as two numbers of 32 octets.
fn fixed(der: &[u8]) -> Vec<u8> {
    let mut fields = Reader::der(der).any().unwrap().reader();
    let mut out = Vec::new();
    for _ in 0..2 {
        let number: Vec<u8> = fields
            .any()
            .unwrap()
            .value
            .iter()
            .copied()
            .skip_while(|b| *b == 0)
            .collect();
        out.extend(vec![0; 32 - number.len()]);
        out.extend(number);
    }
    out
}

/// SignatureValue of a Signature element.
pub(crate) fn value_of(signature: &str) -> Vec<u8> {
    let document = document(signature);
    let value = document
        .only(document.root(), DSIG, "SignatureValue")
        .unwrap();
    bonafide::base::base64::decode(&document.text(value)).unwrap()
}

pub(crate) fn document(text: &str) -> Document {
    xml::parse(text.as_bytes()).unwrap_or_else(|e| panic!("{e}: {text}"))
}

/// Digest of the exclusive form.
pub(crate) fn form_digest(
    document: &Document,
    element: Option<NodeId>,
    algorithm: DigestAlgorithm,
) -> Vec<u8> {
    let subset = Subset {
        element,
        without: None,
    };
    hash(
        algorithm,
        &document
            .canonical_octets(subset, &Method::EXCLUSIVE)
            .unwrap(),
    )
    .unwrap()
}

pub(crate) fn x509_data(certificates: &[&[u8]]) -> String {
    let all: String = certificates
        .iter()
        .map(|der| format!("<X509Certificate>{}</X509Certificate>", base64(der)))
        .collect();
    format!("<X509Data>{all}</X509Data>")
}

fn key_value(spki: &[u8]) -> String {
    let (modulus, exponent) = rsa(spki);
    format!(
        "<KeyValue><RSAKeyValue><Modulus>{}</Modulus><Exponent>{}</Exponent></RSAKeyValue></KeyValue>",
        base64(&modulus),
        base64(&exponent)
    )
}

fn rsa(spki: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut fields = Reader::der(spki).any().unwrap().reader();
    fields.any().unwrap();
    let bits = fields.any().unwrap().bit_string().unwrap();
    let mut numbers = Reader::der(bits).any().unwrap().reader();
    let mut next = || -> Vec<u8> {
        let value = numbers.any().unwrap().value;
        value.iter().copied().skip_while(|b| *b == 0).collect()
    };
    (next(), next())
}

/// The last eight octets, reversed, of the SHA-1 over the public key blob of a strong name.
fn public_key_token(spki: &[u8]) -> String {
    let (modulus, exponent) = rsa(spki);
    let len = u32::try_from(modulus.len()).unwrap();
    let mut blob = vec![0, 0x24, 0, 0, 4, 0x80, 0, 0];
    blob.extend((20 + len).to_le_bytes());
    blob.extend([6, 2, 0, 0, 0, 0x24, 0, 0]);
    blob.extend(b"RSA1");
    blob.extend((8 * len).to_le_bytes());
    let mut little: Vec<u8> = exponent.into_iter().rev().collect();
    little.resize(4, 0);
    blob.extend(little);
    blob.extend(modulus.iter().rev());
    let sha1 = hash(DigestAlgorithm::Sha1, &blob).unwrap();
    hex(&sha1.iter().rev().take(8).copied().collect::<Vec<u8>>())
}

/// RFC 4648, on one line.
pub(crate) fn base64(octets: &[u8]) -> String {
    armour("X", "", octets)
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect()
}
