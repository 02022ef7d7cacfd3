//! `AppxBlockMap.xml`: the name and size of each part, and the digest of every 64 KiB of it.

use crate::base::xml::{self, Document, NodeId};
use crate::model::digest::DigestAlgorithm;

const NAMESPACE: &str = "http://schemas.microsoft.com/appx/2010/blockmap";

/// The block map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BlockMap {
    pub(super) algorithm: DigestAlgorithm,
    pub(super) files: Vec<File>,
}

/// One part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// Name with backslashes, as written.
    pub(super) name: String,
    /// Size when decoded.
    pub(super) size: u64,
    /// Length of the local header in the zip.
    pub(super) header_len: u64,
    pub(super) blocks: Vec<Block>,
}

/// 64 KiB of a part, fewer in the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// Digest, in base64.
    pub(super) hash: String,
    /// Size as it stands in the zip, where the part is compressed.
    pub(super) size: Option<u64>,
}

/// Reads it, or says which rule it breaks.
pub(super) fn parse(bytes: &[u8]) -> Result<BlockMap, String> {
    let document = xml::parse(bytes).map_err(|e| e.to_string())?;
    let root = document.root();
    if !document.is(root, NAMESPACE, "BlockMap") {
        return Err("the document element is not BlockMap".into());
    }
    let method = document.attribute(root, "HashMethod").unwrap_or_default();
    let algorithm = match method {
        "http://www.w3.org/2001/04/xmlenc#sha256" => DigestAlgorithm::Sha256,
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => DigestAlgorithm::Sha384,
        "http://www.w3.org/2001/04/xmlenc#sha512" => DigestAlgorithm::Sha512,
        other => return Err(format!("HashMethod is `{other}`")),
    };
    let mut files = Vec::new();
    for child in own(&document, root, "File")? {
        files.push(file(&document, child)?);
    }
    Ok(BlockMap { algorithm, files })
}

fn file(document: &Document, node: NodeId) -> Result<File, String> {
    let attribute = |name| {
        document
            .attribute(node, name)
            .ok_or_else(|| format!("a File has no {name}"))
    };
    let mut blocks = Vec::new();
    for child in own(document, node, "Block")? {
        blocks.push(block(document, child)?);
    }
    Ok(File {
        name: attribute("Name")?.to_owned(),
        size: number(attribute("Size")?)?,
        header_len: number(attribute("LfhSize")?)?,
        blocks,
    })
}

fn block(document: &Document, node: NodeId) -> Result<Block, String> {
    let hash = document
        .attribute(node, "Hash")
        .ok_or("a Block has no Hash")?;
    let size = document.attribute(node, "Size").map(number).transpose()?;
    Ok(Block {
        hash: hash.to_owned(),
        size,
    })
}

/// Children of this name; nothing else of the vocabulary may stand among them, and other vocabularies are passed over.
fn own(document: &Document, node: NodeId, name: &str) -> Result<Vec<NodeId>, String> {
    let mut found = Vec::new();
    for child in document.children(node) {
        let Some(own) = document.name(child).filter(|n| n.namespace() == NAMESPACE) else {
            continue;
        };
        if own.local() != name {
            return Err(format!("{} stands where {name} belongs", own.local()));
        }
        found.push(child);
    }
    Ok(found)
}

fn number(text: &str) -> Result<u64, String> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|_| digits)
        .ok_or_else(|| format!("`{text}` is no size"))
}
