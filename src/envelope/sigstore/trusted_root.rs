//! A trusted root: the authorities and logs that a verifier believes, each for a time.

use serde::Deserialize;

use crate::base::time::{Time, parse_rfc3339};
use crate::envelope::sigstore::bundle::RawLogId;
use crate::envelope::sigstore::{Error, Octets, from_json};

/// Entries of one kind: the public instance has two of each.
const MAX_ENTRIES: usize = 256;
/// Certificates of one authority.
const MAX_CERTIFICATES: usize = 8;

/// From when to when, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first moment.
    pub start: Time,
    /// The last moment; open where absent.
    pub end: Option<Time>,
}

impl Window {
    /// Whether `at` is inside.
    pub fn contains(&self, at: Time) -> bool {
        self.start <= at && self.end.is_none_or(|end| at <= end)
    }
}

/// A log of entries or of certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Where it is served.
    pub base_url: String,
    /// Its key, as subjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// When its key is to be believed.
    pub valid: Window,
    /// How entries and timestamps name it.
    pub log_id: Vec<u8>,
}

/// An authority over certificates or timestamps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Where it is served.
    pub uri: String,
    /// Its chain in DER, from the one that issues (of a timestamp authority, that signs) to the root.
    pub chain: Vec<Vec<u8>>,
    /// When it is to be believed.
    pub valid: Window,
}

/// A trusted root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedRoot {
    /// Transparency logs.
    pub logs: Vec<Log>,
    /// Certificate authorities.
    pub certificate_authorities: Vec<Authority>,
    /// Certificate transparency logs.
    pub certificate_logs: Vec<Log>,
    /// Timestamp authorities.
    pub timestamp_authorities: Vec<Authority>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRoot {
    media_type: String,
    #[serde(default)]
    tlogs: Vec<RawLog>,
    #[serde(default)]
    certificate_authorities: Vec<RawAuthority>,
    #[serde(default)]
    ctlogs: Vec<RawLog>,
    #[serde(default)]
    timestamp_authorities: Vec<RawAuthority>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawLog {
    #[serde(default)]
    base_url: String,
    public_key: RawKey,
    log_id: RawLogId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawKey {
    raw_bytes: Octets,
    valid_for: RawWindow,
}

#[derive(Deserialize)]
struct RawWindow {
    start: String,
    end: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAuthority {
    #[serde(default)]
    uri: String,
    cert_chain: RawChain,
    valid_for: RawWindow,
}

#[derive(Deserialize)]
struct RawChain {
    certificates: Vec<RawCertificate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawCertificate {
    raw_bytes: Octets,
}

impl TrustedRoot {
    /// Reads a trusted root.
    ///
    /// # Errors
    /// A version that is not read; an authority or log without its dates, which is not to be taken for one without limits.
    pub fn read(json: &[u8]) -> Result<Self, Error> {
        let raw: RawRoot = from_json(json)?;
        if !matches!(
            raw.media_type.as_str(),
            "application/vnd.dev.sigstore.trustedroot+json;version=0.1"
                | "application/vnd.dev.sigstore.trustedroot.v0.1+json"
                | "application/vnd.dev.sigstore.trustedroot.v0.2+json"
        ) {
            return Err(Error::Version(raw.media_type));
        }
        let lists = [
            raw.tlogs.len(),
            raw.ctlogs.len(),
            raw.certificate_authorities.len(),
            raw.timestamp_authorities.len(),
        ];
        if lists.into_iter().any(|len| len > MAX_ENTRIES) {
            return Err(Error::Form("more than 256 logs or authorities"));
        }
        let logs = |list: Vec<RawLog>| list.into_iter().map(log).collect::<Result<_, _>>();
        let authorities =
            |list: Vec<RawAuthority>| list.into_iter().map(authority).collect::<Result<_, _>>();
        Ok(Self {
            logs: logs(raw.tlogs)?,
            certificate_authorities: authorities(raw.certificate_authorities)?,
            certificate_logs: logs(raw.ctlogs)?,
            timestamp_authorities: authorities(raw.timestamp_authorities)?,
        })
    }
}

fn window(raw: &RawWindow) -> Result<Window, Error> {
    let time = |text: &str| parse_rfc3339(text).ok_or(Error::Form("a date that cannot be read"));
    Ok(Window {
        start: time(&raw.start)?,
        end: raw.end.as_deref().map(time).transpose()?,
    })
}

fn log(raw: RawLog) -> Result<Log, Error> {
    Ok(Log {
        base_url: raw.base_url,
        valid: window(&raw.public_key.valid_for)?,
        spki: raw.public_key.raw_bytes.0,
        log_id: raw.log_id.key_id.0,
    })
}

fn authority(raw: RawAuthority) -> Result<Authority, Error> {
    let chain: Vec<Vec<u8>> = raw
        .cert_chain
        .certificates
        .into_iter()
        .map(|c| c.raw_bytes.0)
        .collect();
    if chain.is_empty() || chain.len() > MAX_CERTIFICATES {
        return Err(Error::Form(
            "an authority without certificates, or with more than 8",
        ));
    }
    Ok(Authority {
        uri: raw.uri,
        chain,
        valid: window(&raw.valid_for)?,
    })
}
