//! The words of the schema: each closed set of the model as the strings that reports print.
//!
//! The sets are open for readers: a minor version may add a word.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::text::TextFault as ModelTextFault;
use crate::model::analysis::ErrorKind as ModelErrorKind;
use crate::model::claim::{Aspect as ModelAspect, Strength as ModelStrength};
use crate::model::endpoint::{
    Encoding as ModelEncoding, EndpointKind as ModelEndpointKind, Form as ModelForm,
    Noise as ModelNoise,
};
use crate::model::evidence::Source as ModelSource;
use crate::model::extract::Signing as ModelSigning;
use crate::model::finding::{
    Dimension as ModelDimension, Severity as ModelSeverity, Status as ModelStatus,
};
use crate::model::origin::Link as ModelLink;
use crate::model::party::{
    AppliesVia as ModelAppliesVia, InForce as ModelInForce, Role as ModelRole, Tier as ModelTier,
    Validation as ModelValidation,
};
use crate::model::signature::{
    Integrity as ModelIntegrity, Position as ModelPosition,
    RevocationStatus as ModelRevocationStatus, Timestamp, TimestampKind as ModelTimestampKind,
    TrustStatus as ModelTrustStatus,
};
use crate::model::updater::{Effect as ModelEffect, UpdaterKind as ModelUpdaterKind};
use crate::model::verdict::Decision as ModelDecision;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        #[expect(missing_docs, reason = "each word is documented at the model's enum of the same name")]
        pub enum $name {
            $(#[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every word, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as the report prints it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
    ($(#[$doc:meta])* $name:ident from $model:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        words! { $(#[$doc])* $name { $($variant = $word),+ } }

        impl From<$model> for $name {
            fn from(word: $model) -> Self {
                match word { $($model::$variant => Self::$variant),+ }
            }
        }
    };
}

words! {
    /// How far the report got.
    ReportStatus { Complete = "complete", Partial = "partial", Error = "error" }
}
words! {
    /// Class of a failure.
    ErrorKind from ModelErrorKind {
        Unreadable = "unreadable", Malformed = "malformed", Unsupported = "unsupported",
        Unavailable = "unavailable", Limit = "limit", Internal = "internal",
    }
}
words! {
    /// Whether files of a kind are signed by convention.
    Signing from ModelSigning { Expected = "expected", Optional = "optional", None = "none" }
}
words! {
    /// Place of an edge in the chain from a registry to a file.
    EdgeLink from ModelLink { Anchor = "anchor", Document = "document", File = "file" }
}
words! {
    /// Place of a signature among a file's signatures.
    Position {
        Primary = "primary", ExtraEntry = "extra-entry", Nested = "nested", Orphan = "orphan",
        Catalog = "catalog",
    }
}
words! {
    /// Do the bytes match what was signed, and is the signature over that true.
    Integrity { Valid = "valid", Invalid = "invalid", Unverifiable = "unverifiable" }
}
words! {
    /// Does the chain carry trust.
    TrustStatus from ModelTrustStatus {
        Trusted = "trusted", Untrusted = "untrusted", Expired = "expired", Revoked = "revoked",
        Distrusted = "distrusted", Unknown = "unknown", NotChecked = "not_checked",
    }
}
words! {
    /// State of a revocation question.
    RevocationStatus from ModelRevocationStatus {
        Good = "good", Revoked = "revoked", Unknown = "unknown", NotChecked = "not_checked",
    }
}
words! {
    /// Kind of a timestamp token.
    TimestampKind from ModelTimestampKind {
        Rfc3161 = "rfc3161", Authenticode = "authenticode", LegacyBareDigest = "legacy-bare-digest",
    }
}
words! {
    /// What a timestamp is worth: only `valid` may serve as time basis.
    TimestampStatus {
        Valid = "valid", Untrusted = "untrusted", Unverifiable = "unverifiable", Invalid = "invalid",
    }
}
words! {
    /// What a check came to, from best to worst.
    Status from ModelStatus { Pass = "pass", Unknown = "unknown", Review = "review", Fail = "fail" }
}
words! {
    /// How bad it is where it holds, whatever a policy makes of it.
    Severity from ModelSeverity {
        Info = "info", Low = "low", Medium = "medium", High = "high", Critical = "critical",
    }
}
words! {
    /// The independent dimensions of a report.
    Dimension from ModelDimension {
        Integrity = "integrity", Identity = "identity", Jurisdiction = "jurisdiction",
        Ownership = "ownership", Instruments = "instruments", Infrastructure = "infrastructure",
        Transparency = "transparency", Channel = "channel",
    }
}
words! {
    /// What to do with the subject.
    Decision from ModelDecision { Allow = "allow", Review = "review", Deny = "deny" }
}
words! {
    /// The part a party plays.
    Role from ModelRole {
        Signer = "signer", CoSigner = "co_signer", ClaimedSigner = "claimed_signer",
        CertificateAuthority = "certificate_authority", TimestampAuthority = "timestamp_authority",
        DeclaredVendor = "declared_vendor",
    }
}
words! {
    /// How far the certificate authority verified the subject.
    Validation from ModelValidation {
        Extended = "extended", Organization = "organization", Individual = "individual",
        Platform = "platform", Unknown = "unknown",
    }
}
words! {
    /// How surely two names or records are one entity.
    Tier from ModelTier { Review = "review", Group = "group", Same = "same" }
}
words! {
    /// How an instrument reaches a party.
    AppliesVia { Direct = "direct", Affiliate = "affiliate", None = "none" }
}
words! {
    /// Whether an instrument is in force at the judgement time.
    InForce { Yes = "yes", No = "no", Unknown = "unknown" }
}
words! {
    /// What a claim is about.
    Aspect from ModelAspect {
        Incorporation = "incorporation", PlaceOfBusiness = "place_of_business", Owner = "owner",
        Controller = "controller", PkiOperator = "pki_operator", TsaOperator = "tsa_operator",
        NetworkHolder = "network_holder", NetworkLocation = "network_location",
        DomainRegistry = "domain_registry", Registrar = "registrar", HostingOperator = "hosting_operator",
        Listing = "listing", VendorStatement = "vendor_statement",
    }
}
words! {
    /// How sure a claim is.
    Strength from ModelStrength { Low = "low", Medium = "medium", High = "high" }
}
words! {
    /// Where a fact comes from.
    Source from ModelSource {
        Signed = "signed", Embedded = "embedded", Network = "network", Bundled = "bundled",
        User = "user", Derived = "derived",
    }
}

words! {
    /// What is wrong with or hostile about a string.
    TextFault from ModelTextFault {
        BadEncoding = "bad-encoding", Control = "control", Nul = "nul", Bidi = "bidi",
        Invisible = "invisible", Markup = "markup", Formula = "formula", TooLong = "too-long",
    }
}

words! {
    /// What the name of a host is.
    HostForm { Name = "name", Address = "address", Template = "template" }
}
words! {
    /// How an address is written: with a scheme, or a host name alone.
    AddressForm from ModelForm { Url = "url", Host = "host" }
}
words! {
    /// How characters are stored.
    StringEncoding from ModelEncoding { Utf8 = "utf-8", Utf16Le = "utf-16le" }
}
words! {
    /// What an address seems to be for, those that matter most first.
    EndpointKind from ModelEndpointKind {
        Update = "update", Download = "download", Api = "api", Telemetry = "telemetry",
        Unknown = "unknown", Web = "web",
    }
}
words! {
    /// Why an address is most likely never contacted as a service of the product.
    Noise from ModelNoise {
        Schema = "schema", CertificateService = "certificate-service",
        Documentation = "documentation", Example = "example", Licence = "licence", Local = "local",
    }
}
words! {
    /// Whose configuration it is.
    UpdaterKind from ModelUpdaterKind {
        Electron = "electron", WinGup = "wingup", Squirrel = "squirrel", Velopack = "velopack",
        ClickOnce = "clickonce", AppInstaller = "appinstaller", Sparkle = "sparkle",
        WinSparkle = "winsparkle", Tauri = "tauri", Omaha = "omaha", Apt = "apt", Yum = "yum",
        BrowserExtension = "browser-extension",
    }
}
words! {
    /// What a setting of an updater does.
    UpdaterEffect from ModelEffect {
        AcceptsUnsigned = "accepts-unsigned", UnsignedIndex = "unsigned-index",
        WeakDigest = "weak-digest", IgnoresFreshness = "ignores-freshness",
        AllowsDowngrade = "allows-downgrade", PlainTransport = "plain-transport",
        GivesUpChecking = "gives-up-checking", Stricter = "stricter",
    }
}

impl From<&ModelIntegrity> for Integrity {
    fn from(integrity: &ModelIntegrity) -> Self {
        match integrity {
            ModelIntegrity::Valid => Self::Valid,
            ModelIntegrity::Invalid(_) => Self::Invalid,
            ModelIntegrity::Unverifiable(_) => Self::Unverifiable,
        }
    }
}

impl From<&ModelPosition> for Position {
    fn from(position: &ModelPosition) -> Self {
        match position {
            ModelPosition::Primary => Self::Primary,
            ModelPosition::ExtraEntry(_) => Self::ExtraEntry,
            ModelPosition::Nested(_) => Self::Nested,
            ModelPosition::Orphan => Self::Orphan,
            ModelPosition::Catalog(_) => Self::Catalog,
        }
    }
}

impl From<&Timestamp> for TimestampStatus {
    fn from(timestamp: &Timestamp) -> Self {
        match (&timestamp.integrity, timestamp.usable) {
            (ModelIntegrity::Invalid(_), _) => Self::Invalid,
            (ModelIntegrity::Unverifiable(_), _) => Self::Unverifiable,
            (ModelIntegrity::Valid, false) => Self::Untrusted,
            (ModelIntegrity::Valid, true) => Self::Valid,
        }
    }
}

impl From<&ModelAppliesVia> for AppliesVia {
    fn from(via: &ModelAppliesVia) -> Self {
        match via {
            ModelAppliesVia::Direct => Self::Direct,
            ModelAppliesVia::Affiliate(_) => Self::Affiliate,
            ModelAppliesVia::None => Self::None,
        }
    }
}

impl From<&ModelInForce> for InForce {
    fn from(in_force: &ModelInForce) -> Self {
        match in_force {
            ModelInForce::Yes => Self::Yes,
            ModelInForce::No(_) => Self::No,
            ModelInForce::Unknown(_) => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_the_one_the_model_names() {
        for d in ModelDimension::ALL {
            assert_eq!(Dimension::from(d).name(), d.name());
        }
        for s in [
            ModelStatus::Pass,
            ModelStatus::Unknown,
            ModelStatus::Review,
            ModelStatus::Fail,
        ] {
            assert_eq!(Status::from(s).name(), s.name());
        }
        for t in [
            ModelTrustStatus::Trusted,
            ModelTrustStatus::NotChecked,
            ModelTrustStatus::Distrusted,
        ] {
            assert_eq!(TrustStatus::from(t).name(), t.name());
        }
        for k in [
            ModelTimestampKind::Rfc3161,
            ModelTimestampKind::Authenticode,
            ModelTimestampKind::LegacyBareDigest,
        ] {
            assert_eq!(TimestampKind::from(k).name(), k.name());
        }
        for a in [
            ModelAspect::Incorporation,
            ModelAspect::PkiOperator,
            ModelAspect::VendorStatement,
        ] {
            assert_eq!(Aspect::from(a).name(), a.name());
        }
        for r in [
            ModelRole::Signer,
            ModelRole::CoSigner,
            ModelRole::ClaimedSigner,
            ModelRole::CertificateAuthority,
            ModelRole::TimestampAuthority,
            ModelRole::DeclaredVendor,
        ] {
            assert_eq!(Role::from(r).name(), r.name());
        }
    }

    #[test]
    fn a_word_serialises_as_its_name() {
        for word in Aspect::ALL {
            let json = serde_json::to_string(word).unwrap();
            assert_eq!(json, format!("\"{}\"", word.name()));
        }
        assert_eq!(
            serde_json::to_string(&TrustStatus::NotChecked).unwrap(),
            "\"not_checked\""
        );
    }
}
