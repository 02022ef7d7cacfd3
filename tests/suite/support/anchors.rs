//! Anchors of a test's own, and the plumbing around a path query.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use bonafide::base::time::Time;
use bonafide::model::certificate::{Certificate, CertificateId, Name, SharedCertificate};
use bonafide::verify::certificate;
use bonafide::verify::path::{
    self, Anchor, Anchors, Cache, Issuers, Judged, Purpose, Query, Refusal, Rules,
};
use bonafide::verify::profile::Profile;
use bonafide::verify::revocation::RevocationEvidence;

/// Anchors that admit everything.
pub(crate) struct Pinned(pub(crate) Vec<SharedCertificate>);

impl Pinned {
    fn anchor(certificate: &SharedCertificate) -> Anchor {
        Anchor {
            certificate: Arc::clone(certificate),
            programme: "user",
        }
    }
}

impl Anchors for Pinned {
    fn issued_by(&self, issuer: &Name) -> Vec<Anchor> {
        self.0
            .iter()
            .filter(|c| path::same_name(&c.subject, issuer))
            .map(Self::anchor)
            .collect()
    }

    fn get(&self, id: &CertificateId) -> Option<Anchor> {
        self.0.iter().find(|c| c.id == *id).map(Self::anchor)
    }

    fn admits(
        &self,
        _: &Anchor,
        _: &Certificate,
        _: Purpose,
        _: Time,
        _: bool,
    ) -> Result<(), Refusal> {
        Ok(())
    }

    fn disallowed(&self, _: &Certificate) -> Option<String> {
        None
    }
}

/// No bundled issuers.
pub(crate) struct Nobody;

impl Issuers for Nobody {
    fn issued_by(&self, _: &Name) -> Vec<SharedCertificate> {
        Vec::new()
    }
}

/// One question of a suite.
pub(crate) struct Question {
    pub(crate) leaf: SharedCertificate,
    pub(crate) supplied: Vec<SharedCertificate>,
    pub(crate) anchors: Vec<SharedCertificate>,
    pub(crate) purpose: Purpose,
    pub(crate) at: Time,
    pub(crate) attested: bool,
    pub(crate) now: Time,
    pub(crate) crls: Vec<Vec<u8>>,
}

impl Question {
    pub(crate) fn judge(&self, rules: &Rules) -> Judged {
        let evidence = RevocationEvidence {
            crls: self.crls.clone(),
            ocsp: Vec::new(),
        };
        path::judge_under(
            &Query {
                leaf: &self.leaf,
                supplied: &self.supplied,
                issuers: &Nobody,
                anchors: &Pinned(self.anchors.clone()),
                purpose: self.purpose,
                at: self.at,
                attested: self.attested,
                now: self.now,
                profile: Profile::Windows,
                revocation: &evidence,
                cache: &Cache::default(),
            },
            rules,
        )
    }
}

/// The certificate in a PEM text.
pub(crate) fn certificate(pem: &str) -> Result<SharedCertificate, certificate::Error> {
    certificate::read(&der(pem)).map(Arc::new)
}

/// The first block of a PEM text.
pub(crate) fn der(pem: &str) -> Vec<u8> {
    x509_parser::pem::parse_x509_pem(pem.as_bytes())
        .unwrap()
        .1
        .contents
}

/// Unpacks a compressed archive; false where zstd or tar is not at hand.
pub(crate) fn unpack(archive: &Path, into: &Path) -> bool {
    let zstd = Command::new("zstd")
        .args(["-dcq", "--long=27"])
        .arg(archive)
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut zstd) = zstd else {
        println!("skipped: zstd is not at hand");
        return false;
    };
    let tar = Command::new("tar")
        .args(["-x", "-C"])
        .arg(into)
        .stdin(zstd.stdout.take().unwrap())
        .status();
    let unpacked = tar.is_ok_and(|s| s.success()) && zstd.wait().is_ok_and(|s| s.success());
    if !unpacked {
        println!("skipped: {} cannot be unpacked", archive.display());
    }
    unpacked
}
