//! `bonafide host`, and the hosts that files name: offline, over servers of our own, and from a recording.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const AT: &str = "2026-07-01";

fn bonafide(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bonafide"));
    command
        .env_clear()
        .env("BONAFIDE_DATA", dir.join("data"))
        .current_dir(dir)
        .stdin(Stdio::null());
    command
}

fn run(dir: &Path, arguments: &[&str]) -> Output {
    bonafide(dir)
        .args(arguments)
        .args(["--at", AT])
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| {
        panic!(
            "{e}: {} {}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    })
}

/// `(aspect, country)` of every claim about a host.
fn claims(report: &Value) -> Vec<(String, String)> {
    let all = report["claims"].as_object().unwrap().values();
    let mut found: Vec<_> = all
        .filter(|c| c["host"].is_string())
        .map(|c| {
            let text = |key: &str| c[key].as_str().unwrap().to_owned();
            (text("aspect"), text("jurisdiction"))
        })
        .collect();
    found.sort();
    found
}

fn finding<'r>(report: &'r Value, id: &str) -> Option<&'r Value> {
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["id"] == id)
}

fn pair(aspect: &str, country: &str) -> (String, String) {
    (aspect.to_owned(), country.to_owned())
}

#[test]
fn every_source_of_a_disputed_address_is_shown_and_the_conflict_found() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("ipfire.csv"),
        "# 2026-06-25\n77.74.180.0/23,RU\n",
    )
    .unwrap();
    std::fs::write(
        dir.path().join("whois.csv"),
        "# 2026-06-17\n77.74.176.0/21,RU\n",
    )
    .unwrap();
    let asked = [
        "host",
        "77.74.181.1",
        "--geo",
        "ipfire.csv",
        "--geo",
        "whois.csv",
    ];
    let report = json(&run(dir.path(), &[&asked[..], &["-f", "json"]].concat()));
    assert_eq!(
        claims(&report),
        [
            pair("hosting_operator", "CH"),
            pair("network_holder", "CH"),
            pair("network_location", "RU"),
            pair("network_location", "RU"),
        ]
    );
    let conflict = finding(&report, "network-sources-disagree").unwrap();
    assert_eq!(conflict["status"], "review");
    assert_eq!(conflict["claims"].as_array().unwrap().len(), 3);
    assert_eq!(report["dimensions"]["infrastructure"]["status"], "review");
    assert!(report["verdict"].is_null());

    let output = run(dir.path(), &asked);
    let text = String::from_utf8(output.stdout).unwrap();
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "registered to (RIR): CH (2026-06)",
        "geolocated by ipfire.csv (2026-06): RU",
        "operator: Kaspersky Lab Switzerland GmbH (AS200107), CH",
    ] {
        assert!(flat.contains(part), "{text}");
    }
    assert!(
        !flat.contains(" located in"),
        "a registry's fact is no place: {text}"
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn several_hosts_give_a_report_each_and_what_is_no_host_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let hosts = [
        "host",
        "https://u@update.example.co.uk:8443/a?b",
        "[2001:200::1]:443",
        "example.su",
    ];
    let output = run(dir.path(), &[&hosts[..], &["-f", "json"]].concat());
    let reports: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let names: Vec<&str> = reports
        .iter()
        .map(|r| r["hosts"]["H1"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["update.example.co.uk", "2001:200::1", "example.su"]);
    assert_eq!(claims(&reports[0]), [pair("domain_registry", "GB")]);
    assert_eq!(claims(&reports[1]), [pair("network_holder", "JP")]);
    assert_eq!(claims(&reports[2]), [pair("domain_registry", "RU")]);
    assert_eq!(
        finding(&reports[0], "host-not-resolved").unwrap()["status"],
        "unknown"
    );
    for nonsense in ["not a host", "https://", "a..b", ""] {
        assert_eq!(
            run(dir.path(), &["host", nonsense]).status.code(),
            Some(2),
            "{nonsense}"
        );
    }
    let absent = run(dir.path(), &["host", "example.su", "--geo", "absent.csv"]);
    assert_eq!(absent.status.code(), Some(2));
}

#[test]
fn hosts_that_a_file_names_have_claims_and_a_broken_database_is_a_gap() {
    let dir = tempfile::tempdir().unwrap();
    let geo = dir.path().join("data/geo");
    std::fs::create_dir_all(&geo).unwrap();
    std::fs::write(geo.join("mine.csv"), "# 2026-06-25\n77.74.180.0/23,RU\n").unwrap();
    std::fs::write(geo.join("torn.mmdb"), b"no database").unwrap();
    let script =
        b"fetch('http://77.74.181.1/update/latest.json'); fetch('https://update.vendor.ru/a');\n";
    std::fs::write(dir.path().join("app.ps1"), script).unwrap();
    let report = json(&run(
        dir.path(),
        &["inspect", "app.ps1", "-f", "json", "--no-config"],
    ));
    assert_eq!(
        claims(&report),
        [
            pair("domain_registry", "RU"),
            pair("hosting_operator", "CH"),
            pair("network_holder", "CH"),
            pair("network_location", "RU"),
        ]
    );
    assert!(finding(&report, "network-sources-disagree").is_some());
    let gaps = report["subjects"][0]["gaps"].to_string();
    assert!(gaps.contains("torn.mmdb"), "{gaps}");
    let hosts = report["hosts"].as_object().unwrap();
    assert!(
        hosts
            .values()
            .all(|h| !h["claims"].as_array().unwrap().is_empty())
    );
}

#[cfg(feature = "net")]
mod online {
    use std::net::{SocketAddr, TcpListener, UdpSocket};
    use std::sync::Arc;

    use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
    use serde_json::{Value, json};
    use sha2::{Digest, Sha256};

    use super::{claims, finding, json as parsed, pair, run};

    const NAME: &str = "update.example.com";

    /// Answers every question about [`NAME`] with an alias to a name at this machine, and knows nothing else.
    fn name_server() -> SocketAddr {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        std::thread::spawn(move || {
            let mut query = [0u8; 1500];
            while let Ok((length, peer)) = socket.recv_from(&mut query) {
                let _ = socket.send_to(&answer(&query[..length]), peer);
            }
        });
        address
    }

    fn labels(name: &str) -> Vec<u8> {
        let mut out = Vec::new();
        for label in name.split('.') {
            out.push(u8::try_from(label.len()).unwrap());
            out.extend_from_slice(label.as_bytes());
        }
        out.push(0);
        out
    }

    fn record(owner: &str, kind: u16, data: &[u8]) -> Vec<u8> {
        let mut out = labels(owner);
        out.extend_from_slice(&kind.to_be_bytes());
        out.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
        out.extend_from_slice(&u16::try_from(data.len()).unwrap().to_be_bytes());
        out.extend_from_slice(data);
        out
    }

    fn answer(query: &[u8]) -> Vec<u8> {
        let end = 12 + query[12..].iter().position(|b| *b == 0).unwrap() + 5;
        let question = &query[12..end];
        let kind = u16::from_be_bytes([question[question.len() - 4], question[question.len() - 3]]);
        let name = question[..question.len() - 4].to_ascii_lowercase();
        let alias = record(NAME, 5, &labels("edge.example.net"));
        let answers = match (name == labels(NAME), kind) {
            (true, 1) => vec![alias, record("edge.example.net", 1, &[127, 0, 0, 1])],
            (false, 2) => vec![record("example.com", 2, &labels("ns1.example.net"))],
            (false, 257) => vec![record("example.com", 257, b"\x00\x05issueca.example")],
            _ => Vec::new(),
        };
        let mut out = query[..2].to_vec();
        out.extend_from_slice(&[
            0x81,
            0x80,
            0,
            1,
            0,
            u8::try_from(answers.len()).unwrap(),
            0,
            0,
            0,
            0,
        ]);
        out.extend_from_slice(question);
        out.extend(answers.concat());
        out
    }

    /// Shows a certificate of an authority that nobody knows.
    fn tls_server() -> u16 {
        let key = rcgen::generate_simple_self_signed(vec![NAME.to_owned()]).unwrap();
        let private = PrivatePkcs8KeyDer::from(key.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![key.cert.der().clone()], PrivateKeyDer::Pkcs8(private))
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let mut connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
                let _ = connection.complete_io(&mut stream);
            }
        });
        port
    }

    #[test]
    fn names_and_certificates_are_asked_for_recorded_and_replayed() {
        let dir = tempfile::tempdir().unwrap();
        let (resolver, port) = (name_server().to_string(), tls_server());
        let url = format!("https://{NAME}:{port}/");
        let live = parsed(&run(
            dir.path(),
            &[
                "host",
                &url,
                "--online",
                "--resolver",
                &resolver,
                "--allow-private",
                "--no-rdap",
                "--record",
                "bundle.json",
                "-f",
                "json",
            ],
        ));
        let host = &live["hosts"]["H1"];
        let records = host["dns"]["records"].as_array().unwrap();
        let of = |kind: &str| -> Vec<&str> {
            let found = records.iter().filter(|r| r["kind"] == kind);
            found.map(|r| r["value"].as_str().unwrap()).collect()
        };
        assert_eq!(of("CNAME"), ["edge.example.net"]);
        assert_eq!(of("A"), ["127.0.0.1"]);
        assert_eq!(of("NS"), ["ns1.example.net"]);
        assert_eq!(of("CAA").len(), 1, "{records:?}");
        assert_eq!(host["tls"]["peer"], format!("127.0.0.1:{port}"));
        let leaf = host["tls"]["chain"][0].as_str().unwrap();
        assert!(
            live["certificates"][leaf].is_object(),
            "every handle resolves"
        );
        assert_eq!(
            finding(&live, "tls-authority-unknown").unwrap()["status"],
            "review"
        );
        assert!(finding(&live, "tls-name-mismatch").is_none());
        assert_eq!(
            finding(&live, "host-address-special").unwrap()["status"],
            "review"
        );
        assert_eq!(live["run"]["offline"], false);

        let replayed = parsed(&run(
            dir.path(),
            &["host", &url, "--replay", "bundle.json", "-f", "json"],
        ));
        for part in [
            "claims",
            "findings",
            "certificates",
            "evidence",
            "dimensions",
        ] {
            assert_eq!(replayed[part], live[part], "{part}");
        }
        assert_eq!(replayed["hosts"]["H1"]["tls"], live["hosts"]["H1"]["tls"]);
        assert_eq!(
            replayed["hosts"]["H1"]["dns"]["records"],
            live["hosts"]["H1"]["dns"]["records"]
        );
    }

    #[test]
    fn a_name_that_leads_inside_is_not_connected_to_unless_asked() {
        let dir = tempfile::tempdir().unwrap();
        let (resolver, port) = (name_server().to_string(), tls_server());
        let url = format!("https://{NAME}:{port}/");
        let report = parsed(&run(
            dir.path(),
            &[
                "host",
                &url,
                "--online",
                "--resolver",
                &resolver,
                "--no-rdap",
                "-f",
                "json",
            ],
        ));
        assert!(report["hosts"]["H1"]["tls"].is_null());
        assert!(finding(&report, "host-lookup-incomplete").is_some());
        let gaps = report["subjects"][0]["gaps"].to_string();
        assert!(gaps.contains("127.0.0.1 is not a public address"), "{gaps}");
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    fn entry(url: &str, body: &Value) -> Value {
        let body = serde_json::to_vec(body).unwrap();
        json!({
            "url": url, "at": "2026-06-30T12:00:00Z", "status": 200,
            "sha256": hex(&Sha256::digest(&body)), "body_hex": hex(&body),
        })
    }

    #[test]
    fn registrations_of_a_recording_are_claims_beside_the_others() {
        let dir = tempfile::tempdir().unwrap();
        let bootstrap = |keys: &[&str], server: &str| json!({"services": [[keys, [server]]]});
        let card = |name: &str, country: &str| json!(["vcard", [["fn", {}, "text", name], ["adr", {"cc": country}, "text", ["", "", "", "", "", "", ""]]]]);
        let answers = [
            entry(
                &format!("dns:{NAME}?type=A"),
                &json!([{"name": NAME, "kind": "A", "value": "77.74.181.1"}]),
            ),
            entry(&format!("dns:{NAME}?type=AAAA"), &json!([])),
            entry("dns:example.com?type=NS", &json!([])),
            entry(
                "https://data.iana.org/rdap/dns.json",
                &bootstrap(&["com"], "https://rdap.example/com/"),
            ),
            entry(
                "https://data.iana.org/rdap/ipv4.json",
                &bootstrap(&["77.0.0.0/8"], "https://rdap.example/ip4/"),
            ),
            entry(
                "https://rdap.example/com/domain/example.com",
                &json!({"objectClassName": "domain", "ldhName": "EXAMPLE.COM",
                    "entities": [{"roles": ["registrar"], "vcardArray": card("Example Registrar, Inc.", "RU")}]}),
            ),
            entry(
                "https://rdap.example/ip4/ip/77.74.181.1",
                &json!({"objectClassName": "ip network", "startAddress": "77.74.176.0",
                    "endAddress": "77.74.183.255", "name": "NET", "country": "RU"}),
            ),
        ];
        let bundle = json!({"bundle_version": "1", "answers": answers});
        std::fs::write(dir.path().join("b.json"), bundle.to_string()).unwrap();
        let report = parsed(&run(
            dir.path(),
            &["host", NAME, "--replay", "b.json", "-f", "json"],
        ));
        assert_eq!(
            claims(&report),
            [
                pair("domain_registry", "US"),
                pair("hosting_operator", "CH"),
                pair("network_holder", "CH"),
                pair("network_holder", "RU"),
                pair("registrar", "RU"),
            ]
        );
        let conflict = finding(&report, "network-sources-disagree").unwrap();
        assert!(
            conflict["message"]
                .as_str()
                .unwrap()
                .contains("registered to (RDAP): RU")
        );
        assert_eq!(
            report["hosts"]["H1"]["registrations"]
                .as_array()
                .unwrap()
                .len(),
            2
        );
        // What the recording has no answer to stays unknown.
        assert!(finding(&report, "host-lookup-incomplete").is_some());
        assert_eq!(report["run"]["offline"], true);
    }
}
