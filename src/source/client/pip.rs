//! pip's configuration: `PIP_INDEX_URL`, then the file of `PIP_CONFIG_FILE`, of the virtual environment, of the user, of the
//! system (pip documentation, "Configuration").

use std::path::PathBuf;

use super::ini::{Dialect, read};
use super::{Configured, Environment, Error, text};

/// Sections that a command to download reads; the later one wins.
const SECTIONS: [&str; 3] = ["global", "install", "download"];

/// The index that pip would ask.
///
/// # Errors
/// Where none is named, or one that cannot be used.
pub fn index(env: &Environment) -> Result<Configured, Error> {
    let mut found: Option<(String, String)> = None;
    let mut extra: Vec<String> = Vec::new();
    let mut no_index = None;
    for path in files(env) {
        let Some(text) = text(&path)? else { continue };
        let settings = read(&text, Dialect::Pip);
        for section in SECTIONS {
            for (_, key, value) in settings.iter().filter(|(s, ..)| s == section) {
                let by = format!("{} [{section}] {key}", path.display());
                match key.as_str() {
                    "index-url" | "i" | "pypi-url" => found = Some((value.clone(), by)),
                    "extra-index-url" => {
                        extra = value.split_whitespace().map(str::to_owned).collect()
                    }
                    "no-index" => no_index = is_true(value).then_some(by),
                    _ => {}
                }
            }
        }
    }
    if let Some(url) = env.var("PIP_INDEX_URL") {
        found = Some((url.to_owned(), "PIP_INDEX_URL".into()));
    }
    if let Some(urls) = env.var("PIP_EXTRA_INDEX_URL") {
        extra = urls.split_whitespace().map(str::to_owned).collect();
    }
    if let Some(value) = env.var("PIP_NO_INDEX") {
        no_index = is_true(value).then(|| "PIP_NO_INDEX".into());
    }
    if let Some(by) = no_index {
        return Err(Error::Unusable {
            by,
            why: "forbids asking an index".into(),
        });
    }
    let Some((url, by)) = found else {
        return Err(Error::Nowhere {
            client: "pip",
            how: "set PIP_INDEX_URL, or index-url under [global] in pip.conf",
        });
    };
    let mut index = Configured::new(&url, &by)?;
    if !extra.is_empty() {
        // Merging indexes silently is how a private name is taken over by a public one.
        index
            .beside
            .push(format!("{} of extra-index-url", extra.len()));
    }
    Ok(index)
}

fn is_true(value: &str) -> bool {
    matches!(
        value.to_ascii_lowercase().as_str(),
        "1" | "true" | "yes" | "on" | "y" | "t"
    )
}

/// Least important first.
fn files(env: &Environment) -> Vec<PathBuf> {
    let own = env.var("PIP_CONFIG_FILE").map(PathBuf::from);
    // pip's way to say: no file at all.
    if own
        .as_deref()
        .is_some_and(|p| p == std::path::Path::new("/dev/null") || p.as_os_str() == "nul")
    {
        return Vec::new();
    }
    let mut files = Vec::new();
    if cfg!(windows) {
        files.extend(env.below("ProgramData", "pip/pip.ini"));
    } else {
        let xdg = env
            .var("XDG_CONFIG_DIRS")
            .map_or_else(|| env.etc.join("xdg").display().to_string(), str::to_owned);
        let mut dirs: Vec<PathBuf> = std::env::split_paths(&xdg)
            .map(|d| d.join("pip/pip.conf"))
            .collect();
        dirs.reverse();
        files.append(&mut dirs);
        files.push(env.etc.join("pip.conf"));
    }
    // The user's own files are left out where a file is named that exists.
    if !own.as_deref().is_some_and(std::path::Path::exists) {
        let home = env.home();
        if cfg!(windows) {
            files.extend(home.iter().map(|h| h.join("pip/pip.ini")));
            files.extend(env.below("APPDATA", "pip/pip.ini"));
        } else {
            files.extend(home.iter().map(|h| h.join(".pip/pip.conf")));
            let own = if cfg!(target_os = "macos") {
                home.iter()
                    .map(|h| h.join("Library/Application Support/pip/pip.conf"))
                    .find(|p| p.exists())
            } else {
                None
            };
            let xdg = env.below("XDG_CONFIG_HOME", "pip/pip.conf");
            files.extend(
                own.or(xdg)
                    .or_else(|| home.map(|h| h.join(".config/pip/pip.conf"))),
            );
        }
    }
    let site = if cfg!(windows) { "pip.ini" } else { "pip.conf" };
    files.extend(env.below("VIRTUAL_ENV", site));
    files.extend(own);
    files
}

