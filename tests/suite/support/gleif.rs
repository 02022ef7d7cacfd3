//! Files of the LEI system, of invented entities: level 1, relationship records and reporting exceptions, as XML and as CSV.

use std::fmt::Write as _;

use super::zip;

/// An LEI with right check digits (ISO 17442, ISO 7064 MOD 97-10) after these first eighteen characters or fewer.
pub(crate) fn lei(stem: &str) -> String {
    let stem = format!("{stem:0<18}");
    let rest = stem.chars().chain(['0', '0']).fold(0u32, |rest, c| {
        let value = c.to_digit(36).expect("a letter or digit");
        let shift = if value > 9 { 100 } else { 10 };
        (rest * shift + value) % 97
    });
    format!("{stem}{:02}", 98 - rest)
}

/// A level 1 record.
#[derive(Debug, Clone)]
pub(crate) struct Entity {
    pub(crate) lei: String,
    pub(crate) name: String,
    /// Legal jurisdiction.
    pub(crate) seat: &'static str,
    /// Country of the headquarters.
    pub(crate) office: &'static str,
}

/// A relationship record: (child, parent, type, registration status, start, end).
pub(crate) type Relationship<'r> = (&'r str, &'r str, &'r str, &'r str, &'r str, &'r str);

pub(crate) fn entity(lei: &str, name: &str, seat: &'static str) -> Entity {
    Entity {
        lei: lei.into(),
        name: name.into(),
        seat,
        office: seat,
    }
}

pub(crate) fn entities_csv(all: impl IntoIterator<Item = Entity>) -> Vec<u8> {
    let mut text = String::from(
        "\"LEI\",\"Entity.LegalName\",\"Entity.LegalAddress.Country\",\"Entity.HeadquartersAddress.Country\",\"Entity.LegalJurisdiction\",\"Entity.EntityStatus\",\"Registration.RegistrationStatus\",\"Registration.ValidationSources\"\n",
    );
    for e in all {
        writeln!(
            text,
            "\"{}\",\"{}\",\"{}\",\"{}\",\"{}\",\"ACTIVE\",\"ISSUED\",\"FULLY_CORROBORATED\"",
            e.lei, e.name, e.seat, e.office, e.seat
        )
        .unwrap();
    }
    text.into_bytes()
}

pub(crate) fn entities_xml(all: &[Entity]) -> Vec<u8> {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<lei:LEIData xmlns:lei=\"http://www.gleif.org/data/schema/leidata/2016\"><lei:LEIHeader><lei:ContentDate>2026-11-20T08:00:00Z</lei:ContentDate><lei:FileContent>GLEIF_FULL_PUBLISHED</lei:FileContent><lei:RecordCount>{}</lei:RecordCount></lei:LEIHeader><lei:LEIRecords>",
        all.len()
    );
    for e in all {
        write!(
            text,
            "<lei:LEIRecord><lei:LEI>{}</lei:LEI><lei:Entity><lei:LegalName xml:lang=\"en\">{}</lei:LegalName><lei:LegalAddress><lei:Country>{}</lei:Country></lei:LegalAddress><lei:HeadquartersAddress><lei:Country>{}</lei:Country></lei:HeadquartersAddress><lei:LegalJurisdiction>{}</lei:LegalJurisdiction><lei:EntityStatus>ACTIVE</lei:EntityStatus></lei:Entity><lei:Registration><lei:RegistrationStatus>ISSUED</lei:RegistrationStatus><lei:ValidationSources>FULLY_CORROBORATED</lei:ValidationSources></lei:Registration></lei:LEIRecord>",
            e.lei, e.name, e.seat, e.office, e.seat
        )
        .unwrap();
    }
    text.push_str("</lei:LEIRecords></lei:LEIData>");
    text.into_bytes()
}

pub(crate) fn relationships_csv(all: &[Relationship<'_>]) -> Vec<u8> {
    let mut text = String::from(
        "Relationship.StartNode.NodeID,Relationship.StartNode.NodeIDType,Relationship.EndNode.NodeID,Relationship.EndNode.NodeIDType,Relationship.RelationshipType,Relationship.RelationshipStatus,Relationship.Period.1.startDate,Relationship.Period.1.endDate,Relationship.Period.1.periodType,Registration.RegistrationStatus,Registration.ValidationSources\n",
    );
    for (child, parent, kind, registration, from, to) in all {
        writeln!(
            text,
            "{child},LEI,{parent},LEI,{kind},ACTIVE,{from},{to},RELATIONSHIP_PERIOD,{registration},PARTIALLY_CORROBORATED"
        )
        .unwrap();
    }
    text.into_bytes()
}

pub(crate) fn relationships_xml(all: &[Relationship<'_>]) -> Vec<u8> {
    let mut text = String::from(
        "<rr:RelationshipData xmlns:rr=\"http://www.gleif.org/data/schema/rr/2016\"><rr:Header><rr:ContentDate>2026-11-20T08:00:00Z</rr:ContentDate></rr:Header><rr:RelationshipRecords>",
    );
    for (child, parent, kind, registration, from, to) in all {
        write!(
            text,
            "<rr:RelationshipRecord><rr:Relationship><rr:StartNode><rr:NodeID>{child}</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:StartNode><rr:EndNode><rr:NodeID>{parent}</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:EndNode><rr:RelationshipType>{kind}</rr:RelationshipType><rr:RelationshipPeriods><rr:RelationshipPeriod><rr:StartDate>{from}</rr:StartDate><rr:EndDate>{to}</rr:EndDate><rr:PeriodType>RELATIONSHIP_PERIOD</rr:PeriodType></rr:RelationshipPeriod></rr:RelationshipPeriods><rr:RelationshipStatus>ACTIVE</rr:RelationshipStatus></rr:Relationship><rr:Registration><rr:RegistrationStatus>{registration}</rr:RegistrationStatus><rr:ValidationSources>PARTIALLY_CORROBORATED</rr:ValidationSources></rr:Registration></rr:RelationshipRecord>"
        )
        .unwrap();
    }
    text.push_str("</rr:RelationshipRecords></rr:RelationshipData>");
    text.into_bytes()
}

/// (LEI, category, reasons).
pub(crate) fn exceptions_csv(all: &[(&str, &str, &[&str])]) -> Vec<u8> {
    let mut text = String::from("LEI,Exception.Category,Exception.Reason.1,Exception.Reason.2\n");
    for (lei, category, reasons) in all {
        let reason = |n: usize| reasons.get(n).copied().unwrap_or_default();
        writeln!(text, "{lei},{category},{},{}", reason(0), reason(1)).unwrap();
    }
    text.into_bytes()
}

/// A file as GLEIF hands it out: alone in a zip.
pub(crate) fn zipped(name: &str, content: Vec<u8>) -> Vec<u8> {
    zip::archive(&[(name.to_owned(), content)], true)
}
