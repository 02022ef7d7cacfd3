use super::budget::Budget;
use super::fault::{Defect, Fault, fold};
use super::names::{normal_form, same, within};
use super::{constraints, rules::Rules};
use crate::model::certificate::{CertificateId, Name, NameAttribute};
use crate::model::signature::TrustStatus;
use crate::verify::profile::Profile;

fn name(attributes: &[(&[u8], usize, &str)]) -> Name {
    Name {
        // Unequal encodings, so that only the comparison decides.
        raw: format!("{attributes:?}").into_bytes(),
        attributes: attributes
            .iter()
            .map(|(oid, rdn, value)| NameAttribute {
                oid: crate::base::oid::Oid::from_der(oid),
                rdn: *rdn,
                string_tag: 0x0c,
                value: (*value).to_owned(),
                faults: Vec::new(),
            })
            .collect(),
    }
}

const CN: &[u8] = &[0x55, 4, 3];
const O: &[u8] = &[0x55, 4, 10];

#[test]
fn names_are_equal_beyond_case_spaces_and_order_inside_a_set_and_no_further() {
    let one = name(&[(O, 0, "Example  Ltd "), (CN, 1, "Caf\u{e9} CA")]);
    assert!(same(
        &one,
        &name(&[(O, 0, "example ltd"), (CN, 1, "cafe\u{301} ca")])
    ));
    assert!(!same(
        &one,
        &name(&[(CN, 0, "Caf\u{e9} CA"), (O, 1, "Example Ltd")])
    ));
    assert!(!same(
        &one,
        &name(&[(O, 0, "Example Ltd"), (CN, 0, "Caf\u{e9} CA")])
    ));
    assert!(!same(
        &one,
        &name(&[(O, 0, "ExampleLtd"), (CN, 1, "Caf\u{e9} CA")])
    ));
    let set = name(&[(O, 0, "a"), (CN, 0, "b")]);
    assert!(same(&set, &name(&[(CN, 0, "B"), (O, 0, "A")])));
    assert!(within(
        &normal_form(&one),
        &normal_form(&name(&[(O, 0, "EXAMPLE LTD")]))
    ));
    assert!(within(&normal_form(&one), &[]));
    assert!(!within(
        &normal_form(&name(&[(O, 0, "x")])),
        &normal_form(&one)
    ));
}

#[test]
fn only_a_path_without_faults_is_trusted() {
    assert_eq!(fold(&[]), TrustStatus::Trusted);
    let of = |faults: &[Fault]| {
        let defects: Vec<Defect> = faults.iter().map(|f| Defect::new(*f, "")).collect();
        fold(&defects)
    };
    assert_eq!(of(&[Fault::Expired]), TrustStatus::Expired);
    assert_eq!(of(&[Fault::UnsupportedAlgorithm]), TrustStatus::Unknown);
    assert_eq!(
        of(&[Fault::UnsupportedAlgorithm, Fault::Expired, Fault::NotACa]),
        TrustStatus::Untrusted
    );
    assert_eq!(of(&[Fault::NotACa, Fault::Revoked]), TrustStatus::Revoked);
    let refused = Defect::refused(super::Refusal {
        fault: "root-says-yes",
        status: TrustStatus::Trusted,
        reason: String::new(),
    });
    assert_eq!(
        fold(&[refused]),
        TrustStatus::Untrusted,
        "a refusal never trusts"
    );
}

#[test]
fn the_budget_counts_each_signature_once_and_ends() {
    let mut budget = Budget::new();
    let id = |n: u8| CertificateId([n; 32]);
    for _ in 0..10 {
        assert!(budget.signature([1; 32], id(1)));
    }
    let granted = (2..=255u8)
        .filter(|n| budget.signature([1; 32], id(*n)))
        .count();
    assert_eq!(granted, 99);
    assert!(budget.exceeded() && !budget.step());
    let mut budget = Budget::new();
    let examined = (0..1000).filter(|_| budget.path()).count();
    assert_eq!(examined, 64);
    assert!(budget.exceeded());
}

#[test]
fn an_empty_path_is_no_path() {
    let rules = Rules::of(Profile::Windows);
    let question = super::check::Question {
        purpose: super::Purpose::CodeSigning,
        rules: &rules,
        basis: super::strength::Basis {
            at: crate::base::time::parse_rfc3339("2026-01-01").unwrap(),
            attested: false,
        },
        lifetime: false,
    };
    let examined = super::check::examine(&[], &question, &mut 0);
    assert_eq!(fold(&examined.defects), TrustStatus::Untrusted);
    assert!(constraints::check(&[], true, &mut 0).is_ok());
}
