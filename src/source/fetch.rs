//! Network answers under `--online`: CRLs, OCSP answers and issuing certificates that a certificate under examination names.
//!
//! The addresses come from certificates that an attacker may have written, so they are treated as hostile: plain http and
//! https only, public addresses only (checked after resolution and pinned, so that a second lookup cannot differ), a few
//! redirects each checked anew, no proxy, no cookies, no credentials, bounded size and time.

use std::net::IpAddr;

use super::clock;
use super::record::{Answer, Bundle, Question};

/// Largest body kept; the largest CRL of a code-signing authority seen is about 3 MB.
#[cfg(feature = "net")]
const MAX_BODY: u64 = 16 << 20;
/// One address may take this long altogether.
#[cfg(feature = "net")]
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15);
/// Redirects followed.
#[cfg(feature = "net")]
const MAX_REDIRECTS: usize = 5;
/// Questions asked in one run; a scan of thousands of files shares a few dozen.
const MAX_QUESTIONS: usize = 1000;
/// Bytes of answers kept in one run, so that what is recorded can be replayed.
const MAX_BODIES: usize = 200 << 20;

/// Where answers come from.
#[derive(Debug)]
pub enum Answers {
    /// Nowhere: the default.
    Offline,
    /// From a bundle that an earlier run recorded.
    Replay(Bundle),
    /// From the network; what comes is recorded.
    Online(Bundle),
}

impl Answers {
    /// Answers one question; `None` offline or where the bundle has no such answer.
    pub fn ask(&mut self, question: &Question) -> Option<Answer> {
        match self {
            Self::Offline => None,
            Self::Replay(bundle) => bundle.get(question).cloned(),
            Self::Online(bundle) => {
                if let Some(known) = bundle.get(question) {
                    return Some(known.clone());
                }
                if bundle.len() >= MAX_QUESTIONS || bundle.bytes() >= MAX_BODIES {
                    return None;
                }
                let at = clock::now();
                let answer = match get(question) {
                    Ok((status, body)) => Answer {
                        at,
                        status,
                        body,
                        error: None,
                    },
                    Err(error) => Answer {
                        at,
                        status: 0,
                        body: Vec::new(),
                        error: Some(error),
                    },
                };
                bundle.insert(question.clone(), answer.clone());
                Some(answer)
            }
        }
    }

    /// What was asked so far, for `--record`.
    pub fn bundle(&self) -> Option<&Bundle> {
        match self {
            Self::Offline => None,
            Self::Replay(bundle) | Self::Online(bundle) => Some(bundle),
        }
    }
}

/// Addresses that no public certificate may send us to: this machine, its networks, special purposes (RFC 6890).
pub fn is_special(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_multicast()
                || ip.is_documentation()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (b == 18 || b == 19))
        }
        IpAddr::V6(ip) => {
            let segments = ip.segments();
            let [a, b, ..] = segments;
            if let Some(v4) = embedded_v4(ip) {
                return is_special(IpAddr::V4(v4));
            }
            // Only 2000::/3 is global unicast; out of it come documentation, Teredo, ORCHID and discard prefixes.
            a & 0xe000 != 0x2000 || (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x3fff
        }
    }
}

/// IPv4 inside IPv6: mapped, NAT64 (RFC 6052) and 6to4 (RFC 3056).
fn embedded_v4(ip: std::net::Ipv6Addr) -> Option<std::net::Ipv4Addr> {
    let octets = ip.octets();
    let at = |i: usize| -> Option<std::net::Ipv4Addr> {
        let four: [u8; 4] = octets.get(i..i.checked_add(4)?)?.try_into().ok()?;
        Some(four.into())
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, _, _] | [0x64, 0xff9b, 0, 0, 0, 0, _, _] => at(12),
        [0x2002, ..] => at(2),
        _ => None,
    }
}

#[cfg(not(feature = "net"))]
fn get(_: &Question) -> Result<(u16, Vec<u8>), String> {
    Err("built without network support".into())
}

