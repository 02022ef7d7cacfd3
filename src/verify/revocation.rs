//! Revocation: CRLs (RFC 5280 section 6.3) and OCSP answers (RFC 6960), judged; fetching is the shell's work.

/// CRLs and OCSP answers at hand, undecoded, from the envelope, a replayed bundle, a directory or the network.
#[derive(Debug, Clone, Default)]
pub struct RevocationEvidence {
    /// DER of each CRL.
    pub crls: Vec<Vec<u8>>,
    /// DER of each OCSP response.
    pub ocsp: Vec<Vec<u8>>,
}
