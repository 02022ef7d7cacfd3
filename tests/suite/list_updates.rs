//! `data update` of every form over the loopback, whatever the server answers and whenever the program is killed: the version in use is
//! whole, and an error says what was wrong.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use sha2::{Digest, Sha256};

use crate::support::web::{Reply, Server};

/// A list, the names of its files, and their text for so many entries.
struct Form {
    list: &'static str,
    instrument: &'static str,
    files: &'static [&'static str],
    text: fn(&str, usize) -> String,
}

fn rows(head: &str, count: usize, row: impl Fn(usize) -> String, tail: &str) -> String {
    let mut text = head.to_owned();
    (0..count).for_each(|n| text.push_str(&row(n)));
    text.push_str(tail);
    text
}

const FORMS: &[Form] = &[
    Form {
        list: "us-csl",
        instrument: "US-BIS-EL",
        files: &["consolidated.csv"],
        text: |_, count| {
            let row = |n| {
                format!(
                    "Entity List (EL) - Bureau of Industry and Security,{n},,,Example Quarry {n},\"1 Road, CN\",2020-01-02,,http://x.example,,\n"
                )
            };
            rows(
                "source,entity_number,type,programs,name,addresses,start_date,end_date,source_list_url,alt_names,ids\n",
                count,
                row,
                "",
            )
        },
    },
    Form {
        list: "us-csl-json",
        instrument: "US-BIS-EL",
        files: &["consolidated.json"],
        text: |_, count| {
            let row = |n| {
                format!(
                    "{}{{\"source\":\"Entity List (EL) - Bureau of Industry and Security\",\"name\":\"Example Quarry {n}\",\"type\":null,\"entity_number\":{n},\"alt_names\":[],\"addresses\":[{{\"country\":\"CN\"}}],\"programs\":[],\"ids\":[],\"start_date\":\"2020-01-02\"}}",
                    if n == 0 { "" } else { "," }
                )
            };
            rows("{\"total\":1,\"results\":[", count, row, "]}")
        },
    },
    Form {
        list: "eu-fsf",
        instrument: "EU-FSF",
        files: &["list.csv"],
        text: |_, count| {
            let row = |n| {
                format!("23/02/2024;{n};EU.{n}.1;E;2022-01-02;RUS;Example Quarry {n};true;CN\n")
            };
            rows(
                "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_SubjectType_ClassificationCode;Entity_Regulation_EntryIntoForceDate;Entity_Regulation_Programme;NameAlias_WholeName;NameAlias_Strong;Address_CountryIso2Code\n",
                count,
                row,
                "",
            )
        },
    },
    Form {
        list: "eu-fsf-xml",
        instrument: "EU-FSF",
        files: &["list.xml"],
        text: |_, count| {
            let row = |n| {
                format!(
                    "<sanctionEntity euReferenceNumber=\"EU.{n}.1\" designationDate=\"2022-01-02\"><subjectType code=\"enterprise\" classificationCode=\"E\"/><nameAlias wholeName=\"Example Quarry {n}\" strong=\"true\"/><address countryIso2Code=\"CN\"/></sanctionEntity>"
                )
            };
            rows(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><export xmlns=\"http://eu.example\" generationDate=\"2024-02-23T10:00:00\">",
                count,
                row,
                "</export>",
            )
        },
    },
    Form {
        list: "us-ofac-cons",
        instrument: "US-OFAC-CONS",
        files: &["CONS_PRIM.CSV", "CONS_ALT.CSV", "CONS_ADD.CSV"],
        text: |file, count| match file {
            "CONS_PRIM.CSV" => rows(
                "",
                count,
                |n| {
                    format!(
                        "{n},\"EXAMPLE QUARRY {n}\",-0- ,\"CMIC\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n"
                    )
                },
                "\u{1a}",
            ),
            "CONS_ALT.CSV" => rows(
                "",
                count,
                |n| format!("{n},{n},\"aka\",\"QUARREX {n}\",-0- \n"),
                "",
            ),
            _ => rows(
                "",
                count,
                |n| format!("{n},{n},-0- ,\"City\",\"China\",-0- \n"),
                "",
            ),
        },
    },
    Form {
        list: "opensanctions",
        instrument: "OPENSANCTIONS",
        files: &["targets.simple.csv"],
        text: |_, count| {
            rows(
                "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,dataset\n",
                count,
                |n| format!("x-{n},Company,Example Quarry {n},,,cn,,,,X\n"),
                "",
            )
        },
    },
    Form {
        list: "ch-seco",
        instrument: "CH-SECO",
        files: &["list.xml"],
        text: |_, count| {
            let row = |n| {
                format!(
                    "<target ssid=\"{n}\"><entity><identity main=\"true\"><name name-type=\"primary-name\" quality=\"good\"><name-part order=\"1\"><value>Example Quarry {n}</value></name-part></name></identity></entity><modification modification-type=\"listed\" effective-date=\"2020-01-02\"/></target>"
                )
            };
            rows(
                "<swiss-sanctions-list date=\"2024-03-01\">",
                count,
                row,
                "</swiss-sanctions-list>",
            )
        },
    },
    Form {
        list: "uk-sanctions",
        instrument: "UK-SANCTIONS",
        files: &["UK-Sanctions-List.csv"],
        text: |_, count| {
            let row = |n| {
                format!(
                    "01/02/2024,RUS{n},EXAMPLE QUARRY {n},Primary Name,Russia,Entity,China,24/02/2022\n"
                )
            };
            rows(
                "Report Date: 20-Nov-2026\nLast Updated,Unique ID,Name 6,Name type,Regime,Type,Address Country,Date Designated\n",
                count,
                row,
                "",
            )
        },
    },
    Form {
        list: "un-sc",
        instrument: "UN-SC",
        files: &["consolidated.xml"],
        text: |_, count| {
            let row = |n| {
                format!(
                    "<ENTITY><FIRST_NAME>EXAMPLE QUARRY {n}</FIRST_NAME><REFERENCE_NUMBER>XXe.{n}</REFERENCE_NUMBER></ENTITY>"
                )
            };
            rows(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><CONSOLIDATED_LIST dateGenerated=\"2026-11-20T00:00:00Z\"><ENTITIES>",
                count,
                row,
                "</ENTITIES></CONSOLIDATED_LIST>",
            )
        },
    },
];

