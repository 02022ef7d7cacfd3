use super::Operators;

#[test]
fn the_bundled_table_reads() {
    Operators::bundled().unwrap();
}

#[test]
fn a_certificate_or_name_of_two_operators_is_refused() {
    let file = |id: &str| {
        format!(
            "id = {id:?}\nname = \"X\"\ncountry = \"NO\"\nverified = false\norganizations = [\"Example CA\"]\n"
        )
    };
    let (a, b) = (file("a"), file("b"));
    let table = Operators::read(&[("a", &a)]).unwrap();
    assert_eq!(
        table
            .by_organization("EXAMPLE ca")
            .map(|o| o.country.as_str()),
        Some("NO")
    );
    assert!(Operators::read(&[("a", &a), ("b", &b)]).is_err());
    assert!(Operators::read(&[("other", &a)]).is_err());
}

#[test]
fn verified_needs_a_source_that_was_read() {
    let text = "id = \"a\"\nname = \"X\"\ncountry = \"US\"\nverified = true\n";
    assert!(Operators::read(&[("a", text)]).is_err());
    let sourced = format!(
        "{text}[[source]]\nid = \"s\"\ntitle = \"t\"\ngrade = \"vendor\"\nchecked = \"primary\"\nretrieved = \"2026-11-24\"\n"
    );
    Operators::read(&[("a", &sourced)]).unwrap();
}
