//! Sites and what they may be shown.

use std::fmt;

use reqwest::Url;

use crate::source::base64;

/// Scheme, host and port: what a credential belongs to, and what a user names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    scheme: String,
    host: String,
    port: u16,
}

impl Site {
    /// The site of an address; `None` where it has no host.
    pub fn of(url: &Url) -> Option<Self> {
        Some(Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str()?.to_owned(),
            port: url.port_or_known_default()?,
        })
    }

    pub(super) fn is_plain(&self) -> bool {
        self.scheme == "http"
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

/// What a site is shown. Never printed and never recorded.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    site: Site,
    path: String,
    header: String,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("site", &self.site)
            .finish_non_exhaustive()
    }
}

impl Credential {
    /// The value of an `Authorization` header for everything at and below `url`.
    pub fn header(url: &Url, header: String) -> Option<Self> {
        Some(Self {
            site: Site::of(url)?,
            path: url.path().trim_end_matches('/').to_owned(),
            header,
        })
    }

    /// A user name and a password, as RFC 7617 sends them.
    pub fn basic(url: &Url, user: &str, password: &str) -> Option<Self> {
        let pair = base64::encode(format!("{user}:{password}").as_bytes());
        Self::header(url, format!("Basic {pair}"))
    }

    /// What stands before the `@` of an address, which goes to that whole site.
    pub fn of_url(url: &Url) -> Option<Self> {
        let user = percent_decoded(url.username());
        let password = percent_decoded(url.password().unwrap_or_default());
        if user.is_empty() && password.is_empty() {
            return None;
        }
        let mut site = url.clone();
        site.set_path("/");
        Self::basic(&site, &user, &password)
    }

    pub(super) fn for_url(&self, url: &Url) -> Option<&str> {
        let below = url.path().strip_prefix(self.path.as_str());
        let below = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        (below && Site::of(url).as_ref() == Some(&self.site)).then_some(self.header.as_str())
    }
}

/// The address alone, as it may be shown and recorded.
pub fn without_credentials(url: &Url) -> Url {
    let mut url = url.clone();
    // Both fail only for addresses without a host, which have none to take away.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    url
}

fn percent_decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let pair = (byte == b'%')
            .then(|| Some([ahead.next()?, ahead.next()?]))
            .flatten();
        let decoded = pair.and_then(|p| u8::from_str_radix(std::str::from_utf8(&p).ok()?, 16).ok());
        match decoded {
            Some(decoded) => {
                out.push(decoded);
                bytes = ahead;
            }
            None => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Credential, without_credentials};
    use reqwest::Url;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_credential_stays_at_its_site_and_path() {
        let token =
            Credential::header(&url("https://reg.example/npm/"), "Bearer t".into()).unwrap();
        assert_eq!(
            token.for_url(&url("https://reg.example/npm/a/-/a.tgz")),
            Some("Bearer t")
        );
        for other in [
            "http://reg.example/npm/a",
            "https://reg.example:8443/npm/a",
            "https://reg.example/npmx/a",
            "https://reg.example/",
            "https://reg.example.evil.example/npm/a",
            "https://evil.example/npm/a",
        ] {
            assert_eq!(token.for_url(&url(other)), None, "{other}");
        }
        assert!(!format!("{token:?}").contains("Bearer"));
    }

    #[test]
    fn credentials_in_an_address_are_taken_out_of_it() {
        let with = url("https://us%40er:p%3Ass@h.example/simple/");
        let basic = Credential::of_url(&with).unwrap();
        assert_eq!(
            basic.for_url(&url("https://h.example/x")),
            Some("Basic dXNAZXI6cDpzcw==")
        );
        assert_eq!(
            without_credentials(&with).as_str(),
            "https://h.example/simple/"
        );
        assert_eq!(Credential::of_url(&url("https://h.example/")), None);
    }
}
