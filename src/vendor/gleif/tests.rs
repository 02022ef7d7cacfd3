//! Both forms of each file give the same records; a file that is cut, changed or of another kind gives an error and no panic.

use proptest::prelude::*;

use super::enrich::enrich_by_lei;
use super::{DataSet, Form, InstalledSet, LegalEntities, Summary, read, recognise};
use crate::base::records::Error;
use crate::base::time::parse_date;
use crate::identity::declared::maker;
use crate::model::evidence::Evidence;
use crate::model::finding::Status;
use crate::model::legal_entity::{LeiException, LeiRecord, LeiRelationship, LeiRow};
use crate::model::party::{Identifier, Role};
use crate::vendor::registry::Registry;

const CHILD: &str = "9999EXAMPLECHILD0158";
const PARENT: &str = "9999EXAMPLEPARENT061";

fn entities_xml() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<lei:LEIData xmlns:lei=\"http://www.gleif.org/data/schema/leidata/2016\">\
         <lei:LEIHeader><lei:ContentDate>2026-11-20T08:00:00Z</lei:ContentDate><lei:FileContent>GLEIF_FULL_PUBLISHED</lei:FileContent>\
         <lei:RecordCount>1</lei:RecordCount></lei:LEIHeader><lei:LEIRecords><lei:LEIRecord><lei:LEI>{CHILD}</lei:LEI>\
         <lei:Entity><lei:LegalName xml:lang=\"en\">Example Quarry &amp; Sons</lei:LegalName><lei:OtherEntityNames>\
         <lei:OtherEntityName type=\"PREVIOUS_LEGAL_NAME\">Example Pit</lei:OtherEntityName></lei:OtherEntityNames>\
         <lei:LegalAddress><lei:FirstAddressLine>1 Road</lei:FirstAddressLine><lei:City>Town</lei:City><lei:Country>KY</lei:Country></lei:LegalAddress>\
         <lei:HeadquartersAddress><lei:City>City</lei:City><lei:Country>US</lei:Country></lei:HeadquartersAddress>\
         <lei:RegistrationAuthority><lei:RegistrationAuthorityID>RA000088</lei:RegistrationAuthorityID>\
         <lei:RegistrationAuthorityEntityID>0042</lei:RegistrationAuthorityEntityID></lei:RegistrationAuthority>\
         <lei:LegalJurisdiction>KY</lei:LegalJurisdiction><lei:EntityCategory>GENERAL</lei:EntityCategory>\
         <lei:EntityStatus>ACTIVE</lei:EntityStatus></lei:Entity><lei:Registration>\
         <lei:LastUpdateDate>2026-02-01T08:00:00.000+02:00</lei:LastUpdateDate><lei:RegistrationStatus>ISSUED</lei:RegistrationStatus>\
         <lei:ValidationSources>FULLY_CORROBORATED</lei:ValidationSources></lei:Registration></lei:LEIRecord></lei:LEIRecords></lei:LEIData>"
    )
}

fn entities_csv() -> String {
    format!(
        "\"LEI\",\"Entity.LegalName\",\"Entity.LegalName.xmllang\",\"Entity.OtherEntityNames.OtherEntityName.1\",\
         \"Entity.OtherEntityNames.OtherEntityName.1.type\",\"Entity.LegalAddress.Country\",\"Entity.HeadquartersAddress.Country\",\
         \"Entity.RegistrationAuthority.RegistrationAuthorityID\",\"Entity.RegistrationAuthority.RegistrationAuthorityEntityID\",\
         \"Entity.LegalJurisdiction\",\"Entity.EntityCategory\",\"Entity.EntityStatus\",\"Registration.LastUpdateDate\",\
         \"Registration.RegistrationStatus\",\"Registration.ValidationSources\"\n\
         \"{CHILD}\",\"Example Quarry & Sons\",\"en\",\"Example Pit\",\"PREVIOUS_LEGAL_NAME\",\"KY\",\"US\",\"RA000088\",\"0042\",\"KY\",\
         \"GENERAL\",\"ACTIVE\",\"2026-02-01T08:00:00.000+02:00\",\"ISSUED\",\"FULLY_CORROBORATED\"\n"
    )
}

