//! The package's own tables (ISO/IEC 29500-2): content types, relationships, and the signatures they lead to.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Exceeded};
use crate::base::xml::{self, Document};
use crate::format::Error;
use crate::format::zip::read_entry;
use crate::format::zip::records::{Layout, Record};
use crate::model::digest::DigestAlgorithm;
use crate::model::extract::Span;
use crate::model::xmldsig::digest_method;

/// Name of the list of content types, which is no part.
pub(super) const CONTENT_TYPES: &str = "[Content_Types].xml";
/// Signatures of one package; one is the most seen.
pub(super) const MAX_SIGNATURES: u64 = 8;
/// Longest list or signature; a signature takes 300 bytes a part.
pub(super) const MAX_DOCUMENT: u64 = 16 << 20;
/// Certificate parts of one signature.
const MAX_CERTIFICATES: usize = 64;
/// Signature relationships of one kind from one part.
const MAX_RELATED: usize = 64;

const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// What relationship types of signatures start with.
const SIGNATURE: &str =
    "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/";

/// What a package says of its parts and signatures.
#[derive(Debug, Default)]
pub(super) struct Package {
    /// Content types by part name, lower case.
    overrides: BTreeMap<String, String>,
    /// Content types by extension, lower case.
    defaults: BTreeMap<String, String>,
    pub(super) signatures: Vec<Signature>,
    /// Names, lower case, of the parts that make up the signatures.
    pub(super) infrastructure: BTreeSet<String>,
    /// Digest algorithms that the signatures name.
    pub(super) algorithms: BTreeSet<DigestAlgorithm>,
}

/// A signature part.
#[derive(Debug)]
pub(super) struct Signature {
    pub(super) bytes: Vec<u8>,
    /// Where its entry's data stand in the file.
    pub(super) span: Span,
    pub(super) certificates: Vec<Vec<u8>>,
}

impl Package {
    pub(super) fn read(
        blob: &dyn ReadAt,
        layout: &Layout,
        budget: &Budget<'_>,
    ) -> Result<Self, Error> {
        let source = Source {
            blob,
            layout,
            budget,
        };
        let mut package = Self::default();
        if let Some(document) = source.document(CONTENT_TYPES)? {
            package.content_types(&document);
        }
        for origin in source.related("/", "origin")? {
            package.belongs(&origin);
            for name in source.related(&origin, "signature")? {
                package.belongs(&name);
                package.signature(&source, &name)?;
            }
        }
        Ok(package)
    }

    /// The content type of a part (section 6.2.3.4): its own, else that of its extension.
    pub(super) fn content_type(&self, name: &str) -> Option<&str> {
        let name = name.to_ascii_lowercase();
        let own = self.overrides.get(&name);
        let of_extension = || {
            let file = name.rsplit('/').next()?;
            self.defaults.get(file.rsplit_once('.')?.1)
        };
        own.or_else(of_extension).map(String::as_str)
    }

    fn content_types(&mut self, document: &Document) {
        let root = document.root();
        let pairs = |local: &'static str, key: &'static str| {
            document.named(root, TYPES, local).filter_map(move |node| {
                let key = document.attribute(node, key)?.to_ascii_lowercase();
                Some((key, document.attribute(node, "ContentType")?.to_owned()))
            })
        };
        self.overrides.extend(pairs("Override", "PartName"));
        self.defaults.extend(pairs("Default", "Extension"));
    }

    fn belongs(&mut self, part: &str) {
        self.infrastructure.insert(part.to_ascii_lowercase());
        self.infrastructure
            .insert(relationships_of(part).to_ascii_lowercase());
    }

