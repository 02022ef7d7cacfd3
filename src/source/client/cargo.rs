//! cargo's configuration: `.cargo/config.toml` from here upwards, then that of `$CARGO_HOME`; variables before both (The Cargo
//! Book, "Configuration" and "Source Replacement").

use std::path::{Path, PathBuf};

use super::{Configured, Environment, Error, text};
use crate::source::http::Credential;

/// The name that cargo gives to its default source.
const DEFAULT_SOURCE: &str = "crates-io";
/// Longest chain of replacements followed; cargo itself refuses loops.
const MAX_REPLACEMENTS: usize = 8;
/// Directories looked at upwards.
const MAX_UP: usize = 64;

/// A configuration file, read.
struct Layer {
    path: PathBuf,
    table: toml::Table,
}

/// The sparse index that cargo would ask.
///
/// # Errors
/// Where none is named, or one that cannot be used.
pub fn index(env: &Environment) -> Result<Configured, Error> {
    let layers = layers(env)?;
    let chosen = env
        .var("CARGO_REGISTRY_DEFAULT")
        .map(|name| (name.to_owned(), "CARGO_REGISTRY_DEFAULT".to_owned()))
        .or_else(|| get(&layers, &["registry", "default"]));
    if let Some((name, by)) = chosen.filter(|(name, _)| name != DEFAULT_SOURCE) {
        return named(&name, &layers, env).unwrap_or_else(|| {
            Err(Error::Unusable {
                by,
                why: format!("no index is named for `{name}`"),
            })
        });
    }
    let mut source = DEFAULT_SOURCE.to_owned();
    for _ in 0..MAX_REPLACEMENTS {
        let Some((name, by)) = get(&layers, &["source", &source, "replace-with"]) else {
            break;
        };
        // A replacement is a source or, under the same name, a registry.
        if let Some(found) = named(&name, &layers, env) {
            return found;
        }
        if let Some((url, by)) = get(&layers, &["source", &name, "registry"]) {
            if get(&layers, &["source", &name, "replace-with"]).is_none() {
                return sparse(&url, &by);
            }
        } else {
            return Err(Error::Unusable {
                by,
                why: format!("`{name}` is no registry that is asked over the network"),
            });
        }
        source = name;
    }
    // A user may also give the default source an address of its own.
    match named(DEFAULT_SOURCE, &layers, env) {
        Some(found) => found,
        None => Err(Error::Nowhere {
            client: "cargo",
            how: "set CARGO_REGISTRIES_NAME_INDEX with CARGO_REGISTRY_DEFAULT, or [registries] or source replacement in config.toml",
        }),
    }
}

/// `[registries.NAME]`, with its token.
fn named(name: &str, layers: &[Layer], env: &Environment) -> Option<Result<Configured, Error>> {
    let upper = name.to_ascii_uppercase().replace('-', "_");
    let variable = format!("CARGO_REGISTRIES_{upper}_INDEX");
    let (url, by) = match env.var(&variable) {
        Some(url) => (url.to_owned(), variable),
        None => get(layers, &["registries", name, "index"])?,
    };
    let token = env
        .var(&format!("CARGO_REGISTRIES_{upper}_TOKEN"))
        .map(str::to_owned)
        .or_else(|| get(layers, &["registries", name, "token"]).map(|(token, _)| token));
    Some(sparse(&url, &by).map(|mut index| {
        index
            .credentials
            .extend(token.and_then(|t| Credential::header(&index.url, t)));
        index
    }))
}

fn sparse(url: &str, by: &str) -> Result<Configured, Error> {
    match url.strip_prefix("sparse+") {
        Some(url) => Configured::new(url, by),
        None => Err(Error::Unusable {
            by: by.to_owned(),
            why: "only sparse indexes are asked, whose address starts with sparse+".into(),
        }),
    }
}

/// The nearest value at `path`.
fn get(layers: &[Layer], path: &[&str]) -> Option<(String, String)> {
    layers.iter().find_map(|layer| {
        let (last, way) = path.split_last()?;
        let mut table = &layer.table;
        for step in way {
            table = table.get(*step)?.as_table()?;
        }
        let value = table.get(*last)?.as_str()?;
        Some((
            value.to_owned(),
            format!("{} {}", layer.path.display(), path.join(".")),
        ))
    })
}

