//! What is inside a container, and how it comes out: listed first, decoded on demand, never written anywhere by a format.

use std::fmt;
use std::io::Read;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::Error;
use crate::model::extract::Span;
use crate::model::finding::Finding;

/// The members of one container. Made by [`Format::open`](crate::format::Format::open), used by the pipeline.
///
/// Members that must be decoded together and in order (a solid block, a cabinet's folder) form one *block*; blocks are
/// independent of each other and may be decoded on different threads.
pub trait Inside: Send + Sync + fmt::Debug {
    /// Every member in the container's order, whatever its kind.
    fn entries(&self) -> &[Entry];

    /// How many blocks there are. A block may hold any number of members, and each member with [`Content::Coded`] stands in
    /// exactly one.
    fn blocks(&self) -> usize;

    /// Decodes one block and hands its members to `out`, in order; members that `out` does not want are passed over.
    ///
    /// # Errors
    /// Where the block breaks the rules of its coding or the container, or a limit is reached. Members handed out before stay
    /// good; the rest of the block counts as not examined.
    fn decode(
        &self,
        blob: &dyn ReadAt,
        block: usize,
        budget: &Budget<'_>,
        out: &mut dyn Out,
    ) -> Result<(), Error>;

    /// What listing the members brought to light: names that differ between two places, overlaps, duplicates.
    fn findings(&self) -> &[Finding] {
        &[]
    }
}

/// Takes decoded members.
pub trait Out {
    /// Whether the member of this index is wanted at all; a decoder that can skip it cheaply does.
    fn wants(&self, index: usize) -> bool;

    /// Takes the member of this index. `content` ends where the member ends and checks what the container states of it
    /// (length, CRC): its last read fails where that does not hold.
    ///
    /// # Errors
    /// What reading `content` gave, or a limit; the decoder stops the block with it.
    fn member(&mut self, index: usize, content: &mut dyn Read) -> Result<(), Error>;
}

/// One member, as its container lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path inside the container with `/` between parts, as decoded; hostile text, never used as a path on disk. Empty where the
    /// container holds one thing and does not name it: then it is called after the container.
    pub path: String,
    /// Size in bytes when decoded, as stated; `None` where the container does not say.
    pub size: Option<u64>,
    /// What kind of member it is.
    pub kind: Kind,
    /// Where its bytes are.
    pub content: Content,
}

/// Kinds of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A link or a device: it has no content of its own.
    Special,
}

/// Where the bytes of a member are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// They stand in the container as they are.
    Stored(Span),
    /// They come out of decoding.
    Coded,
    /// They cannot be had, and why, in a few words for the list of what was not examined: `encrypted`, `method 98 (PPMd)`.
    Unreadable(String),
}