fn relationships_xml() -> String {
    format!(
        "<rr:RelationshipData xmlns:rr=\"http://www.gleif.org/data/schema/rr/2016\"><rr:Header><rr:ContentDate>2026-11-20T08:00:00Z</rr:ContentDate>\
         <rr:RecordCount>1</rr:RecordCount></rr:Header><rr:RelationshipRecords><rr:RelationshipRecord><rr:Relationship>\
         <rr:StartNode><rr:NodeID>{CHILD}</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:StartNode>\
         <rr:EndNode><rr:NodeID>{PARENT}</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:EndNode>\
         <rr:RelationshipType>IS_DIRECTLY_CONSOLIDATED_BY</rr:RelationshipType><rr:RelationshipPeriods>\
         <rr:RelationshipPeriod><rr:StartDate>2024-01-01T00:00:00Z</rr:StartDate><rr:EndDate>2024-12-31T00:00:00Z</rr:EndDate>\
         <rr:PeriodType>ACCOUNTING_PERIOD</rr:PeriodType></rr:RelationshipPeriod>\
         <rr:RelationshipPeriod><rr:StartDate>2020-05-01T00:00:00Z</rr:StartDate><rr:PeriodType>RELATIONSHIP_PERIOD</rr:PeriodType></rr:RelationshipPeriod>\
         </rr:RelationshipPeriods><rr:RelationshipStatus>ACTIVE</rr:RelationshipStatus><rr:RelationshipQualifiers><rr:RelationshipQualifier>\
         <rr:QualifierDimension>ACCOUNTING_STANDARD</rr:QualifierDimension><rr:QualifierCategory>IFRS</rr:QualifierCategory>\
         </rr:RelationshipQualifier></rr:RelationshipQualifiers></rr:Relationship><rr:Registration>\
         <rr:LastUpdateDate>2026-03-01T00:00:00Z</rr:LastUpdateDate><rr:RegistrationStatus>PUBLISHED</rr:RegistrationStatus>\
         <rr:ValidationSources>PARTIALLY_CORROBORATED</rr:ValidationSources></rr:Registration></rr:RelationshipRecord></rr:RelationshipRecords></rr:RelationshipData>"
    )
}

fn relationships_csv() -> String {
    format!(
        "Relationship.StartNode.NodeID,Relationship.StartNode.NodeIDType,Relationship.EndNode.NodeID,Relationship.EndNode.NodeIDType,\
         Relationship.RelationshipType,Relationship.RelationshipStatus,Relationship.Period.1.startDate,Relationship.Period.1.endDate,\
         Relationship.Period.1.periodType,Relationship.Period.2.startDate,Relationship.Period.2.endDate,Relationship.Period.2.periodType,\
         Relationship.Qualifiers.1.QualifierDimension,Relationship.Qualifiers.1.QualifierCategory,Registration.LastUpdateDate,\
         Registration.RegistrationStatus,Registration.ValidationSources\n\
         {CHILD},LEI,{PARENT},LEI,IS_DIRECTLY_CONSOLIDATED_BY,ACTIVE,2024-01-01T00:00:00Z,2024-12-31T00:00:00Z,ACCOUNTING_PERIOD,\
         2020-05-01T00:00:00Z,,RELATIONSHIP_PERIOD,ACCOUNTING_STANDARD,IFRS,2026-03-01T00:00:00Z,PUBLISHED,PARTIALLY_CORROBORATED\n"
    )
}

