//! What the content of a signature states of the thing that was signed: a digest, and of which kind of thing.
//!
//! A new kind of content is one reader and one row of [`READERS`].

use crate::base::der::tag;
use crate::base::oid::Oid;
use crate::envelope::Error;
use crate::envelope::cms::{ctl, nuget, spc};
use crate::model::cms::{AlgorithmIdentifier, PageHashes, SignedData};
use crate::model::extract::ContentRule;
use crate::verify::catalog;
use crate::verify::signer::algorithm::is;

/// The digest that was signed.
#[derive(Debug, Clone)]
pub(super) struct Stated {
    /// The kind of thing, where the content names one.
    pub(super) data_type: Option<Oid>,
    /// The subject interface package that made the digest, where the content names one.
    pub(super) sip: Option<[u8; 16]>,
    /// Its algorithm.
    pub(super) digest_algorithm: AlgorithmIdentifier,
    /// Its value.
    pub(super) digest: Vec<u8>,
    /// Page hashes beside it.
    pub(super) page_hashes: Option<PageHashes>,
}

type Read = fn(&SignedData) -> Result<Stated, Error>;

/// eContentType and the reader of its content.
static READERS: &[(&str, Read)] = &[(spc::INDIRECT_DATA, indirect), (nuget::DATA, package)];

/// What `signed` states, where its content is of the type that `rule` asks for and states anything.
pub(super) fn stated(rule: &ContentRule, signed: &SignedData) -> Option<Result<Stated, Error>> {
    let (_, read) = READERS
        .iter()
        .find(|(dotted, _)| *dotted == rule.content_type && is(&signed.content_type, dotted))?;
    Some(read(signed))
}

type Listing = fn(&SignedData) -> Result<String, Error>;

/// eContentType of content that says nothing of any one file, and the reader that says in words what it lists.
static LISTINGS: &[(&str, Listing)] = &[(ctl::CERTIFICATE_TRUST_LIST, catalog::listing)];

/// What `signed` lists, where its content is a list.
pub(super) fn listed(signed: &SignedData) -> Option<Result<String, Error>> {
    let (_, listing) = LISTINGS
        .iter()
        .find(|(dotted, _)| is(&signed.content_type, dotted))?;
    Some(listing(signed))
}

fn indirect(signed: &SignedData) -> Result<Stated, Error> {
    if signed.content_tag != tag::SEQUENCE {
        return Err(Error::Content {
            expected: "SpcIndirectDataContent",
            offset: signed.content_offset,
        });
    }
    let content = spc::indirect_data(&signed.content, signed.content_offset)?;
    Ok(Stated {
        data_type: Some(content.data_type),
        sip: content.sip,
        digest_algorithm: content.digest_algorithm,
        digest: content.digest,
        page_hashes: content.page_hashes,
    })
}

fn package(signed: &SignedData) -> Result<Stated, Error> {
    let manifest = nuget::manifest(&signed.content, signed.content_offset)?;
    Ok(Stated {
        data_type: None,
        sip: None,
        digest_algorithm: AlgorithmIdentifier {
            oid: manifest.algorithm,
            parameters: None,
        },
        digest: manifest.digest,
        page_hashes: None,
    })
}
