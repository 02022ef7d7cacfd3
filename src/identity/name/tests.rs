use std::collections::BTreeSet;

use super::{
    Common, FormClass, Named, Parenthesis, compare, fold, keys, may_be_one_person, normalise,
    parenthesis, person_keys, resemble, variants, wanted,
};
use crate::model::party::Tier;
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};

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
    assert_eq!(parenthesis("Zyxwvu General Trading (LLC)"), None);
    assert_eq!(normalise("Zyxwvu (P.J.S.C.)").core, "zyxwvu");
    assert_eq!(parenthesis("()"), None);
}

#[test]
fn every_listed_legal_form_is_folded_as_names_are_and_peels_off_one() {
    let mut count = 0usize;
    for (form, _, codes) in super::forms::elf() {
        assert_eq!(fold(form), form);
        assert!(
            codes.split(',').all(|code| code.len() == 4),
            "{form}: {codes}"
        );
        let name = normalise(&format!("Zyxwvu {form}"));
        assert_eq!(name.core, "zyxwvu", "{form}");
        count += 1;
    }
    assert!(count > 400, "{count}");
}

#[test]
fn a_form_with_a_letter_wrong_or_cut_off_is_still_a_form() {
    for name in ["Zyxwvu Joynt Stock Company", "Zyxwvu Joint Stock Compan"] {
        assert_eq!(normalise(name).core, "zyxwvu", "{name}");
    }
    assert_eq!(normalise("Zyxwvu Stock").core, "zyxwvu stock");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn folding_twice_is_folding_once_for_any_text(text in any::<String>()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn comparing_is_symmetric_for_any_texts(
        a in "[A-Za-zÀ-žΑ-ωА-я0-9 .,&()/-]{0,24}", b in "[A-Za-zÀ-žΑ-ωА-я0-9 .,&()/-]{0,24}", near in any::<bool>()
    ) {
        let b = if near { format!("{a}{}", b.chars().take(2).collect::<String>()) } else { b };
        let (a, b) = (normalise(&a), normalise(&b));
        let none = BTreeSet::new();
        let named = |name| Named { name, countries: &none };
        let there = resemble(named(&a), named(&b), &Common::default());
        let back = resemble(named(&b), named(&a), &Common::default());
        prop_assert_eq!(there.as_ref().map(|c| (c.tier, c.rule)), back.as_ref().map(|c| (c.tier, c.rule)));
        prop_assert_eq!(there.map(|c| c.compared), back.map(|c| (c.compared.1, c.compared.0)));
    }

    #[test]
    fn words_in_any_order_may_be_one_person_and_share_a_key(
        words in proptest::collection::vec("[a-z]{2,9}", 2..6), more in "[a-z]{0,9}"
    ) {
        let there = normalise(&words.join(" "));
        let mut turned: Vec<&str> = words.iter().rev().map(String::as_str).collect();
        turned.push(&more);
        let back = normalise(&turned.join(", "));
        let several = words.iter().collect::<BTreeSet<_>>().len() > 1;
        prop_assert_eq!(may_be_one_person(&there, &back), several);
        prop_assert_eq!(may_be_one_person(&back, &there), several);
        let keys = person_keys(&there);
        prop_assert!(!several || person_keys(&back).iter().any(|key| keys.contains(key)));
    }

    #[test]
    fn any_text_has_few_keys_and_a_normal_form(text in any::<String>()) {
        prop_assert!(keys(&text).len() <= 48);
        prop_assert!(variants(&text).iter().all(|v| !v.name.core.is_empty()));
    }
}

#[test]
fn names_that_resemble_share_a_key() {
    for (a, b) in [
        ("Zyxwvu Instruments Ltd", "ZYXWVU Holdings"),
        ("Good Wyll Zyx", "Goodwyll Zyx"),
        ("Zyxwvut", "Zyxwvat"),
        ("Zyxwvu Fund II", "Zyxwvu Fund III"),
        ("Micr\u{43e}zyx", "Microzyx"),
        ("Andrang Zyx", "Ndrangzyx"),
        ("Schyll plc", "Shyll plc"),
        ("Abcdefghijk", "Abcdefghi"),
    ] {
        for (party, entry) in [(a, b), (b, a)] {
            assert!(
                wanted(party).iter().any(|key| keys(entry).contains(key)),
                "{party} {entry}"
            );
        }
    }
}

#[test]
fn of_too_many_keys_those_that_say_most_are_kept() {
    let words: Vec<String> = ('a'..='x').map(|c| format!("zyxwv{c}quarry")).collect();
    let name = words.join(" ");
    for found in [keys(&name), wanted(&name)] {
        assert!(found.iter().any(|key| key.starts_with('=')), "{found:?}");
        for word in &words {
            assert!(found.contains(&format!("w{word}")), "{word} {found:?}");
        }
    }
}

#[test]
fn hostile_names_cost_little() {
    let none = BTreeSet::new();
    for unit in [
        "a ",
        "ab",
        "joint stock company ",
        "\u{fdfa}",
        "(",
        " a/k/a b",
        "one ",
        "и́",
        "0",
    ] {
        let text: String = unit.repeat(4096).chars().take(4096).collect();
        let (a, b) = (normalise(&text), normalise(&format!("b{text}")));
        let named = |name| Named {
            name,
            countries: &none,
        };
        let _ = resemble(named(&a), named(&b), &Common::default());
        assert!(keys(&text).len() <= 48);
    }
}