fn exceptions_xml() -> String {
    format!(
        "<repex:ReportingExceptionData xmlns:repex=\"http://www.gleif.org/data/schema/repex/2016\"><repex:Header>\
         <repex:ContentDate>2026-11-20T08:00:00Z</repex:ContentDate></repex:Header><repex:ReportingExceptions>\
         <repex:Exception xmlns:gleif=\"urn:x\"><repex:LEI>{CHILD}</repex:LEI><repex:ExceptionCategory>ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT</repex:ExceptionCategory>\
         <repex:ExceptionReason>NATURAL_PERSONS</repex:ExceptionReason><repex:ExceptionReason>NON_PUBLIC</repex:ExceptionReason>\
         <repex:Extension><gleif:Deletion/></repex:Extension></repex:Exception>\
         <repex:Exception><repex:LEI>{PARENT}</repex:LEI><repex:ExceptionCategory>DIRECT_ACCOUNTING_CONSOLIDATION_PARENT</repex:ExceptionCategory>\
         <repex:ExceptionReason>NO_LEI</repex:ExceptionReason><repex:Extension><gleif:Deletion xmlns:gleif=\"urn:x\"><gleif:DeletedAt>2026-11-19</gleif:DeletedAt></gleif:Deletion></repex:Extension>\
         </repex:Exception></repex:ReportingExceptions></repex:ReportingExceptionData>"
    )
}

fn exceptions_csv() -> String {
    format!(
        "LEI,Exception.Category,Exception.Reason.1,Exception.Reason.2,Exception.Reference.1\n\
         {CHILD},ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT,NATURAL_PERSONS,NON_PUBLIC,\n"
    )
}

fn all() -> Vec<(DataSet, Form, String)> {
    vec![
        (DataSet::Entities, Form::Xml, entities_xml()),
        (DataSet::Entities, Form::Csv, entities_csv()),
        (DataSet::Relationships, Form::Xml, relationships_xml()),
        (DataSet::Relationships, Form::Csv, relationships_csv()),
        (DataSet::Exceptions, Form::Xml, exceptions_xml()),
        (DataSet::Exceptions, Form::Csv, exceptions_csv()),
    ]
}

fn rows(set: DataSet, form: Form, file: &[u8]) -> Result<(Vec<LeiRow>, Summary), Error> {
    let mut rows = Vec::new();
    let mut input = file;
    let summary = read(set, form, &mut input, &mut |row| {
        rows.push(row);
        Ok(())
    })?;
    Ok((rows, summary))
}

#[test]
fn each_file_is_recognised_and_both_forms_give_the_same_records() {
    let files = all();
    for pair in files.chunks(2) {
        let [(set, xml, markup), (_, csv, delimited)] = pair else {
            panic!("pairs")
        };
        assert_eq!(recognise(markup.as_bytes()), Some((*set, *xml)));
        assert_eq!(recognise(delimited.as_bytes()), Some((*set, *csv)));
        let (of_markup, summary) = rows(*set, *xml, markup.as_bytes()).unwrap();
        let (of_columns, _) = rows(*set, *csv, delimited.as_bytes()).unwrap();
        assert_eq!(of_markup, of_columns, "{set:?}");
        assert_eq!(
            (of_markup.len(), summary.as_of),
            (1, parse_date("2026-11-20"))
        );
    }
}

#[test]
fn the_relationship_has_its_own_period_and_not_that_of_the_accounts() {
    let file = relationships_xml();
    let (rows, _) = rows(DataSet::Relationships, Form::Xml, file.as_bytes()).unwrap();
    let [LeiRow::Relationship(found)] = rows.as_slice() else {
        panic!("{rows:#?}")
    };
    assert_eq!((found.from, found.to), (parse_date("2020-05-01"), None));
    assert_eq!(found.standard, "IFRS");
}

#[test]
fn what_the_file_marks_as_deleted_is_left_out_and_counted() {
    let file = exceptions_xml();
    let (rows, summary) = rows(DataSet::Exceptions, Form::Xml, file.as_bytes()).unwrap();
    assert_eq!(rows.len(), 1, "an empty mark is none");
    assert_eq!((summary.records, summary.deleted), (2, 1));
}

