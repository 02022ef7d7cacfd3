//! The relationship transform (ISO/IEC 29500-2 section 10.5.4): some relationships of a `.rels` part, in an order and form of
//! their own.

use crate::base::xml::{Document, NodeId};

const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// The transformed part, in canonical form at once; `None` where the part holds no relationships.
pub(super) fn transformed(
    document: &Document,
    ids: &[String],
    types: &[String],
) -> Option<Vec<u8>> {
    let root = document.root();
    if !document.is(root, RELATIONSHIPS, "Relationships") {
        return None;
    }
    let named = |wanted: &[String], node: NodeId, attribute: &str| {
        let value = document.attribute(node, attribute);
        value.is_some_and(|v| wanted.iter().any(|w| w == v))
    };
    let mut selected: Vec<NodeId> = document
        .named(root, RELATIONSHIPS, "Relationship")
        .filter(|node| named(ids, *node, "Id") || named(types, *node, "Type"))
        .collect();
    selected.sort_by_key(|node| document.attribute(*node, "Id").unwrap_or_default());
    let mut out = format!("<Relationships xmlns=\"{RELATIONSHIPS}\">");
    for node in selected {
        out.push_str("<Relationship");
        for attribute in ["Id", "Target", "TargetMode", "Type"] {
            let default = (attribute == "TargetMode").then_some("Internal");
            if let Some(value) = document.attribute(node, attribute).or(default) {
                out.push_str(&format!(" {attribute}=\""));
                escape(value, &mut out);
                out.push('"');
            }
        }
        out.push_str("></Relationship>");
    }
    out.push_str("</Relationships>");
    Some(out.into_bytes())
}

/// As canonical XML does in attributes (section 2.3).
fn escape(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#x9;"),
            '\n' => out.push_str("&#xA;"),
            '\r' => out.push_str("&#xD;"),
            _ => out.push(c),
        }
    }
}
