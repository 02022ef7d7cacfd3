use std::collections::BTreeSet;

use super::{FormClass, Named, Parenthesis, compare, fold, normalise, parenthesis};
use crate::model::party::Tier;

fn tier(a: (&str, &str), b: (&str, &str)) -> Option<Tier> {
    let set = |c: &str| -> BTreeSet<String> {
        if c.is_empty() {
            BTreeSet::new()
        } else {
            BTreeSet::from([c.to_owned()])
        }
    };
    let (na, nb) = (normalise(a.0), normalise(b.0));
    compare(
        Named {
            name: &na,
            countries: &set(a.1),
        },
        Named {
            name: &nb,
            countries: &set(b.1),
        },
    )
    .map(|c| c.tier)
}

#[test]
fn folding_is_idempotent_and_ignores_case_accents_script_variants_and_punctuation() {
    for (text, folded) in [
        ("ESET, spol. s r.o.", "eset spol s ro"),
        ("Na Hřebenech", "na hrebenech"),
        (
            "АО «Лаборатория Касперского»",
            "ao laboratoriya kasperskogo",
        ),
        ("Позитив Текнолоджиз", "pozitiv teknolodzhiz"),
        ("Ｈｕａｗｅｉ", "huawei"),
        ("Johnson & Johnson", "johnson and johnson"),
        ("AT&T", "at and t"),
        ("O\u{2019}Reilly", "oreilly"),
        ("Straße", "strasse"),
        ("成都密思听科技有限公司", "成都密思听科技有限公司"),
        ("삼성전자", "삼성전자"),
        ("a\u{200b}b", "ab"),
        ("", ""),
        ("...", ""),
    ] {
        assert_eq!(fold(text), folded);
        assert_eq!(fold(folded), folded);
    }
}

#[test]
fn legal_forms_peel_at_both_ends_and_never_to_nothing() {
    for (name, core) in [
        ("AO Kaspersky Lab", "kaspersky lab"),
        ("Kaspersky Lab AO", "kaspersky lab"),
        ("ООО «Веб-Сервер»", "veb server"),
        ("HUAWEI TECHNOLOGIES CO.,LTD", "huawei technologies"),
        (
            "Hytera Communications Corporation Limited",
            "hytera communications",
        ),
        ("The Qt Company Oy", "qt"),
        (
            "Legion of the Bouncy Castle Inc.",
            "legion of the bouncy castle",
        ),
        ("成都密思听科技有限公司", "成都密思听科技"),
        (
            "Beijing Integrity Technology Company, Limited",
            "beijing integrity technology",
        ),
        ("Limited", "limited"),
        ("AO", "ao"),
        ("Co., Ltd.", "co"),
        ("Acronis (Singapore) Pte. Ltd.", "acronis singapore"),
    ] {
        assert_eq!(normalise(name).core, core, "{name}");
    }
    assert_eq!(
        normalise("AKTSIONERNOE OBSHCHESTVO POZITIV").forms,
        BTreeSet::from([FormClass::JointStock])
    );
}

#[test]
fn only_name_and_country_together_make_one_entity() {
    assert_eq!(
        tier(("AO Kaspersky Lab", "RU"), ("JSC Kaspersky Lab", "RU")),
        Some(Tier::Same)
    );
    assert_eq!(
        tier(("OOO Kaspersky Lab", "RU"), ("AO Kaspersky Lab", "RU")),
        Some(Tier::Group)
    );
    assert_eq!(
        tier(("JetBrains s.r.o.", "CZ"), ("JetBrains N.V.", "NL")),
        Some(Tier::Group)
    );
    assert_eq!(
        tier(("Kaspersky Lab", ""), ("AO Kaspersky Lab", "RU")),
        Some(Tier::Review)
    );
    assert_eq!(
        tier(("Global Software Ltd", "GB"), ("Global Software LLC", "GB")),
        Some(Tier::Review)
    );
    assert_eq!(
        tier(("ZTR Corporation", "US"), ("ZTE Corporation", "CN")),
        None
    );
    assert_eq!(
        tier(("Teleset ltd.", "SK"), ("ESET, spol. s r.o.", "SK")),
        None
    );
    assert_eq!(tier(("", "RU"), ("", "RU")), None);
}

#[test]
fn a_trailing_parenthesis_is_a_legal_name_a_short_name_or_a_place() {
    assert_eq!(
        parenthesis("Json.NET (.NET Foundation)"),
        Some(Parenthesis::LegalName {
            trade: "Json.NET".into(),
            legal: ".NET Foundation".into()
        })
    );
    assert_eq!(
        parenthesis("Huawei Technologies Co., Ltd. (Huawei)"),
        Some(Parenthesis::ShortName {
            legal: "Huawei Technologies Co., Ltd.".into(),
            short: "Huawei".into()
        })
    );
    assert_eq!(parenthesis("Microsoft (China)"), None);
    assert_eq!(
        parenthesis("Tencent Technology (Shenzhen) Company Limited"),
        None
    );
    assert_eq!(parenthesis("()"), None);
}