#[cfg(feature = "net")]
fn get(question: &Question) -> Result<(u16, Vec<u8>), String> {
    let mut url = reqwest::Url::parse(&question.url).map_err(|e| e.to_string())?;
    for _ in 0..=MAX_REDIRECTS {
        let response = send(&url, &question.sent)?;
        if response.status().is_redirection() {
            let location = response
                .headers()
                .get(reqwest::header::LOCATION)
                .and_then(|l| l.to_str().ok());
            let target = location.ok_or("redirect without a location")?;
            url = url.join(target).map_err(|e| e.to_string())?;
            continue;
        }
        return body(response);
    }
    Err(format!("more than {MAX_REDIRECTS} redirects"))
}

#[cfg(feature = "net")]
fn send(url: &reqwest::Url, sent: &[u8]) -> Result<reqwest::blocking::Response, String> {
    use std::net::ToSocketAddrs;

    if url.scheme() != "http" {
        // Revocation data is signed; RFC 5280 section 8 warns against https here because it needs revocation itself.
        return Err(format!("scheme {} is not fetched", url.scheme()));
    }
    let host = url.host_str().ok_or("no host")?;
    let port = url.port_or_known_default().ok_or("no port")?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<_> = (bare, port)
        .to_socket_addrs()
        .map_err(|e| e.to_string())?
        .collect();
    if addresses.is_empty() {
        return Err("no address".into());
    }
    if let Some(special) = addresses.iter().find(|a| is_special(a.ip())) {
        return Err(format!("{} is not a public address", special.ip()));
    }
    let client = reqwest::blocking::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(TIMEOUT)
        .user_agent(concat!("bonafide/", env!("CARGO_PKG_VERSION")))
        .resolve_to_addrs(host, &addresses)
        .build()
        .map_err(|e| e.to_string())?;
    let request = if sent.is_empty() {
        client.get(url.clone())
    } else {
        client
            .post(url.clone())
            .header("Content-Type", "application/ocsp-request")
            .body(sent.to_vec())
    };
    request.send().map_err(|e| e.to_string())
}

#[cfg(feature = "net")]
fn body(response: reqwest::blocking::Response) -> Result<(u16, Vec<u8>), String> {
    use std::io::Read;

    let status = response.status().as_u16();
    let mut body = Vec::new();
    let mut bounded = response.take(MAX_BODY.saturating_add(1));
    #[expect(clippy::disallowed_methods, reason = "bounded by take")]
    bounded.read_to_end(&mut body).map_err(|e| e.to_string())?;
    if u64::try_from(body.len()).unwrap_or(u64::MAX) > MAX_BODY {
        return Err(format!("answer over {MAX_BODY} bytes"));
    }
    Ok((status, body))
}

#[cfg(test)]
mod tests {
    use super::{Answers, is_special};
    use crate::source::record::{Bundle, Question};

    #[test]
    fn no_special_address_is_public() {
        for special in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(is_special(special.parse().unwrap()), "{special}");
        }
        for public in [
            "8.8.8.8",
            "93.184.216.34",
            "2606:4700::1111",
            "64:ff9b::808:808",
        ] {
            assert!(!is_special(public.parse().unwrap()), "{public}");
        }
    }

    #[cfg(feature = "net")]
    #[test]
    fn an_address_of_this_machine_is_refused_however_it_is_written() {
        let mut answers = Answers::Online(Bundle::default());
        for host in [
            "127.0.0.1",
            "localhost",
            "2130706433",
            "0x7f.1",
            "127.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ] {
            let question = Question {
                url: format!("http://{host}:9/x.crl"),
                sent: vec![],
            };
            let answer = answers.ask(&question).unwrap();
            assert!(
                answer
                    .error
                    .as_deref()
                    .is_some_and(|e| e.contains("not a public address")),
                "{host}: {answer:?}"
            );
        }
        let file = Question {
            url: "file:///etc/hostname".into(),
            sent: vec![],
        };
        assert!(answers.ask(&file).unwrap().error.is_some());
    }

    #[test]
    fn a_replay_never_asks_the_network() {
        let question = Question {
            url: "http://crl.example/".into(),
            sent: vec![],
        };
        assert_eq!(Answers::Replay(Bundle::default()).ask(&question), None);
        assert_eq!(Answers::Offline.ask(&question), None);
    }
}