struct Bench {
    data: tempfile::TempDir,
    server: Server,
}

impl Bench {
    fn new() -> Self {
        Self {
            data: tempfile::tempdir().unwrap(),
            server: Server::start(),
        }
    }

    /// Every file of the list answers so.
    fn answer(&self, form: &Form, reply: impl Fn(Vec<u8>) -> Reply, count: usize) {
        for file in form.files {
            let text = (form.text)(file, count).into_bytes();
            self.server
                .on(&format!("/{}/{file}", form.list), reply(text));
        }
    }

    fn command(&self, form: &Form, more: &[&str]) -> Command {
        let path = match form.files {
            [one] => format!("/{}/{one}", form.list),
            _ => format!("/{}", form.list),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_bonafide"));
        command
            .args([
                "data",
                "update",
                "--url",
                &format!("{}={}", form.list, self.server.url(&path)),
            ])
            .args(more)
            .env("BONAFIDE_DATA", self.data.path());
        command
    }

    fn update(&self, form: &Form, more: &[&str]) -> Output {
        self.command(form, more).output().unwrap()
    }

    /// Entries of the version in use, whose files are held against their digests.
    fn entries(&self, form: &Form) -> u64 {
        let version = self.version(form.list);
        let meta: serde_json::Value =
            serde_json::from_slice(&std::fs::read(version.join("meta.json")).unwrap()).unwrap();
        for part in meta["parts"].as_array().unwrap() {
            let bytes = std::fs::read(version.join(part["file"].as_str().unwrap())).unwrap();
            let found: String = Sha256::digest(&bytes)
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect();
            assert_eq!(part["sha256"], found.as_str());
        }
        assert!(version.join("index.bin").is_file());
        meta["entries"].as_u64().unwrap()
    }

    fn version(&self, list: &str) -> PathBuf {
        let folder = self.data.path().join("lists").join(list);
        let current = std::fs::read_to_string(folder.join("current")).unwrap();
        folder.join(current.trim())
    }

    fn look_up(&self) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_bonafide"))
            .args(["vendor", "Example Quarry 7"])
            .env("BONAFIDE_DATA", self.data.path())
            .output()
            .unwrap();
        said(&output)
    }
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn every_form_survives_whatever_a_server_answers() {
    let bench = Bench::new();
    let tag = "\"v1\"";
    for (place, form) in FORMS.iter().enumerate() {
        let list = form.list;
        bench.answer(
            form,
            |body| Reply::Tagged {
                body,
                tag: tag.into(),
            },
            60,
        );
        let first = bench.update(form, &["--accept-shrink"]);
        assert!(first.status.success(), "{list}: {}", said(&first));
        assert_eq!(bench.entries(form), 60);
        let again = bench.update(form, &["--accept-shrink"]);
        assert!(
            said(&again).contains("not changed"),
            "{list}: {}",
            said(&again)
        );
        let other = &FORMS[(place + 2) % FORMS.len()];
        let stranger = (other.text)(other.files[0], 60).into_bytes();
        let page = b"<!DOCTYPE html><html><body>Service unavailable</body></html>";
        type Bad<'r> = (&'r dyn Fn(Vec<u8>) -> Reply, &'r [&'r str], &'r str);
        let bad: &[Bad<'_>] = &[
            (&|body| Reply::Truncated(body), &[], "broke off"),
            (
                &|body| Reply::Body(body[..body.len() / 2].to_vec()),
                &[],
                list,
            ),
            (
                &|body| Reply::Body(body[..20].to_vec()),
                &["--accept-shrink"],
                list,
            ),
            (&|body| Reply::Body(body), &[], "not plausible"),
            (
                &|_| Reply::Body(page.to_vec()),
                &["--accept-shrink"],
                "not a",
            ),
            (
                &|_| Reply::Body(stranger.clone()),
                &["--accept-shrink"],
                "not a",
            ),
            (&|_| Reply::Body(Vec::new()), &["--accept-shrink"], list),
            (&|_| Reply::Status(404), &["--accept-shrink"], "404"),
            (
                &|_| Reply::Status(503),
                &["--accept-shrink", "--timeout", "2"],
                "503",
            ),
            (
                &|_| Reply::To("file:///etc/hostname".into()),
                &[],
                "not fetched",
            ),
            (
                &|_| Reply::Drip,
                &["--accept-shrink", "--timeout", "1"],
                "longer than",
            ),
        ];
        for (at, (reply, more, why)) in bad.iter().enumerate() {
            // One entry less, so that no body is the one installed.
            let lists_without_a_floor = list == "opensanctions" && at == 3;
            if lists_without_a_floor {
                continue;
            }
            bench.answer(form, reply, 30);
            let failed = bench.update(form, more);
            assert_eq!(
                failed.status.code(),
                Some(6),
                "{list} {at}: {}",
                said(&failed)
            );
            assert!(
                said(&failed).contains(why),
                "{list} {at} {why}: {}",
                said(&failed)
            );
            assert_eq!(bench.entries(form), 60, "{list} {at}");
        }
        let elsewhere = format!("/mirror/{list}");
        bench
            .server
            .body(&elsewhere, (form.text)(form.files[0], 70));
        if form.files.len() == 1 {
            bench.answer(form, |_| Reply::To(bench.server.url(&elsewhere)), 0);
        } else {
            bench.answer(form, Reply::Body, 70);
        }
        let moved = bench.update(form, &["--accept-shrink"]);
        assert!(moved.status.success(), "{list}: {}", said(&moved));
        assert!(
            said(&moved).contains("added    10"),
            "{list}: {}",
            said(&moved)
        );
        assert_eq!(bench.entries(form), 70);
    }
    let found = bench.look_up();
    for form in FORMS {
        assert!(found.contains(form.instrument), "{}: {found}", form.list);
    }
}