/// Nearest first; credentials are a layer behind all others.
fn layers(env: &Environment) -> Result<Vec<Layer>, Error> {
    let home = env
        .var("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env.home().map(|h| h.join(".cargo")));
    let mut folders: Vec<PathBuf> = env
        .cwd
        .ancestors()
        .take(MAX_UP)
        .map(|d| d.join(".cargo"))
        .collect();
    folders.extend(home.clone().filter(|h| !folders.contains(h)));
    let mut layers = Vec::new();
    for folder in &folders {
        layers.extend(either(folder, "config.toml", "config")?);
    }
    if let Some(home) = home {
        layers.extend(either(&home, "credentials.toml", "credentials")?);
    }
    Ok(layers)
}

/// Where both are there, cargo takes the one without an ending.
fn either(folder: &Path, name: &str, old: &str) -> Result<Option<Layer>, Error> {
    for path in [folder.join(old), folder.join(name)] {
        if let Some(text) = text(&path)? {
            let table = text.parse().map_err(|_| Error::Unusable {
                by: path.display().to_string(),
                why: "not TOML".into(),
            })?;
            return Ok(Some(Layer { path, table }));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{environment, write};
    use super::{Error, index};

    #[test]
    fn the_nearer_file_wins_and_replacements_are_followed() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let asked =
            |vars: &[(&str, &str)]| index(&environment(root, vars)).map(|i| i.url.to_string());
        assert!(matches!(asked(&[]), Err(Error::Nowhere { .. })));
        write(
            root,
            "home/.cargo/config.toml",
            "[source.crates-io]\nreplace-with = 'mid'\n[source.mid]\nregistry = 'https://unused.example'\nreplace-with = 'end'\n[source.end]\nregistry = 'sparse+https://end.example/i/'\n",
        );
        assert_eq!(asked(&[]).unwrap(), "https://end.example/i/");
        write(
            root,
            ".cargo/config.toml",
            "[source.crates-io]\nreplace-with = 'near'\n[registries.near]\nindex = 'sparse+https://near.example/'\n",
        );
        assert_eq!(asked(&[]).unwrap(), "https://near.example/");
        write(
            root,
            "project/.cargo/config.toml",
            "[registry]\ndefault = 'mine'\n",
        );
        let var = [("CARGO_REGISTRIES_MINE_INDEX", "sparse+https://mine.example")];
        assert_eq!(asked(&var).unwrap(), "https://mine.example/");
        assert!(matches!(asked(&[]), Err(Error::Unusable { .. })));
    }

    #[test]
    fn a_git_index_a_vendored_folder_and_a_loop_are_said_and_not_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        for (text, word) in [
            (
                "[source.crates-io]\nreplace-with='a'\n[source.a]\nregistry='https://git.example/index'\n",
                "sparse",
            ),
            (
                "[source.crates-io]\nreplace-with='a'\n[source.a]\ndirectory='vendor'\n",
                "no registry",
            ),
            (
                "[source.crates-io]\nreplace-with='a'\n[source.a]\nregistry='x'\nreplace-with='a'\n",
                "no cargo registry",
            ),
            ("not toml", "not TOML"),
        ] {
            write(dir.path(), "home/.cargo/config.toml", text);
            let error = index(&environment(dir.path(), &[]))
                .unwrap_err()
                .to_string();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn a_token_is_taken_from_the_credentials_and_not_shown() {
        let dir = tempfile::tempdir().unwrap();
        write(
            dir.path(),
            "home/.cargo/config.toml",
            "[registry]\ndefault='m'\n[registries.m]\nindex='sparse+https://m.example/'\n",
        );
        write(
            dir.path(),
            "home/.cargo/credentials.toml",
            "[registries.m]\ntoken='secret'\n",
        );
        let found = index(&environment(dir.path(), &[])).unwrap();
        assert_eq!(found.credentials.len(), 1);
        assert!(!format!("{found:?}").contains("secret"));
    }
}
