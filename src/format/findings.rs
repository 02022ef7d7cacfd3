//! The findings that this room raises, and its reasons for calling a file malformed, format by format. Each has its long text in
//! `docs/findings/<id>.md`.

use crate::format::asar;
use crate::format::cab;
use crate::format::cfb;
use crate::format::codec;
use crate::format::compressed;
use crate::format::config;
use crate::format::cpio;
use crate::format::deb;
use crate::format::listing;
use crate::format::msi;
use crate::format::msix;
use crate::format::nuget;
use crate::format::office;
use crate::format::overlay;
use crate::format::pe;
use crate::format::rpm;
use crate::format::script;
use crate::format::sevenz;
use crate::format::tar;
use crate::format::updater;
use crate::format::xml;
use crate::format::zip;
use crate::model::finding::{Definition, Dimension, Severity};

/// All of them, a list a format; a test holds these lists against the documents and the code.
pub static ALL: &[&[&Definition]] = &[
    SHARED,
    cab::findings::ALL,
    script::findings::ALL,
    codec::findings::ALL,
    compressed::findings::ALL,
    listing::findings::ALL,
    overlay::findings::ALL,
    office::findings::ALL,
    nuget::findings::ALL,
    pe::findings::ALL,
    tar::findings::ALL,
    zip::findings::ALL,
    cfb::findings::ALL,
    msi::findings::ALL,
    msix::findings::ALL,
    sevenz::findings::ALL,
    cpio::findings::ALL,
    deb::findings::ALL,
    rpm::findings::ALL,
    asar::findings::ALL,
    config::findings::ALL,
    updater::findings::ALL,
    xml::ALL,
];

/// What more than one format raises.
pub static SHARED: &[&Definition] = &[
    &DATA_AFTER_CONTAINER,
    &POLYGLOT,
    &MEMBERS_NOT_EXAMINED,
    &MEMBER_CORRUPT,
    &DUPLICATE_MEMBER,
];

/// Unsigned data follows everything that belongs to the file.
pub static DATA_AFTER_CONTAINER: Definition = Definition {
    id: "data-after-container",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Unsigned data follows everything that belongs to the file",
    references: &["CVE-2020-1464"],
};

/// Unsigned data makes the file valid as another format.
pub static POLYGLOT: Definition = Definition {
    id: "polyglot",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Unsigned data makes the file valid as another format",
    references: &["CVE-2020-1599", "CVE-2020-1464"],
};

/// Something inside was not examined.
pub static MEMBERS_NOT_EXAMINED: Definition = Definition {
    id: "members-not-examined",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Something inside was not examined",
    references: &[],
};

/// A member cannot be decoded.
pub static MEMBER_CORRUPT: Definition = Definition {
    id: "member-corrupt",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "A member cannot be decoded",
    references: &[],
};

/// Two members of a container have one name.
pub static DUPLICATE_MEMBER: Definition = Definition {
    id: "duplicate-member",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Two members of a container have one name",
    references: &["CVE-2013-4787"],
};
