//! Restricted-party lists as data: what an adapter makes of a published file, whatever its form.
//!
//! Names and numbers are kept as the list writes them; folding is the matcher's. Words follow FollowTheMoney where it has one.

use time::Date;

/// What kind of subject an entry names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListedKind {
    /// A company, body or group.
    Organization,
    /// A natural person; compared only where the user asks.
    Person,
    /// A ship.
    Vessel,
    /// An aircraft.
    Aircraft,
    /// The list does not say.
    Unknown,
}

/// How a list calls a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// The entry's own name.
    Primary,
    /// Also known as.
    Alias,
    /// Formerly known as.
    Former,
    /// An alias that the list itself calls weak or low quality.
    Weak,
}

/// One name of an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedName {
    /// As the list writes it, in its own script; hostile text.
    pub text: String,
    /// How the list calls it.
    pub kind: NameKind,
}

/// A number that identifies an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedNumber {
    /// In the words of `model::party::Identifier::scheme`: `inn`, `ogrn`, `lei`, `registration-number`, `imo` …; `other` where the list's
    /// word is none of ours.
    pub scheme: String,
    /// The list's own word: `Tax ID No.`.
    pub label: String,
    /// The number as the list writes it.
    pub value: String,
    /// ISO 3166-1 code of the register's country, where the list gives one.
    pub country: Option<String>,
}

/// One entry of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEntry {
    /// Which list: `us-ofac-sdn`. Lists that carry others (the Consolidated Screening List) give the inner list's id.
    pub list: String,
    /// The list's own id of the entry: `31455`.
    pub id: String,
    /// What it names.
    pub kind: ListedKind,
    /// Its names, the primary one first.
    pub names: Vec<ListedName>,
    /// ISO 3166-1 codes of addresses, nationalities and registration.
    pub countries: Vec<String>,
    /// Its numbers.
    pub numbers: Vec<ListedNumber>,
    /// Listed from.
    pub from: Option<Date>,
    /// Listed until, exclusive.
    pub until: Option<Date>,
    /// Programmes or legal bases in the list's words: `RUSSIA-EO14024`.
    pub programmes: Vec<String>,
    /// Remarks in the list's words.
    pub remarks: String,
    /// Where the entry can be read.
    pub citation: String,
    /// SHA-256 of the record's bytes in the file.
    pub raw_sha256: [u8; 32],
}