    fn signature(&mut self, source: &Source<'_>, name: &str) -> Result<(), Error> {
        let limit = usize::try_from(MAX_SIGNATURES).unwrap_or(usize::MAX);
        if self.signatures.len() >= limit {
            return Err(Error::Limit(Exceeded::Count {
                what: "signatures",
                limit,
            }));
        }
        let Some(record) = source.record(name) else {
            return Ok(());
        };
        let bytes = source.bytes(record)?;
        // A signature that cannot be read is judged as such; here only its algorithms are wanted.
        if let Ok(document) = xml::parse(&bytes) {
            let methods = document
                .elements(document.root())
                .filter(|node| document.is(*node, DSIG, "DigestMethod"))
                .filter_map(|node| digest_method(document.attribute(node, "Algorithm")?));
            self.algorithms.extend(methods);
        }
        let mut certificates = Vec::new();
        for part in source.related(name, "certificate")? {
            self.belongs(&part);
            if certificates.len() >= MAX_CERTIFICATES {
                return Err(Error::Limit(Exceeded::Count {
                    what: "certificate parts",
                    limit: MAX_CERTIFICATES,
                }));
            }
            if let Some(record) = source.record(&part) {
                certificates.push(source.bytes(record)?);
            }
        }
        self.signatures.push(Signature {
            bytes,
            span: record.local.as_ref().map_or(0..0, |l| l.data.clone()),
            certificates,
        });
        Ok(())
    }
}

struct Source<'a> {
    blob: &'a dyn ReadAt,
    layout: &'a Layout,
    budget: &'a Budget<'a>,
}

impl<'a> Source<'a> {
    /// The entry of a part; names are equal whatever their case.
    fn record(&self, name: &str) -> Option<&'a Record> {
        let name = name.strip_prefix('/').unwrap_or(name);
        self.layout
            .entries
            .iter()
            .find(|e| e.name.eq_ignore_ascii_case(name))
    }

    fn bytes(&self, record: &Record) -> Result<Vec<u8>, Error> {
        read_entry(self.blob, record, MAX_DOCUMENT, self.budget)
    }

    fn document(&self, name: &str) -> Result<Option<Document>, Error> {
        match self.record(name) {
            Some(record) => Ok(Some(xml::parse(&self.bytes(record)?)?)),
            None => Ok(None),
        }
    }

    /// Parts that a part, or the package, has a signature relationship of this kind to.
    fn related(&self, part: &str, kind: &str) -> Result<Vec<String>, Error> {
        let Some(document) = self.document(&relationships_of(part))? else {
            return Ok(Vec::new());
        };
        let root = document.root();
        let mut found = Vec::new();
        for node in document.named(root, RELATIONSHIPS, "Relationship") {
            let is_kind = document
                .attribute(node, "Type")
                .and_then(|t| t.strip_prefix(SIGNATURE))
                == Some(kind);
            let internal = document.attribute(node, "TargetMode") != Some("External");
            if let Some(target) = document.attribute(node, "Target")
                && is_kind
                && internal
            {
                let name = resolved(part, target);
                if found.contains(&name) {
                    continue;
                }
                if found.len() >= MAX_RELATED {
                    return Err(Error::Limit(Exceeded::Count {
                        what: "signature relationships",
                        limit: MAX_RELATED,
                    }));
                }
                found.push(name);
            }
        }
        Ok(found)
    }
}

/// The part that holds the relationships of a part, or of the package (section 6.5.2.3).
fn relationships_of(part: &str) -> String {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    format!("{folder}/_rels/{file}.rels")
}

/// A target against the part that names it (RFC 3986 section 5.2, paths alone).
fn resolved(part: &str, target: &str) -> String {
    let mut segments: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => {
            let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
            folder.split('/').filter(|s| !s.is_empty()).collect()
        }
    };
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    format!("/{}", segments.join("/"))
}

#[cfg(test)]
mod names {
    use super::{relationships_of, resolved};

    #[test]
    fn relationships_stand_beside_their_source_and_targets_never_leave_the_package() {
        assert_eq!(relationships_of("/"), "/_rels/.rels");
        assert_eq!(relationships_of("/a/b.psdor"), "/a/_rels/b.psdor.rels");
        assert_eq!(resolved("/", "a/b"), "/a/b");
        assert_eq!(resolved("/a/o.psdor", "./c/../d"), "/a/d");
        assert_eq!(resolved("/a/o.psdor", "../../../d"), "/d");
        assert_eq!(resolved("/a/o.psdor", "/x//y"), "/x/y");
    }
}
