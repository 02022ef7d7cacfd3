//! Lists as `data/lists/*.toml` describes them: where each is published, in which form, under which licence, what is plausible.

use serde::Deserialize;

use crate::base::data::LISTS;

/// One list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Its id, which names the file: `us-ofac-sdn`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// The adapter that reads it.
    pub form: String,
    /// Its files, the one with the entries first. None where the licence leaves fetching to the user.
    #[serde(default, rename = "part")]
    pub parts: Vec<PartSpec>,
    /// Licence, or what is known of it.
    pub licence: String,
    /// Fewest entries that are plausible.
    pub least_entries: u64,
    /// Days after which it is stale.
    pub fresh_days: i64,
    /// The instrument that says what its entries mean, where its id is another: the same list in another form.
    #[serde(default)]
    pub instrument: Option<String>,
    /// What a reader must know.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The form was seen in a published file (`file`), or is taken from its documentation (`documentation`).
    pub seen: Seen,
}

/// How a form is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// A published file was read.
    File,
    /// From its documentation alone.
    Documentation,
}

/// One file of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartSpec {
    /// The adapter's word for it.
    pub name: String,
    /// Its canonical address.
    pub url: String,
}

impl Spec {
    /// Reads one.
    ///
    /// # Errors
    /// The message of the reader, with line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|e| e.to_string())
    }

    /// The one of this id.
    pub fn get(id: &str) -> Option<Self> {
        let text = crate::base::data::find(LISTS, id)?;
        Self::parse(text).ok()
    }

    /// All that ship, by id.
    pub fn all() -> impl Iterator<Item = Self> {
        LISTS.iter().filter_map(|(_, text)| Self::parse(text).ok())
    }
}
