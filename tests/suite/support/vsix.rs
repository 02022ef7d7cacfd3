//! Makes a Visual Studio extension with an OPC signature.

use bonafide::base::xml::canonical::{Method, Subset};
use bonafide::model::digest::DigestAlgorithm;
use bonafide::verify::digest::hash;

use super::cms;
use super::pki::{Identity, PKI, STAMPED};
use super::xmldsig::{DSIG, base64, document, package_signature, reference, value_of, x509_data};
use super::zip;

const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OPC: &str = "http://schemas.openxmlformats.org/package/2006/digital-signature";
const SIGNATURE_PART: &str = "package/services/digital-signature/xml-signature/example.psdsxs";
const ORIGIN: &str = "package/services/digital-signature/origin.psdor";

/// An extension to be made.
pub(crate) struct Vsix<'a> {
    pub(crate) signer: &'a Identity,
    /// Parts that are signed: name, content type, content.
    pub(crate) signed: Vec<(&'a str, &'a str, Vec<u8>)>,
    /// Members added after signing.
    pub(crate) added: Vec<(&'a str, Vec<u8>)>,
    pub(crate) deflate: bool,
    /// The certificates stand in a part of their own.
    pub(crate) certificate_part: bool,
    /// Changes the finished signature.
    pub(crate) change: fn(String) -> String,
}

impl std::fmt::Debug for Vsix<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vsix").finish_non_exhaustive()
    }
}

impl<'a> Vsix<'a> {
    pub(crate) fn by(signer: &'a Identity) -> Self {
        let manifest = "<PackageManifest xmlns=\"http://schemas.microsoft.com/developer/vsx-schema/2011\"><Metadata>\
                        <Identity Id=\"Example\" Version=\"1.0\" Publisher=\"Example\" /></Metadata></PackageManifest>";
        Self {
            signer,
            signed: vec![
                ("extension.vsixmanifest", "text/xml", manifest.into()),
                (
                    "Example.dll",
                    "application/octet-stream",
                    b"MZ an extension".to_vec(),
                ),
                ("read me.txt", "text/plain", b"hello".to_vec()),
            ],
            added: Vec::new(),
            deflate: true,
            certificate_part: false,
            change: |signature| signature,
        }
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let mut members: Vec<(String, Vec<u8>)> =
            vec![("[Content_Types].xml".into(), content_types().into())];
        members.extend(
            self.signed
                .iter()
                .map(|(name, _, content)| ((*name).to_owned(), content.clone())),
        );
        let mut add =
            |name: &str, content: String| members.push((name.to_owned(), content.into_bytes()));
        add(
            "_rels/.rels",
            relationships(&[
                ("R1", "origin", &format!("/{ORIGIN}")),
                ("R0", "x", "/extension.vsixmanifest"),
            ]),
        );
        add(ORIGIN, String::new());
        add(
            "package/services/digital-signature/_rels/origin.psdor.rels",
            relationships(&[("S1", "signature", "xml-signature/example.psdsxs")]),
        );
        add(SIGNATURE_PART, (self.change)(self.signature()));
        if self.certificate_part {
            add(
                "package/services/digital-signature/xml-signature/_rels/example.psdsxs.rels",
                relationships(&[
                    ("C1", "certificate", "../certificate/c.cer"),
                    ("C2", "certificate", "../certificate/ca.cer"),
                ]),
            );
            let folder = "package/services/digital-signature/certificate";
            members.push((format!("{folder}/c.cer"), self.signer.certificate.clone()));
            members.push((format!("{folder}/ca.cer"), PKI.ca.certificate.clone()));
        }
        members.extend(
            self.added
                .iter()
                .map(|(name, content)| ((*name).to_owned(), content.clone())),
        );
        zip::archive(&members, self.deflate)
    }

