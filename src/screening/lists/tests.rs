//! Small files in each form, hostile ones, and files cut anywhere.

use std::io::BufReader;

use time::Date;

use super::{ALL, Error, Spec, adapter, recognise};
use crate::base::data::LISTS;
use crate::base::time::parse_date;
use crate::model::list::{ListEntry, ListedKind, NameKind};

const SDN: &str = "36,\"AEROCARIBBEAN AIRLINES\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n\
31455,\"EXAMPLE TEKNOLODZHIZ AO\",-0- ,\"NPWMD] [CYBER2\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Website www.example.ru; Tax ID No. 7718668887 (Russia); Registration Number 1027700132195 (Russia); a.k.a. 'EXT'; Linked To: EXAMPLE SERVICE.\"\n\
9,\"DOE, John\",\"individual\",\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 1970.\"\n\
7,\"SHIP\",\"vessel\",\"DPRK\",-0- ,-0- ,-0- ,-0- ,-0- ,\"North Korea\",-0- ,\"Vessel Registration Identification IMO 8898831; Company Number IMO 5123456.\"\n\x1a";
const ALT: &str = "36,12,\"aka\",\"AERO-CARIBBEAN\",-0- \n31455,13,\"fka\",\"OLD EXAMPLE\",-0- \n";
const ADD: &str = "36,25,-0- ,\"Havana\",\"Cuba\",-0- \n31455,26,-0- ,\"Moscow\",\"Russia\",-0- \n";
const CSL: &str = "\u{feff}source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,standard_order,remarks,source_list_url,alt_names,citizenships,nationalities,vessel_flag,ids\n\
Entity List (EL) - Bureau of Industry and Security,,,,\"Example Corp; and any successor, sub-unit, or subsidiary thereof\",,\"1 Road, City, CN; 2 Road, RU\",80 FR 69852,2015-11-12,,,,http://x.example,\"A Alias; and B Alias\",,,,\n\
Specially Designated Nationals (SDN) - Treasury Department,31455,Entity,CYBER2; NPWMD,EXAMPLE AO,,\"Moscow, RU\",,,,,,http://x.example,,,,,\"RU, 7718668887, Tax ID No.; Website, www.example.ru; V.A.T. Number, CHE-267.936.404, CH\"\n\
Specially Designated Nationals (SDN) - Treasury Department,31455,Entity,CYBER2,EXAMPLE AO,,,,,,,,,,,,,\n";
const CSL_JSON: &str = r#"{"total": 1, "results": [{"source":"Denied Persons List (DPL) - Bureau of Industry and Security","name":"A {\"B\"}","type":null,"entity_number":7,"alt_names":["C"],"addresses":[{"country":"US"}],"programs":[],"ids":[{"type":"Tax ID No.","number":"7718668887","country":"RU"}],"start_date":"2020-01-02","end_date":"2021-01-02"}]}"#;
const EU: &str = "\u{feff}fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_DesignationDate;Entity_Remark;Entity_SubjectType_ClassificationCode;Entity_Regulation_EntryIntoForceDate;Entity_Regulation_NumberTitle;Entity_Regulation_Programme;NameAlias_WholeName;NameAlias_Strong;Address_CountryIso2Code;Identification_Number;Identification_TypeDescription;Identification_CountryIso2Code\n\
23/02/2024;1;EU.1.1;;;E;2022-01-02;2022/1;RUS;Example OOO;true;;;;\n\
23/02/2024;1;EU.1.1;;;E;;;;Exempel;false;;;;\n\
23/02/2024;1;EU.1.1;;;E;;;;;;RU;7718668887;Tax ID No.;RU\n\
23/02/2024;2;EU.2.2;;;P;;;;Jane Doe;true;BY;;;\n";
const EU_XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?><export xmlns="http://eu.example" generationDate="2024-02-23T10:00:00"><sanctionEntity euReferenceNumber="EU.1.1" designationDate=""><remark>R &amp; D</remark><regulation programme="RUS" numberTitle="2022/1" entryIntoForceDate="2022-01-02"/><subjectType code="enterprise" classificationCode="E"/><nameAlias wholeName="Example &amp; Sons" strong="true"/><nameAlias wholeName="Exempel" strong="false"/><address countryIso2Code="RU"/></sanctionEntity></export>"#;
const UK: &str = "Report Date: 25-Nov-2026\nLast Updated,Unique ID,OFSI Group ID,UN Ref,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Alias strength,Title,Name non-latin,Regime,Type,Address Country,Date Designated,Business registration number (s)\n\
01/02/2024,RUS0001,1,,EXAMPLE LLC,,,,,,Primary Name,,,ООО Пример,Russia,Entity,Russia,24/02/2022,1027700132195\n\
01/02/2024,RUS0001,1,,EXMPL,,,,,,Alias,Low quality a.k.a,,,Russia,Entity,,24/02/2022,\n\
01/02/2024,RUS0002,2,,Doe,John,,,,,Primary Name,,,,Russia,Individual,,24/02/2022,\n";
const UN: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z"><INDIVIDUALS><INDIVIDUAL><FIRST_NAME>JOHN</FIRST_NAME><SECOND_NAME>DOE</SECOND_NAME><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER></INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><FIRST_NAME>EXAMPLE</FIRST_NAME><REFERENCE_NUMBER>XXe.002</REFERENCE_NUMBER><LISTED_ON>2014-06-30</LISTED_ON><ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Arm&#233;e</ALIAS_NAME></ENTITY_ALIAS><ENTITY_ADDRESS><COUNTRY>Democratic Republic of the Congo</COUNTRY></ENTITY_ADDRESS></ENTITY></ENTITIES></CONSOLIDATED_LIST>"#;
const SECO: &str = r#"<swiss-sanctions-list date="2024-03-01"><target ssid="10"><sanctions-set-id>7</sanctions-set-id><entity><identity main="true"><name name-type="primary-name" quality="good"><name-part order="1"><value>Example AG</value><spelling-variant>Пример</spelling-variant></name-part></name><name name-type="alias" quality="low"><name-part order="2"><value>B</value></name-part><name-part order="1"><value>A</value></name-part></name><address place-ssid="5"/></identity></entity><modification modification-type="listed" effective-date="2020-01-02"/></target><target ssid="11"><entity><identity><name name-type="primary-name"><name-part order="1"><value>Gone</value></name-part></name></identity></entity><modification modification-type="listed" effective-date="2019-01-02"/><modification modification-type="de-listed" effective-date="2021-01-02"/></target><place ssid="5"><country iso-code="BY">Belarus</country></place></swiss-sanctions-list>"#;
const OPEN: &str = "\"id\",\"schema\",\"name\",\"aliases\",\"birth_date\",\"countries\",\"addresses\",\"identifiers\",\"sanctions\",\"phones\",\"emails\",\"dataset\"\n\"NK-1\",\"Company\",\"Example JSC\",\"A;B\",\"\",\"ru;by\",\"\",\"7718668887;12345;1027700132195\",\"\",\"\",\"\",\"X\"\n";

