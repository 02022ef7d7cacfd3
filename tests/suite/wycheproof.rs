//! Project Wycheproof's signature vectors against `verify::crypto`: nothing wrong, and unsupported is its own answer.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use bonafide::base::der::tag;
use bonafide::base::oid::Oid;
use bonafide::model::cms::AlgorithmIdentifier;
use bonafide::verify::crypto::{Answer, KeyAlgorithm, key, verify_message};
use serde_json::Value;

use crate::support::corpus;
use crate::support::der;

/// What one file came to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    right: usize,
    unsupported: usize,
    /// Vectors that Wycheproof leaves to the implementation: (accepted, refused).
    acceptable: (usize, usize),
    wrong: Vec<String>,
}

#[test]
fn no_vector_gets_a_wrong_answer_and_what_is_computed_with_is_never_unsupported() {
    let Some(archive) = corpus("reliability/wycheproof.tar.zst") else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    if !unpack(&archive, directory.path()) {
        println!("skipped: zstd or tar is not at hand");
        return;
    }
    let mut files: Vec<_> = std::fs::read_dir(directory.path().join("vectors"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut tallies = BTreeMap::new();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let document: Value =
            serde_json::from_reader(std::io::BufReader::new(std::fs::File::open(&file).unwrap()))
                .unwrap();
        if let Some(tally) = run(&document) {
            tallies.insert(name, tally);
        }
    }
    let mut total = Tally::default();
    for (name, tally) in &tallies {
        println!(
            "{name}: right {}, unsupported {}, acceptable {}+/{}-, wrong {}",
            tally.right,
            tally.unsupported,
            tally.acceptable.0,
            tally.acceptable.1,
            tally.wrong.len()
        );
        total.right += tally.right;
        total.unsupported += tally.unsupported;
        total.acceptable.0 += tally.acceptable.0;
        total.acceptable.1 += tally.acceptable.1;
        total
            .wrong
            .extend(tally.wrong.iter().map(|w| format!("{name}: {w}")));
    }
    println!(
        "all {} files: right {}, unsupported {}, acceptable {}+/{}-, wrong {}",
        tallies.len(),
        total.right,
        total.unsupported,
        total.acceptable.0,
        total.acceptable.1,
        total.wrong.len()
    );
    assert!(total.wrong.is_empty(), "{:#?}", total.wrong);
    assert!(total.right > 8_000, "the suite shrank: {}", total.right);
}

fn unpack(archive: &Path, into: &Path) -> bool {
    let Ok(mut zstd) = Command::new("zstd")
        .args(["-dc", "--long=27"])
        .arg(archive)
        .stdout(Stdio::piped())
        .spawn()
    else {
        return false;
    };
    let tar = Command::new("tar")
        .arg("-x")
        .arg("-C")
        .arg(into)
        .stdin(zstd.stdout.take().unwrap())
        .status();
    zstd.wait().is_ok_and(|s| s.success()) && tar.is_ok_and(|s| s.success())
}

/// `None` for files that hold no signatures in the encoding that CMS and X.509 use.
fn run(document: &Value) -> Option<Tally> {
    let schema = document["schema"].as_str()?;
    let mut tally = Tally::default();
    for group in document["testGroups"].as_array()? {
        let spki = hex(group
            .get("publicKeyDer")
            .or_else(|| group.get("keyDer"))?
            .as_str()?);
        let algorithm = algorithm(schema, group, &spki)?;
        let supported = computed_with(schema, group);
        for test in group["tests"].as_array()? {
            let answer = verify_message(
                &spki,
                &algorithm,
                None,
                &hex(test["msg"].as_str()?),
                &hex(test["sig"].as_str()?),
            );
            let expected = test["result"].as_str()?;
            match (expected, &answer) {
                ("valid", Answer::Valid) | ("invalid", Answer::Invalid) => tally.right += 1,
                ("acceptable", Answer::Valid) => tally.acceptable.0 += 1,
                ("acceptable", Answer::Invalid) => tally.acceptable.1 += 1,
                (_, Answer::Unsupported(_)) if !supported => tally.unsupported += 1,
                _ => tally.wrong.push(format!(
                    "{} ({}): {expected}, answered {answer:?}",
                    test["tcId"],
                    test["comment"].as_str().unwrap_or_default()
                )),
            }
        }
    }
    Some(tally)
}

/// The claim that the test holds the product to: everything here is computed with.
fn computed_with(schema: &str, group: &Value) -> bool {
    const HASHES: [&str; 5] = ["SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"];
    let known = |field: &str| {
        group[field]
            .as_str()
            .is_none_or(|hash| HASHES.contains(&hash))
    };
    let curve = group["publicKey"]["curve"].as_str().unwrap_or_default();
    let key = match schema {
        "ecdsa_verify_schema_v1.json" | "ecdsa_bitcoin_verify_schema.json" => {
            ["secp256r1", "secp384r1", "secp521r1"].contains(&curve)
        }
        "eddsa_verify_schema_v1.json" => curve == "edwards25519",
        "mldsa_verify_schema.json" => false,
        _ => true,
    };
    key && known("sha") && known("mgfSha")
}

fn algorithm(schema: &str, group: &Value, spki: &[u8]) -> Option<AlgorithmIdentifier> {
    let sha = group["sha"].as_str().unwrap_or_default();
    let plain = |dotted: &str| AlgorithmIdentifier {
        oid: Oid::parse(dotted).unwrap(),
        parameters: None,
    };
    Some(match schema {
        "rsassa_pkcs1_verify_schema_v1.json" | "rsassa_pkcs1_generate_schema_v1.json" => {
            AlgorithmIdentifier {
                parameters: Some(vec![tag::NULL, 0]),
                ..plain(match sha {
                    "SHA-1" => "1.2.840.113549.1.1.5",
                    "SHA-224" => "1.2.840.113549.1.1.14",
                    "SHA-256" => "1.2.840.113549.1.1.11",
                    "SHA-384" => "1.2.840.113549.1.1.12",
                    "SHA-512" => "1.2.840.113549.1.1.13",
                    "SHA-512/224" => "1.2.840.113549.1.1.15",
                    "SHA-512/256" => "1.2.840.113549.1.1.16",
                    "SHA3-224" => "2.16.840.1.101.3.4.3.13",
                    "SHA3-256" => "2.16.840.1.101.3.4.3.14",
                    "SHA3-384" => "2.16.840.1.101.3.4.3.15",
                    "SHA3-512" => "2.16.840.1.101.3.4.3.16",
                    other => panic!("{other}"),
                })
            }
        }
        "rsassa_pss_verify_schema_v1.json" | "rsassa_pss_with_parameters_verify_schema.json" => {
            AlgorithmIdentifier {
                parameters: Some(pss_parameters(group)),
                ..plain("1.2.840.113549.1.1.10")
            }
        }
        "ecdsa_verify_schema_v1.json" | "ecdsa_bitcoin_verify_schema.json" => plain(match sha {
            "SHA-1" => "1.2.840.10045.4.1",
            "SHA-224" => "1.2.840.10045.4.3.1",
            "SHA-256" => "1.2.840.10045.4.3.2",
            "SHA-384" => "1.2.840.10045.4.3.3",
            "SHA-512" => "1.2.840.10045.4.3.4",
            "SHA3-224" => "2.16.840.1.101.3.4.3.9",
            "SHA3-256" => "2.16.840.1.101.3.4.3.10",
            "SHA3-384" => "2.16.840.1.101.3.4.3.11",
            "SHA3-512" => "2.16.840.1.101.3.4.3.12",
            "SHAKE128" => "1.3.6.1.5.5.7.6.32",
            "SHAKE256" => "1.3.6.1.5.5.7.6.33",
            other => panic!("{other}"),
        }),
        "dsa_verify_schema_v1.json" => plain(match sha {
            "SHA-1" => "1.2.840.10040.4.3",
            "SHA-224" => "2.16.840.1.101.3.4.3.1",
            "SHA-256" => "2.16.840.1.101.3.4.3.2",
            other => panic!("{other}"),
        }),
        // The signature algorithm is the key's (RFC 8410 section 3, RFC 9881 section 2).
        "eddsa_verify_schema_v1.json" | "mldsa_verify_schema.json" => {
            let oid = match key(spki).unwrap().algorithm {
                KeyAlgorithm::Ed25519 => Oid::parse("1.3.101.112").unwrap(),
                KeyAlgorithm::Other(oid) => oid,
                other => panic!("{other:?}"),
            };
            AlgorithmIdentifier {
                oid,
                parameters: None,
            }
        }
        _ => return None,
    })
}

fn hash_identifier(name: &str) -> Vec<u8> {
    let dotted = match name {
        "SHA-1" => "1.3.14.3.2.26",
        "SHA-224" => "2.16.840.1.101.3.4.2.4",
        "SHA-256" => "2.16.840.1.101.3.4.2.1",
        "SHA-384" => "2.16.840.1.101.3.4.2.2",
        "SHA-512" => "2.16.840.1.101.3.4.2.3",
        "SHA-512/224" => "2.16.840.1.101.3.4.2.5",
        "SHA-512/256" => "2.16.840.1.101.3.4.2.6",
        "SHAKE128" => "2.16.840.1.101.3.4.2.11",
        "SHAKE256" => "2.16.840.1.101.3.4.2.12",
        other => panic!("{other}"),
    };
    der::sequence(&[der::oid(dotted), der::null()])
}

fn pss_parameters(group: &Value) -> Vec<u8> {
    let sha = group["sha"].as_str().unwrap();
    let mask = match group["mgf"].as_str() {
        Some("MGF1") => der::sequence(&[
            der::oid("1.2.840.113549.1.1.8"),
            hash_identifier(group["mgfSha"].as_str().unwrap()),
        ]),
        Some(shake) => hash_identifier(shake),
        None => panic!("no mask"),
    };
    der::sequence(&[
        der::explicit(0, &hash_identifier(sha)),
        der::explicit(1, &mask),
        der::explicit(2, &der::integer(group["sLen"].as_u64().unwrap())),
    ])
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap())
        .collect()
}
