//! Files signed by a catalog: one that the user gave, or one beside them in the same container.

use crate::model::signature::{Position, Signature};
use crate::pipeline::examine::{Contents, Examined, Node, Place};
use crate::verify::catalog::{self, Catalog};

/// A catalog with its judged signatures.
struct Signed {
    /// The container that it stands in; `None` for one that the user gave, which may sign anything.
    beside: Option<Place>,
    name: String,
    catalog: Catalog,
    signatures: Vec<Signature>,
}

/// All catalogs at hand for the files of one subject.
#[derive(Default)]
pub(super) struct Catalogs(Vec<Signed>);

impl Catalogs {
    /// Adds catalogs that the user gave, judged.
    pub(super) fn give(&mut self, given: &Examined, signatures: &[Vec<Signature>]) {
        for (node, signatures) in given.nodes().iter().zip(signatures) {
            self.add(node, None, signatures);
        }
    }

    /// Adds those among the members of the subject. A catalog that is the subject itself signs nothing here.
    pub(super) fn meet(&mut self, nodes: &[Node], signatures: &[Vec<Signature>]) {
        for (node, signatures) in nodes.iter().zip(signatures) {
            if let Some(container) = node.place.container() {
                self.add(node, Some(container), signatures);
            }
        }
    }

    fn add(&mut self, node: &Node, beside: Option<Place>, signatures: &[Signature]) {
        let Ok(contents) = &node.state else { return };
        let Some(catalog) = contents.extract.signatures.first().and_then(catalog::read) else {
            return;
        };
        let name = node.path.rsplit(['/', '\\']).next().unwrap_or_default();
        self.0.push(Signed {
            beside,
            name: name.to_owned(),
            catalog,
            signatures: signatures.to_vec(),
        });
    }

    /// The signatures of every catalog that lists the file, numbered after its own.
    pub(super) fn of(
        &self,
        place: &Place,
        contents: &Contents,
        own: &[Signature],
    ) -> Vec<Signature> {
        let Some(digests) = &contents.catalog_digests else {
            return Vec::new();
        };
        let container = place.container();
        let in_reach = self.0.iter().filter(|c| {
            let beside = c.beside.as_ref();
            beside.is_none_or(|beside| Some(beside) == container.as_ref())
        });
        let is_nested = |s: &&Signature| matches!(s.position, Position::Nested(_));
        let mut number = own.iter().filter(|s| !is_nested(s)).count();
        let mut signatures = Vec::new();
        for signed in in_reach {
            if let Some(found) = signed.catalog.find(digests) {
                number = number.saturating_add(1);
                signatures.extend(catalog::applied(
                    number,
                    &signed.name,
                    &signed.signatures,
                    &found,
                ));
            }
        }
        signatures
    }
}