#[test]
fn an_index_that_is_missing_or_of_another_schema_is_made_again_by_an_update() {
    let bench = Bench::new();
    let form = FORMS.iter().find(|f| f.list == "un-sc").unwrap();
    let tag = "\"v1\"";
    bench.answer(
        form,
        |body| Reply::Tagged {
            body,
            tag: tag.into(),
        },
        450,
    );
    assert!(bench.update(form, &[]).status.success());
    let index = bench.version(form.list).join("index.bin");
    let whole = std::fs::read(&index).unwrap();
    let older = [b"bflist00", &whole[8..]].concat();
    for damage in [None, Some(older), Some(Vec::new())] {
        match &damage {
            None => std::fs::remove_file(&index).unwrap(),
            Some(bytes) => std::fs::write(&index, bytes).unwrap(),
        }
        let unanswered = bench.look_up();
        assert!(unanswered.contains("data update"), "{unanswered}");
        let update = bench.update(form, &[]);
        assert!(said(&update).contains("not changed"), "{}", said(&update));
        assert_eq!(std::fs::read(&index).unwrap(), whole);
        assert!(bench.look_up().contains("UN-SC"));
    }
}

#[cfg(unix)]
#[test]
fn a_kill_in_the_middle_of_an_update_leaves_a_version_whole() {
    let bench = Bench::new();
    let form = FORMS.iter().find(|f| f.list == "us-ofac-cons").unwrap();
    bench.answer(form, Reply::Body, 300);
    let start = Instant::now();
    assert!(bench.update(form, &[]).status.success());
    let whole = start.elapsed();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut finished = 0;
    for turn in 0..60_u32 {
        bench.answer(form, Reply::Body, if turn % 2 == 0 { 310 } else { 300 });
        let mut child = bench
            .command(form, &[])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let share = u32::try_from(random % 120).unwrap();
        std::thread::sleep(whole * share / 100);
        child.kill().unwrap();
        finished += u32::from(child.wait().unwrap().success());
        let left = bench.entries(form);
        assert!(left == 300 || left == 310, "{left}");
    }
    println!("{finished} of 60 were done before the kill; one takes {whole:?}");
    assert!(bench.look_up().contains("US-OFAC-CONS"));
    bench.answer(form, Reply::Body, 305);
    assert!(bench.update(form, &[]).status.success());
    assert_eq!(bench.entries(form), 305);
}