    fn signature(&self) -> String {
        let digest = DigestAlgorithm::Sha256;
        let standard = |text: String| {
            text.replace(
                &format!("{DSIG}sha256"),
                "http://www.w3.org/2001/04/xmlenc#sha256",
            )
        };
        let mut references: String = self
            .signed
            .iter()
            .map(|(name, content_type, content)| {
                let uri = format!("/{}?ContentType={content_type}", name.replace(' ', "%20"));
                standard(reference(&uri, "", &hash(digest, content).unwrap(), digest))
            })
            .collect();
        // Only R0 is signed: the relationship to the signature is made by signing.
        let selected = format!(
            "<Relationships xmlns=\"{RELATIONSHIPS}\"><Relationship Id=\"R0\" Target=\"/extension.vsixmanifest\" TargetMode=\"Internal\" \
             Type=\"{}\"></Relationship></Relationships>",
            relationship_type("x")
        );
        references += &standard(reference(
            "/_rels/.rels?ContentType=application/vnd.openxmlformats-package.relationships+xml",
            &format!(
                "<Transforms><Transform Algorithm=\"http://schemas.openxmlformats.org/package/2006/RelationshipTransform\">\
                 <mdssi:RelationshipReference xmlns:mdssi=\"{OPC}\" SourceId=\"R0\" /></Transform>\
                 <Transform Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\" /></Transforms>"
            ),
            &hash(digest, selected.as_bytes()).unwrap(),
            digest,
        ));
        let object = format!(
            "<Object Id=\"idPackageObject\"><Manifest>{references}</Manifest><SignatureProperties><SignatureProperty Id=\"idSignatureTime\" Target=\"\">\
             <SignatureTime xmlns=\"{OPC}\"><Format>YYYY-MM-DDThh:mm:ssTZD</Format><Value>2025-01-01T00:00:00Z</Value></SignatureTime>\
             </SignatureProperty></SignatureProperties></Object>"
        );
        // As it stands in the signature, so with its default namespace.
        let surrounded = document(&format!("<Signature xmlns=\"{DSIG}\">{object}</Signature>"));
        let element = surrounded.children(surrounded.root()).next();
        let form = surrounded
            .canonical_octets(
                Subset {
                    element,
                    without: None,
                },
                &Method::INCLUSIVE,
            )
            .unwrap();
        let own = [standard(reference(
            "#idPackageObject",
            "",
            &hash(digest, &form).unwrap(),
            digest,
        ))];
        let key_info = if self.certificate_part {
            String::new()
        } else {
            x509_data(&[&self.signer.certificate, &PKI.ca.certificate])
        };
        let plain = package_signature(self.signer, &own, &key_info, &object);
        let token = base64(&cms::timestamp(&PKI.tsa, &value_of(&plain), STAMPED));
        plain.replace(
            "</Signature>",
            &format!("<Object><TimeStamp xmlns=\"{OPC}\" Id=\"t\"><Comment /><EncodedTime>{token}</EncodedTime></TimeStamp></Object></Signature>"),
        )
    }
}

fn relationship_type(kind: &str) -> String {
    match kind {
        "x" => "http://schemas.microsoft.com/developer/vsx-schema/2011/manifest".into(),
        kind => format!("{RELATIONSHIPS}/digital-signature/{kind}"),
    }
}

fn relationships(all: &[(&str, &str, &str)]) -> String {
    let each: String = all
        .iter()
        .map(|(id, kind, target)| {
            format!(
                "<Relationship Type=\"{}\" Id=\"{id}\" Target=\"{target}\"/>\r\n",
                relationship_type(kind)
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><Relationships xmlns=\"{RELATIONSHIPS}\">{each}</Relationships>"
    )
}

fn content_types() -> String {
    let of_extension: String = [
        ("vsixmanifest", "text/xml"),
        ("dll", "application/octet-stream"),
        ("txt", "text/plain"),
        (
            "rels",
            "application/vnd.openxmlformats-package.relationships+xml",
        ),
        (
            "psdor",
            "application/vnd.openxmlformats-package.digital-signature-origin",
        ),
        (
            "psdsxs",
            "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml",
        ),
        (
            "cer",
            "application/vnd.openxmlformats-package.digital-signature-certificate",
        ),
    ]
    .iter()
    .map(|(extension, kind)| {
        format!("<Default Extension=\"{extension}\" ContentType=\"{kind}\" />")
    })
    .collect();
    format!(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">{of_extension}</Types>"
    )
}
