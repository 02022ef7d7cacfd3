use super::{Conventions, Listed, Sort, check};
use crate::model::finding::Status;

const ZIP: Conventions = Conventions {
    posix: false,
    duplicates: Status::Review,
};
const TAR: Conventions = Conventions {
    posix: true,
    duplicates: Status::Review,
};

fn list<'a>(
    entries: &[(&'a str, Sort<'a>)],
    conventions: Conventions,
) -> Vec<(&'static str, Status)> {
    let entries: Vec<Listed<'_>> = entries
        .iter()
        .map(|(path, kind)| Listed {
            path,
            kind: *kind,
            at: (0, 1),
        })
        .collect();
    check(&entries, conventions)
        .iter()
        .map(|f| (f.definition.id, f.status))
        .collect()
}

#[test]
fn every_name_that_does_harm_is_told_of_and_usual_ones_are_not() {
    for bad in [
        "../a",
        "a/../../b",
        "/a",
        "\\a",
        "C:\\a",
        "C:a",
        "a\\b",
        "a//b",
        "./a",
        "COM1.txt",
        "x/nul",
        "LPT9",
        "a\0b",
        "a\u{1b}[2J",
        "a\u{202e}b",
        "",
        "a ",
        "a./b",
    ] {
        assert_eq!(
            list(&[(bad, Sort::File)], ZIP),
            [("unsafe-entry-name", Status::Review)],
            "{bad:?}"
        );
    }
    let long = "x".repeat(2000);
    assert_eq!(list(&[(&long, Sort::File)], ZIP).len(), 1);
    for good in [
        "a",
        "a/b/c.txt",
        "dir/",
        "COM10",
        "common.txt",
        "..a",
        "ü/日本",
        "a b",
    ] {
        assert_eq!(list(&[(good, Sort::File)], ZIP), [], "{good:?}");
    }
    for good in ["./a", "C:a", "a\\b", "nul", "a:b"] {
        assert_eq!(list(&[(good, Sort::File)], TAR), [], "{good:?}");
    }
    assert_eq!(list(&[("a/../../b", Sort::File)], TAR).len(), 1);
}

#[test]
fn a_name_that_stands_twice_is_told_apart_from_one_that_differs_in_case() {
    let file = Sort::File;
    assert_eq!(
        list(&[("a", file), ("a", file)], ZIP),
        [("duplicate-entry", Status::Review)]
    );
    assert_eq!(
        list(&[("a", file), ("./a", file)], TAR),
        [("duplicate-entry", Status::Review)]
    );
    assert_eq!(
        list(&[("a", file), ("A", file)], ZIP),
        [("case-collision", Status::Review)]
    );
    assert_eq!(list(&[("a", file), ("A", file)], TAR), []);
    assert_eq!(
        list(&[("d/", Sort::Directory), ("d/", Sort::Directory)], ZIP),
        []
    );
}

#[test]
fn a_link_counts_where_it_leaves_or_is_written_through() {
    let link = |target| Sort::Symlink(Some(target));
    for (path, target) in [("a", "/etc"), ("a", "../b"), ("a/b", "../../c")] {
        assert_eq!(
            list(&[(path, link(target))], TAR),
            [("symlink-entry", Status::Review)],
            "{target}"
        );
    }
    assert_eq!(
        list(&[("a/b", link("../c"))], TAR),
        [("symlink-entry", Status::Pass)]
    );
    assert_eq!(
        list(&[("a", link("b")), ("a/x", Sort::File)], TAR),
        [("symlink-entry", Status::Review)]
    );
    assert_eq!(
        list(&[("a", Sort::Symlink(None))], TAR),
        [("symlink-entry", Status::Review)]
    );
    assert_eq!(
        list(&[("a", Sort::Hardlink("b"))], TAR),
        [("hardlink-entry", Status::Pass)]
    );
    assert_eq!(
        list(&[("a", Sort::Hardlink("../b"))], TAR),
        [("hardlink-entry", Status::Review)]
    );
    assert_eq!(
        list(&[("a", Sort::Device)], TAR),
        [("device-entry", Status::Review)]
    );
    assert_eq!(list(&[], TAR), []);
}
