//! The readers on small documents, hostile ones, and bytes of no kind.

use proptest::prelude::{any, proptest};
use proptest::prop_assert;

use super::{Node, Value, json, plist, xml, yaml};
use crate::format::Error;

fn words(node: Option<&Node>) -> String {
    node.and_then(Node::words).unwrap_or_default()
}

#[test]
fn json_keeps_strings_numbers_and_places() {
    let text = br#" {"a": ["x\/\u00e9\ud83d\ude00", 1.10, -0], "b": {"c": true, "d": null}} "#;
    let root = json::read(text).unwrap();
    let items = root.get("a").unwrap().items();
    assert_eq!(words(items.first()), "x/é😀");
    assert_eq!(words(items.get(1)), "1.10");
    assert!(root.at(&["b", "c"]).unwrap().is_true());
    let place = items.get(1).unwrap().span.clone();
    let range = usize::try_from(place.start).unwrap()..usize::try_from(place.end).unwrap();
    assert_eq!(text.get(range), Some(&b"1.10"[..]));
}

#[test]
fn json_refuses_what_two_readers_read_differently() {
    for bad in [
        r#"{"a":1,"a":2}"#,
        "{} {}",
        r#"{"a":"\ud800"}"#,
        r#"{"a":1,}"#,
        "[01]",
        "[1.]",
        "[+1]",
        "'a'",
        "// c\n1",
        "\"a\nb\"",
        "",
        "nul",
    ] {
        assert!(
            matches!(json::read(bad.as_bytes()), Err(Error::Malformed { .. })),
            "{bad}"
        );
    }
    assert!(matches!(
        json::read("[".repeat(200_000).as_bytes()),
        Err(Error::Limit(_))
    ));
    let float = json::read(b"{\"version\":1e0}").unwrap();
    assert_eq!(
        float.get("version").unwrap().integer(),
        None,
        "no integer is written there"
    );
}

#[test]
fn yaml_that_programs_write_is_read_as_strings() {
    let text = "# c\nprovider: generic\nurl: https://v.com/a#b # c\ncountry: NO\nversion: 1.10\n\
        publisherName:\n  - \"A, Inc.\"\n  - 'It''s'\nfiles:\n  - url: a.exe\n    size: 5\n  - url: b.exe\nlist: [a, 'b', \"c\"]\n\
        empty:\nnotes: >-\n  one\n  two\n\n  three\nkeep: |\n  x\n    y\n";
    let root = yaml::read(text.as_bytes()).unwrap();
    for (path, value) in [
        ("provider", "generic"),
        ("url", "https://v.com/a#b"),
        ("country", "NO"),
        ("version", "1.10"),
        ("notes", "one two\nthree"),
        ("keep", "x\n  y\n"),
    ] {
        assert_eq!(words(root.get(path)), value, "{path}");
    }
    let of = |key: &str| -> Vec<String> {
        root.get(key)
            .unwrap()
            .items()
            .iter()
            .filter_map(Node::words)
            .collect()
    };
    assert_eq!(of("publisherName"), ["A, Inc.", "It's"]);
    assert_eq!(of("list"), ["a", "b", "c"]);
    assert_eq!(root.get("empty").map(|n| &n.value), Some(&Value::Nothing));
    let files = root.get("files").unwrap().items();
    assert_eq!(words(files.first().unwrap().get("size")), "5");
    assert_eq!(words(files.get(1).unwrap().get("url")), "b.exe");
    let place = root.get("url").unwrap().span.clone();
    let range = usize::try_from(place.start).unwrap()..usize::try_from(place.end).unwrap();
    assert_eq!(text.get(range), Some("https://v.com/a#b"));
}

#[test]
fn yaml_refuses_aliases_tags_and_keys_that_stand_twice() {
    for bad in [
        "path: a\nsha: b\npath: c\n",
        "a: !!python/object x\n",
        "a: {b: 1, b: 2}\n",
        "a: b: c\n",
        "? a\n: b\n",
        "a: 1\n---\nb: 2\n",
        "a: \"x\n",
        "a: [1, 2\n",
        "\ta: 1\n",
        "a: 1\n  b: 2\n",
    ] {
        assert!(
            matches!(yaml::read(bad.as_bytes()), Err(Error::Malformed { .. })),
            "{bad}"
        );
    }
    for bomb in [
        "a: &a [x]\nb: *a\n".to_owned(),
        "- ".repeat(5_000),
        format!("a: {}", "[".repeat(5_000)),
    ] {
        assert!(
            matches!(yaml::read(bomb.as_bytes()), Err(Error::Limit(_))),
            "{bomb:.20}"
        );
    }
}

