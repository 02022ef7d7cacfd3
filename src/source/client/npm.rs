//! npm's configuration: `npm_config_*` variables, then the `.npmrc` of the project, of the user, of the system (npm
//! documentation, "npmrc").

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use reqwest::Url;

use super::ini::{Dialect, read};
use super::{Configured, Environment, Error, text};
use crate::source::base64;
use crate::source::http::Credential;

/// Directories looked at above the current one for a project.
const MAX_UP: usize = 64;

/// The registry that npm would ask for packages of `scope`.
///
/// # Errors
/// Where none is named, or one that cannot be used.
pub fn registry(env: &Environment, scope: Option<&str>) -> Result<Configured, Error> {
    let mut settings: BTreeMap<String, (String, String)> = BTreeMap::new();
    for path in files(env) {
        let Some(text) = text(&path)? else { continue };
        for (_, key, value) in read(&text, Dialect::Npm) {
            let by = format!("{} {}", path.display(), shown_key(&key));
            settings.insert(expanded(&key, env), (expanded(&value, env), by));
        }
    }
    if let Some(url) = env.var_in_any_case("npm_config_registry") {
        settings.insert(
            "registry".into(),
            (url.to_owned(), "npm_config_registry".into()),
        );
    }
    let scoped = scope.and_then(|s| settings.get(&format!("{s}:registry")));
    let Some((url, by)) = scoped.or_else(|| settings.get("registry")) else {
        return Err(Error::Nowhere {
            client: "npm",
            how: "set npm_config_registry, or registry in .npmrc",
        });
    };
    let mut registry = Configured::new(url, by)?;
    registry
        .credentials
        .extend(credentials(&registry.url, &settings));
    Ok(registry)
}

/// The name of a setting without the address in it that a token belongs to.
fn shown_key(key: &str) -> &str {
    if key.starts_with("//") {
        "credentials"
    } else {
        key
    }
}

/// `//host/path/:_authToken` and its kin, for this registry's site, the nearest path first.
fn credentials(registry: &Url, settings: &BTreeMap<String, (String, String)>) -> Vec<Credential> {
    let get = |place: &str, name: &str| {
        settings
            .get(&format!("{place}:{name}"))
            .map(|(v, _)| v.as_str())
    };
    let mut places: Vec<&str> = settings
        .keys()
        .filter(|k| k.starts_with("//"))
        .filter_map(|k| k.rsplit_once(':'))
        .map(|(place, _)| place)
        .collect();
    places.dedup();
    places.sort_by_key(|place| std::cmp::Reverse(place.len()));
    let of_place = |place: &str| {
        // A setting names no scheme; it holds for the one that the registry is reached by.
        let url = Url::parse(&format!("{}:{place}", registry.scheme())).ok()?;
        if let Some(token) = get(place, "_authToken") {
            return Credential::header(&url, format!("Bearer {token}"));
        }
        if let Some(basic) = get(place, "_auth") {
            return Credential::header(&url, format!("Basic {basic}"));
        }
        let (user, password) = (get(place, "username")?, get(place, "_password")?);
        let password = String::from_utf8(base64::decode(password)?).ok()?;
        Credential::basic(&url, user, &password)
    };
    places.into_iter().filter_map(of_place).collect()
}

/// `${NAME}` by the environment; a name that is not set stays as it is, as npm leaves it.
fn expanded(text: &str, env: &Environment) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push_str("${");
            rest = after;
            continue;
        };
        match env.vars.get(name) {
            Some(value) => out.push_str(value),
            None => out.push_str(&format!("${{{name}}}")),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Least important first.
fn files(env: &Environment) -> Vec<PathBuf> {
    let mut files = Vec::new();
    match env.var_in_any_case("npm_config_globalconfig") {
        Some(path) => files.push(PathBuf::from(path)),
        None => {
            files.push(env.etc.join("npmrc"));
            let prefix = env
                .var_in_any_case("npm_config_prefix")
                .or_else(|| env.var("PREFIX"));
            match prefix {
                Some(prefix) => files.push(Path::new(prefix).join("etc/npmrc")),
                None if cfg!(windows) => files.extend(env.below("APPDATA", "npm/etc/npmrc")),
                None => {
                    let local = env
                        .etc
                        .parent()
                        .map(|root| root.join("usr/local/etc/npmrc"));
                    files.extend(local);
                }
            }
        }
    }
    match env.var_in_any_case("npm_config_userconfig") {
        Some(path) => files.push(PathBuf::from(path)),
        None => files.extend(env.home().map(|h| h.join(".npmrc"))),
    }
    files.push(project(env).join(".npmrc"));
    files
}

/// The nearest folder upwards that is a package; the current one where none is.
fn project(env: &Environment) -> PathBuf {
    let is_package =
        |dir: &&Path| dir.join("package.json").exists() || dir.join("node_modules").exists();
    let found = env.cwd.ancestors().take(MAX_UP).find(is_package);
    found.unwrap_or(&env.cwd).to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{environment, write};
    use super::{Error, registry};

    #[test]
    fn the_nearer_setting_wins_and_a_scope_has_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let asked = |scope, vars: &[(&str, &str)]| {
            registry(&environment(root, vars), scope).map(|r| r.url.to_string())
        };
        assert!(matches!(asked(None, &[]), Err(Error::Nowhere { .. })));
        for (at, file) in [
            ("system", "etc/npmrc"),
            ("user", "home/.npmrc"),
            ("project", "project/.npmrc"),
        ] {
            write(
                root,
                file,
                &format!("; mine\nregistry = https://{at}.example/\n"),
            );
            assert_eq!(asked(None, &[]).unwrap(), format!("https://{at}.example/"));
        }
        write(
            root,
            "home/.npmrc",
            "@s:registry=\"https://${WHO}.example/npm\"\n",
        );
        assert_eq!(
            asked(Some("@s"), &[("WHO", "scoped")]).unwrap(),
            "https://scoped.example/npm/"
        );
        assert_eq!(asked(Some("@t"), &[]).unwrap(), "https://project.example/");
        assert_eq!(
            asked(None, &[("NPM_CONFIG_REGISTRY", "https://var.example")]).unwrap(),
            "https://var.example/"
        );
    }

    #[test]
    fn the_project_is_the_nearest_package_upwards() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "project/package.json", "{}");
        write(dir.path(), "project/.npmrc", "registry=https://p.example/");
        write(dir.path(), "project/src/deep/x", "");
        let mut env = environment(dir.path(), &[]);
        env.cwd = dir.path().join("project/src/deep");
        assert_eq!(
            registry(&env, None).unwrap().url.as_str(),
            "https://p.example/"
        );
    }

    #[test]
    fn a_token_belongs_to_its_host_and_is_never_shown() {
        let dir = tempfile::tempdir().unwrap();
        write(
            dir.path(),
            "home/.npmrc",
            "registry=https://r.example/npm/\n//r.example/npm/:_authToken=${T}\n//other.example/:_authToken=o\n//r.example/:username=u\n//r.example/:_password=cHc=\n",
        );
        let found = registry(&environment(dir.path(), &[("T", "secret")]), None).unwrap();
        assert_eq!(found.credentials.len(), 3);
        assert!(!format!("{found:?}").contains("secret"));
    }
}