/// One file a form; the side files of OFAC apart.
fn samples() -> Vec<(&'static str, &'static str)> {
    vec![
        ("ofac-csv", SDN),
        ("csl-csv", CSL),
        ("csl-json", CSL_JSON),
        ("eu-csv", EU),
        ("eu-xml", EU_XML),
        ("uk-csv", UK),
        ("un-xml", UN),
        ("seco-xml", SECO),
        ("opensanctions-csv", OPEN),
    ]
}

fn parts(
    form: &str,
    files: &[(&'static str, &[u8])],
) -> Result<(Vec<ListEntry>, Option<Date>), Error> {
    let adapter = adapter(form).unwrap();
    let mut inputs: Vec<_> = files
        .iter()
        // A small buffer, so that every boundary is met.
        .map(|(part, bytes)| (*part, BufReader::with_capacity(7, *bytes)))
        .collect();
    let mut parts: Vec<super::Part<'_>> = inputs
        .iter_mut()
        .map(|(part, input)| {
            let input: &mut dyn std::io::BufRead = input;
            (*part, input)
        })
        .collect();
    let mut entries = Vec::new();
    let date = adapter.read("a-list", &mut parts, &mut |entry| {
        entries.push(entry);
        Ok(())
    })?;
    Ok((entries, date))
}

fn read(form: &str, bytes: &[u8]) -> Result<(Vec<ListEntry>, Option<Date>), Error> {
    let part = adapter(form).unwrap().parts()[0];
    parts(form, &[(part, bytes)])
}

fn names(entry: &ListEntry) -> Vec<(&str, NameKind)> {
    entry
        .names
        .iter()
        .map(|n| (n.text.as_str(), n.kind))
        .collect()
}

fn number(entry: &ListEntry, scheme: &str) -> Option<(String, Option<String>)> {
    let found = entry.numbers.iter().find(|n| n.scheme == scheme)?;
    Some((found.value.clone(), found.country.clone()))
}

#[test]
fn ofac_remarks_aliases_and_addresses_make_one_entry() {
    let (entries, _) = parts(
        "ofac-csv",
        &[
            ("primary", SDN.as_bytes()),
            ("aliases", ALT.as_bytes()),
            ("addresses", ADD.as_bytes()),
        ],
    )
    .unwrap();
    assert_eq!(entries.len(), 4);
    let company = &entries[1];
    assert_eq!(company.id, "31455");
    assert_eq!(company.kind, ListedKind::Organization);
    assert_eq!(company.programmes, ["NPWMD", "CYBER2"]);
    assert_eq!(company.countries, ["RU"]);
    assert_eq!(
        names(company),
        [
            ("EXAMPLE TEKNOLODZHIZ AO", NameKind::Primary),
            ("EXT", NameKind::Weak),
            ("OLD EXAMPLE", NameKind::Former)
        ]
    );
    let russian = |n: &str| Some((n.to_owned(), Some("RU".to_owned())));
    assert_eq!(number(company, "inn"), russian("7718668887"));
    assert_eq!(number(company, "ogrn"), russian("1027700132195"));
    assert_eq!(
        number(company, "registration-number"),
        russian("1027700132195")
    );
    assert_eq!(number(company, "linked-to").unwrap().0, "EXAMPLE SERVICE");
    assert_eq!(number(company, "website").unwrap().0, "www.example.ru");
    assert_eq!(entries[2].kind, ListedKind::Person);
    let ship = &entries[3];
    assert_eq!(number(ship, "imo").unwrap().0, "8898831");
    assert_eq!(
        ship.numbers.len(),
        1,
        "a shipping company's number is no ship's"
    );
    assert_eq!(ship.countries, ["KP"]);
}

#[test]
fn the_consolidated_screening_list_keeps_its_lists_apart_and_names_free_of_legal_text() {
    let (entries, _) = read("csl-csv", CSL.as_bytes()).unwrap();
    assert_eq!(entries.len(), 2, "a row that repeats is taken once");
    assert_eq!(entries[0].list, "us-bis-el");
    assert_eq!(entries[0].from, parse_date("2015-11-12"));
    assert_eq!(entries[0].countries, ["CN", "RU"]);
    assert_eq!(
        names(&entries[0]),
        [
            ("Example Corp", NameKind::Primary),
            ("A Alias", NameKind::Alias),
            ("B Alias", NameKind::Alias)
        ]
    );
    assert_eq!(entries[1].list, "us-ofac-sdn");
    assert_eq!(number(&entries[1], "inn").unwrap().0, "7718668887");
    assert_eq!(
        number(&entries[1], "vat"),
        Some(("CHE-267.936.404".into(), Some("CH".into())))
    );
    let (entries, _) = read("csl-json", CSL_JSON.as_bytes()).unwrap();
    assert_eq!(entries[0].list, "us-bis-dpl");
    assert_eq!(entries[0].until, parse_date("2021-01-02"));
    assert_eq!(entries[0].names[0].text, "A {\"B\"}");
    assert_eq!(number(&entries[0], "inn").unwrap().0, "7718668887");
}

#[test]
fn the_european_forms_merge_rows_and_keep_weak_names_weak() {
    let (entries, date) = read("eu-csv", EU.as_bytes()).unwrap();
    assert_eq!(date, parse_date("2024-02-23"));
    assert_eq!(entries.len(), 2);
    assert_eq!(
        names(&entries[0]),
        [
            ("Example OOO", NameKind::Primary),
            ("Exempel", NameKind::Weak)
        ]
    );
    assert_eq!(entries[0].countries, ["RU"]);
    assert_eq!(entries[0].from, parse_date("2022-01-02"));
    assert_eq!(number(&entries[0], "inn").unwrap().0, "7718668887");
    assert_eq!(entries[1].kind, ListedKind::Person);
    let (entries, date) = read("eu-xml", EU_XML.as_bytes()).unwrap();
    assert_eq!(date, parse_date("2024-02-23"));
    assert_eq!(
        names(&entries[0]),
        [
            ("Example & Sons", NameKind::Primary),
            ("Exempel", NameKind::Weak)
        ]
    );
    assert_eq!(entries[0].remarks, "R & D");
    let (entries, date) = read("uk-csv", UK.as_bytes()).unwrap();
    assert_eq!(date, parse_date("2026-11-25"));
    assert_eq!(
        names(&entries[0]),
        [
            ("EXAMPLE LLC", NameKind::Primary),
            ("ООО Пример", NameKind::Alias),
            ("EXMPL", NameKind::Weak)
        ]
    );
    assert_eq!(number(&entries[0], "ogrn").unwrap().0, "1027700132195");
    assert_eq!(entries[0].from, parse_date("2022-02-24"));
    assert_eq!(
        (entries[1].kind, names(&entries[1])[0].0),
        (ListedKind::Person, "John Doe")
    );
}

#[test]
fn the_united_nations_swiss_and_opensanctions_forms_are_read() {
    let (entries, date) = read("un-xml", UN.as_bytes()).unwrap();
    assert_eq!(date, parse_date("2026-02-27"));
    assert_eq!(names(&entries[0])[0].0, "JOHN DOE");
    assert_eq!(entries[1].countries, ["CD"]);
    assert_eq!(names(&entries[1])[1], ("Armée", NameKind::Former));
    let (entries, date) = read("seco-xml", SECO.as_bytes()).unwrap();
    assert_eq!(date, parse_date("2024-03-01"));
    assert_eq!(entries.len(), 1, "a de-listed target is no entry");
    assert_eq!(entries[0].countries, ["BY"]);
    assert_eq!(
        names(&entries[0]),
        [
            ("Example AG", NameKind::Primary),
            ("Пример", NameKind::Alias),
            ("A B", NameKind::Weak)
        ]
    );
    let (entries, _) = read("opensanctions-csv", OPEN.as_bytes()).unwrap();
    assert_eq!(entries[0].countries, ["RU", "BY"]);
    assert!(number(&entries[0], "inn").is_some() && number(&entries[0], "ogrn").is_some());
}

#[test]
fn each_form_is_recognised_by_its_own_adapter_alone() {
    for (form, text) in samples() {
        let found: Vec<&str> = recognise(text.as_bytes())
            .iter()
            .map(|(a, _)| a.id())
            .collect();
        assert_eq!(found, [form]);
    }
    assert_eq!(
        adapter("ofac-csv").unwrap().recognise(ALT.as_bytes()),
        Some("aliases")
    );
    assert_eq!(
        adapter("ofac-csv").unwrap().recognise(ADD.as_bytes()),
        Some("addresses")
    );
    assert!(
        recognise(b"<!DOCTYPE html><html><body>503 Service Unavailable</body></html>").is_empty()
    );
    assert!(recognise(b"").is_empty());
}

#[test]
fn a_page_of_errors_is_no_list_in_any_form() {
    for adapter in ALL {
        for page in [
            &b"<html><head><title>Error</title></head><body>x</body></html>"[..],
            b"{\"error\": \"no\"}",
            b"",
            b"PK\x03\x04",
        ] {
            let read = read(adapter.id(), page);
            let none = matches!(&read, Ok((entries, _)) if entries.is_empty());
            assert!(
                none || matches!(read, Err(Error::Form { .. })),
                "{}: {read:?}",
                adapter.id()
            );
        }
    }
}

#[test]
fn a_cut_or_changed_file_is_an_error_or_fewer_entries_and_never_a_panic() {
    for (form, text) in samples() {
        let whole = read(form, text.as_bytes()).unwrap().0.len();
        for end in (0..text.len()).step_by(3) {
            if let Ok((entries, _)) = read(form, &text.as_bytes()[..end]) {
                assert!(entries.len() <= whole);
            }
        }
        for place in (0..text.len()).step_by(2) {
            for bit in [0, 5] {
                let mut bytes = text.as_bytes().to_vec();
                bytes[place] ^= 1 << bit;
                let _ = read(form, &bytes);
            }
        }
    }
    for (form, text) in samples() {
        if form.ends_with("xml") || form.ends_with("json") {
            let cut = &text.as_bytes()[..text.len() - 4];
            assert!(
                read(form, cut).is_err(),
                "{form}: the end is missing and nobody says so"
            );
        }
    }
}

#[test]
fn markup_defines_no_entities_and_does_not_nest_without_end() {
    let bomb = UN.replace(
        "?><CONS",
        "?><!DOCTYPE x [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><CONS",
    );
    let why = read("un-xml", bomb.as_bytes()).unwrap_err().to_string();
    assert!(why.contains("document type"), "{why}");
    assert!(read("un-xml", UN.replace("EXAMPLE", "&b;").as_bytes()).is_err());
    let deep = UN.replace("EXAMPLE", &"<a>".repeat(1000));
    assert!(read("un-xml", deep.as_bytes()).is_err());
    let long = UN.replace("EXAMPLE", &"x".repeat(super::MAX_RECORD + 1));
    assert!(read("un-xml", long.as_bytes()).is_err());
    let attribute = UN.replace(
        "dateGenerated=\"",
        &format!("dateGenerated=\"{}", "x".repeat(super::MAX_RECORD)),
    );
    assert!(read("un-xml", attribute.as_bytes()).is_err());
}

#[test]
fn a_quote_that_is_never_closed_ends_at_a_limit() {
    let mut bytes = b"36,\"".to_vec();
    bytes.resize(super::MAX_RECORD * 2, b'x');
    let why = read("ofac-csv", &bytes).unwrap_err().to_string();
    assert!(why.contains("longer than"), "{why}");
    let many = "36,".repeat(1000);
    assert!(read("ofac-csv", many.as_bytes()).is_err());
    let mut object = b"{\"results\":[{\"a\":\"".to_vec();
    object.resize(super::MAX_RECORD * 2, b'x');
    assert!(read("csl-json", &object).is_err());
}

#[test]
fn every_description_of_a_list_can_be_read_and_names_a_form() {
    assert!(LISTS.len() >= 10);
    for (file, text) in LISTS {
        let spec = Spec::parse(text).unwrap_or_else(|e| panic!("{file}: {e}"));
        assert_eq!(&spec.id, file);
        let adapter =
            adapter(&spec.form).unwrap_or_else(|| panic!("{file}: no form {}", spec.form));
        for (part, known) in spec.parts.iter().zip(adapter.parts()) {
            assert_eq!(&part.name, known);
            assert!(part.url.starts_with("https://"), "{file}");
        }
        assert!(
            spec.parts.is_empty() || spec.parts.len() == adapter.parts().len(),
            "{file}"
        );
        assert!(spec.fresh_days > 0 && spec.least_entries > 0);
    }
    let ids: Vec<&str> = ALL.iter().map(|a| a.id()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
}