#[test]
fn a_file_of_changes_is_not_taken_for_the_whole() {
    let delta = entities_xml().replace("GLEIF_FULL_PUBLISHED", "GLEIF_DELTA_PUBLISHED");
    let error = rows(DataSet::Entities, Form::Xml, delta.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("delta"), "{error}");
}

#[test]
fn a_few_records_without_an_lei_are_counted_and_many_are_an_error() {
    let mut file = exceptions_csv();
    for n in 0..300 {
        file.push_str(&format!(
            "9999EXAMPLE{n:09},ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT,NO_LEI,,\n"
        ));
    }
    file.push_str("short,ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT,NO_LEI,,\n");
    let (rows_read, summary) = rows(DataSet::Exceptions, Form::Csv, file.as_bytes()).unwrap();
    assert_eq!((rows_read.len(), summary.unusable), (301, 1));
    for _ in 0..9 {
        file.push_str("short,ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT,NO_LEI,,\n");
    }
    let error = rows(DataSet::Exceptions, Form::Csv, file.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("cannot be used"), "{error}");
}

#[test]
fn a_file_that_is_cut_is_an_error() {
    for (set, form, file) in all() {
        for end in 0..file.len() - 1 {
            let Some(part) = file.get(..end) else {
                continue;
            };
            match form {
                Form::Xml => assert!(rows(set, form, part.as_bytes()).is_err(), "{set:?} {end}"),
                // A row that ends early has too few fields, or is an unusable one; between rows nothing can be told.
                Form::Csv => {
                    let whole = rows(set, form, part.as_bytes()).map_or(0, |(rows, _)| rows.len());
                    assert!(whole <= 1);
                }
            }
        }
    }
}

#[test]
fn other_files_are_not_recognised() {
    for file in [
        "",
        "<html></html>",
        "{}",
        "LEI,ISIN\n",
        "<a:LEIDatas/>",
        "PK\u{3}\u{4}",
    ] {
        assert_eq!(recognise(file.as_bytes()), None, "{file}");
    }
}

proptest! {
    #[test]
    fn any_changed_octet_gives_records_or_an_error(which in 0usize..6, place in 0usize..3000, octet: u8) {
        let (set, form, file) = all().remove(which);
        let mut bytes = file.into_bytes();
        let place = place % bytes.len();
        bytes[place] = octet;
        let _ = recognise(&bytes);
        let _ = rows(set, form, &bytes);
    }
}

/// Data that are installed and cannot be read.
struct Unreadable([(String, String); 1]);

impl LegalEntities for Unreadable {
    fn sets(&self) -> &[InstalledSet] {
        &[]
    }

    fn broken(&self) -> &[(String, String)] {
        &self.0
    }

    fn record(&self, _: &str) -> Result<Option<LeiRecord>, String> {
        Err("entities cut".into())
    }

    fn above(&self, _: &str) -> Result<Vec<LeiRelationship>, String> {
        Err("relationships cut".into())
    }

    fn exceptions(&self, _: &str) -> Result<Vec<LeiException>, String> {
        Err("exceptions cut".into())
    }
}

#[test]
fn data_that_cannot_be_read_are_said_and_not_passed_over() {
    let mut party = maker("Example Quarry & Sons", Role::DeclaredVendor);
    party.identifiers.push(Identifier {
        scheme: "lei".into(),
        jurisdiction: None,
        value: CHILD.into(),
        evidence: Evidence::entry("test", "lei"),
    });
    let data = Unreadable([("entities".into(), "cut".into())]);
    let day = parse_date("2026-11-25").unwrap();
    let found = enrich_by_lei(&mut party, Registry::bundled().unwrap(), &data, day);
    for why in ["entities cut", "relationships cut", "exceptions cut"] {
        let said = found.iter().find(|f| f.message.contains(why)).unwrap();
        assert_eq!(said.definition.id, "lei-not-found");
        assert_eq!(said.status, Status::Unknown);
        assert_eq!(said.parties, [party.id.clone()]);
    }
}
