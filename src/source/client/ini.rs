//! The two dialects of INI that pip and npm read.

/// Settings in order: section (lower case, empty before the first), key, value. A later one wins.
pub(super) fn read(text: &str, dialect: Dialect) -> Vec<(String, String, String)> {
    let mut section = String::new();
    let mut settings: Vec<(String, String, String)> = Vec::new();
    for line in text.trim_start_matches('\u{feff}').lines() {
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        let indented = line.starts_with([' ', '\t']);
        if let Some(name) = content.strip_prefix('[').and_then(|c| c.strip_suffix(']')) {
            section = name.trim().to_ascii_lowercase();
            continue;
        }
        match (dialect, indented, settings.last_mut()) {
            // A value goes on in lines that are indented (Python's configparser).
            (Dialect::Pip, true, Some((_, _, value))) => {
                value.push('\n');
                value.push_str(content);
            }
            _ => {
                let at = match dialect {
                    Dialect::Pip => content.find(['=', ':']),
                    Dialect::Npm => content.find('='),
                };
                let Some((key, value)) = at.and_then(|at| content.split_at_checked(at)) else {
                    continue;
                };
                let value = value.get(1..).unwrap_or_default().trim();
                settings.push((
                    section.clone(),
                    dialect.key(key.trim()),
                    dialect.value(value),
                ));
            }
        }
    }
    settings
}

/// Whose rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Python's configparser, with pip's spelling of keys.
    Pip,
    /// npm's `ini` package.
    Npm,
}

impl Dialect {
    fn key(self, key: &str) -> String {
        match self {
            Self::Pip => key
                .trim_start_matches("--")
                .to_ascii_lowercase()
                .replace('_', "-"),
            Self::Npm => unquoted(key).to_owned(),
        }
    }

    fn value(self, value: &str) -> String {
        match self {
            Self::Pip => value.to_owned(),
            Self::Npm => unquoted(value).to_owned(),
        }
    }
}

fn unquoted(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote)) {
            return inner;
        }
    }
    text
}
