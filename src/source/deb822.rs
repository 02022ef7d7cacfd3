//! Paragraphs of `Key: value`, the form of `Release`, `Packages` and `.sources` files (deb822(5)).

/// One paragraph.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paragraph<'t>(&'t str);

impl<'t> Paragraph<'t> {
    /// The value of the first field of this name, its continuation lines included.
    pub(super) fn get(&self, key: &str) -> Option<&'t str> {
        self.values(key).next()
    }

    /// Values of every field of this name; there should be one.
    pub(super) fn values(&self, key: &str) -> impl Iterator<Item = &'t str> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            while !rest.is_empty() {
                let (field, after) = field(rest);
                rest = after;
                if let Some((name, value)) = field.split_once(':')
                    && name.eq_ignore_ascii_case(key)
                {
                    return Some(value.trim());
                }
            }
            None
        })
    }
}

/// The first field with the lines that continue it, comments left where they are, and what follows.
fn field(text: &str) -> (&str, &str) {
    let mut end = 0usize;
    for (count, line) in text.split_inclusive('\n').enumerate() {
        if count > 0 && !line.starts_with([' ', '\t']) {
            break;
        }
        end = end.saturating_add(line.len());
    }
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Every paragraph, divided by lines with nothing on them.
pub(super) fn paragraphs(text: &str) -> impl Iterator<Item = Paragraph<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let mut end = 0usize;
            let mut next = rest.len();
            for line in rest.split_inclusive('\n') {
                let after = end.saturating_add(line.len());
                if line.trim().is_empty() {
                    next = after;
                    break;
                }
                end = after;
            }
            let paragraph = rest.get(..end).unwrap_or_default();
            rest = rest.get(next..).unwrap_or_default();
            if !paragraph.is_empty() {
                return Some(Paragraph(paragraph));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::paragraphs;

    #[test]
    fn fields_have_continuations_and_paragraphs_end_at_empty_lines() {
        let text = "\n\nA: 1\nB:\n x 1\n y 2\nb: again\n \nA: 2\r\nC: d:e\r\n";
        let all: Vec<_> = paragraphs(text).collect();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].get("a"), Some("1"));
        assert_eq!(
            all[0].values("B").collect::<Vec<_>>(),
            ["x 1\n y 2", "again"]
        );
        assert_eq!(all[1].get("C"), Some("d:e"));
        assert_eq!(all[1].get("B"), None);
        assert_eq!(paragraphs("").count(), 0);
    }
}