#[cfg(test)]
mod tests {
    use super::super::testing::{environment, write};
    use super::{Error, index};

    #[test]
    fn the_nearer_setting_wins_and_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let asked = |vars: &[(&str, &str)]| {
            index(&environment(root, vars)).map(|i| (i.url.to_string(), i.by))
        };
        assert!(matches!(asked(&[]), Err(Error::Nowhere { .. })));
        let site = root.join("venv").display().to_string();
        let own = root.join("own.conf").display().to_string();
        for (at, file, vars) in [
            ("system", "etc/pip.conf", vec![]),
            ("legacy", "home/.pip/pip.conf", vec![]),
            ("user", "home/.config/pip/pip.conf", vec![]),
            (
                "site",
                "venv/pip.conf",
                vec![("VIRTUAL_ENV", site.as_str())],
            ),
            (
                "own",
                "own.conf",
                vec![
                    ("VIRTUAL_ENV", site.as_str()),
                    ("PIP_CONFIG_FILE", own.as_str()),
                ],
            ),
        ] {
            write(
                root,
                file,
                &format!("# mine\n[global]\nindex-url = https://{at}.example/simple\n"),
            );
            let (url, by) = asked(&vars).unwrap();
            assert_eq!(url, format!("https://{at}.example/simple/"));
            assert!(by.contains(file) && by.contains("index-url"), "{by}");
        }
        let vars = [
            ("PIP_CONFIG_FILE", own.as_str()),
            ("PIP_INDEX_URL", "https://var.example/"),
        ];
        assert_eq!(
            asked(&vars).unwrap(),
            ("https://var.example/".into(), "PIP_INDEX_URL".into())
        );
        assert!(matches!(
            asked(&[("PIP_CONFIG_FILE", "/dev/null")]),
            Err(Error::Nowhere { .. })
        ));
    }

    #[test]
    fn the_section_of_the_command_wins_and_extra_indexes_are_told_and_not_asked() {
        let dir = tempfile::tempdir().unwrap();
        write(
            dir.path(),
            "etc/pip.conf",
            "[download]\nindex_url: https://d.example/\n[global]\nindex-url=https://g.example/\nextra-index-url =\n  https://a.example\n  https://b.example\n",
        );
        let found = index(&environment(dir.path(), &[])).unwrap();
        assert_eq!(found.url.as_str(), "https://d.example/");
        assert_eq!(found.beside, ["2 of extra-index-url"]);
        assert!(index(&environment(dir.path(), &[("PIP_NO_INDEX", "1")])).is_err());
        assert!(index(&environment(dir.path(), &[("PIP_INDEX_URL", "file:///x")])).is_err());
    }

    #[test]
    fn credentials_leave_the_address() {
        let dir = tempfile::tempdir().unwrap();
        let found = index(&environment(
            dir.path(),
            &[("PIP_INDEX_URL", "https://me:secret@h.example/s")],
        ))
        .unwrap();
        assert_eq!(found.url.as_str(), "https://h.example/s/");
        assert_eq!(found.credentials.len(), 1);
        assert!(!format!("{found:?}").contains("secret"));
    }
}