#[test]
fn xml_keeps_text_and_attributes_and_refuses_declarations() {
    let root = xml::read(b"<?xml version=\"1.0\"?><!-- c --><a x:b=\"1&amp;2\"><c> d &lt; e<![CDATA[&]]></c><c/></a>").unwrap();
    assert_eq!(root.attribute("b"), Some("1&2"));
    assert_eq!(root.child("c").map(|c| c.text.as_str()), Some("d < e&"));
    for bad in [
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
        "<a>&b;</a>",
        "<a b='1' b='2'/>",
        "<a></b>",
        "<a>",
        "<a/><b/>",
        "x",
        "",
    ] {
        assert!(
            matches!(xml::read(bad.as_bytes()), Err(Error::Malformed { .. })),
            "{bad}"
        );
    }
    assert!(matches!(
        xml::read("<a>".repeat(100_000).as_bytes()),
        Err(Error::Limit(_))
    ));
}

/// A dictionary `{"a": "https://v.com/", "b": [true]}`, object by object.
fn binary() -> Vec<u8> {
    let mut out = b"bplist00".to_vec();
    let objects: [&[u8]; 6] = [
        &[0xd2, 1, 2, 3, 4],
        &[0x51, b'a'],
        &[0x51, b'b'],
        b"\x5e https://v.com/".get(..15).unwrap(),
        &[0xa1, 5],
        &[0x09],
    ];
    let mut offsets = Vec::new();
    for object in objects {
        offsets.push(u8::try_from(out.len()).unwrap());
        out.extend_from_slice(object);
    }
    let table = out.len();
    out.extend_from_slice(&offsets);
    out.extend_from_slice(&[0, 0, 0, 0, 0, 0, 1, 1]);
    for field in [offsets.len(), 0, table] {
        out.extend_from_slice(&u64::try_from(field).unwrap().to_be_bytes());
    }
    out
}

#[test]
fn both_kinds_of_property_list_give_the_same_values() {
    let binary = plist::read(&binary()).unwrap();
    let xml = plist::read(
        b"<!DOCTYPE plist PUBLIC \"-//x\" \"y\"><plist version=\"1.0\"><dict><key>a</key><string> https://v.com</string>\
          <key>b</key><array><true/></array></dict></plist>",
    )
    .unwrap();
    assert_eq!(words(binary.get("a")).trim(), "https://v.com");
    assert_eq!(words(xml.get("a")), "https://v.com");
    for root in [binary, xml] {
        assert!(root.get("b").unwrap().items().first().unwrap().is_true());
    }
}

#[test]
fn a_binary_list_that_holds_itself_or_reaches_outside_is_malformed() {
    let good = binary();
    for at in 0..good.len() {
        for value in [0u8, 1, 0x7f, 0xa1, 0xd1, 0xff] {
            let mut bad = good.clone();
            if let Some(byte) = bad.get_mut(at) {
                *byte = value;
            }
            let _ = plist::read(&bad);
        }
        assert!(plist::read(good.get(..at).unwrap()).is_err(), "cut at {at}");
    }
    let mut cycle = good.clone();
    let array = good.windows(2).position(|w| w == [0xa1, 5]).unwrap();
    *cycle.get_mut(array + 1).unwrap() = 0;
    assert!(matches!(plist::read(&cycle), Err(Error::Malformed { .. })));
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = (json::read(&bytes), yaml::read(&bytes), xml::read(&bytes), plist::read(&bytes));
    }

    #[test]
    fn no_text_of_marks_makes_a_reader_panic(text in "[-\\[\\]{}:,&*!|>'\"#a1 \n\\\\]{0,120}") {
        if let Ok(node) = yaml::read(text.as_bytes()) {
            prop_assert!(usize::try_from(node.span.end).unwrap() <= text.len());
        }
        if let Ok(node) = json::read(text.as_bytes()) {
            prop_assert!(usize::try_from(node.span.end).unwrap() <= text.len());
        }
        let mut list = b"bplist00".to_vec();
        list.extend_from_slice(text.as_bytes());
        let _ = plist::read(&list);
    }
}
