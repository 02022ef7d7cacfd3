use super::canonical::{Method, Subset, TooLong};
use super::{Document, Error, Fault, MAX_ATTRIBUTES, MAX_DEPTH, parse};

fn fault(bytes: &[u8]) -> Fault {
    parse(bytes).unwrap_err().fault
}

fn malformed(text: &str) -> bool {
    matches!(fault(text.as_bytes()), Fault::Malformed(_))
}

fn form(document: &Document, subset: Subset, method: &Method) -> String {
    String::from_utf8(document.canonical_octets(subset, method).unwrap()).unwrap()
}

const WHOLE: Subset = Subset {
    element: None,
    without: None,
};

fn listing(prefixes: &[&str]) -> Method {
    Method {
        comments: false,
        exclusive: Some(prefixes.iter().map(|p| (*p).to_owned()).collect()),
    }
}

#[test]
fn a_document_type_is_refused_before_anything_in_it_counts() {
    for text in [
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        "<?xml version='1.0'?>\n<!DOCTYPE a><a/>",
    ] {
        assert_eq!(fault(text.as_bytes()), Fault::Dtd, "{text}");
    }
}

#[test]
fn only_the_five_predefined_entities_and_characters_can_be_referenced() {
    let document = parse("<a b='&#x41;&quot;'>&lt;&#66;&amp;</a>".as_bytes()).unwrap();
    assert_eq!(document.text(document.root()), "<B&");
    assert_eq!(document.attribute(document.root(), "b"), Some("A\""));
    for text in [
        "&x;",
        "&#0;",
        "&#x1;",
        "&#xD800;",
        "&#+65;",
        "&#x110000;",
        "&",
        "&#;",
        "&lt",
    ] {
        assert!(malformed(&format!("<a>{text}</a>")), "{text}");
        assert!(malformed(&format!("<a b='{text}'/>")), "{text}");
    }
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for text in [
        "",
        " ",
        "<a>",
        "<a></b>",
        "</a>",
        "<a/><b/>",
        "x<a/>",
        "<a/>x",
        "<a b/>",
        "<a b=c/>",
        "<a b='1'c='2'/>",
        "<a b='<'/>",
        "<a>]]></a>",
        "<a><!-- -- --></a>",
        "<1/>",
        "<a:b:c/>",
        "<a:b/>",
        "<a b:c='1'/>",
        "<:a/>",
        " <?xml version='1.0'?><a/>",
        "<?xml version='1.1'?><a/>",
        "<a><?xml version='1.0'?></a>",
        "<a><?XML x?></a>",
        "<a>\u{1}</a>",
        "<a b='\u{fffe}'/>",
        "<a xmlns:b=''/>",
        "<a xmlns:xml='u:1'/>",
        "<a xmlns:xmlns='u:1'/>",
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<a/ >",
        "< a/>",
        "<a><![CDATA[x</a>",
    ] {
        assert!(malformed(text), "{text}: {:?}", parse(text.as_bytes()));
    }
}

#[test]
fn an_attribute_given_twice_is_refused_by_its_expanded_name() {
    for text in [
        "<a b='1' b='2'/>",
        "<a xmlns:p='u:1' xmlns:q='u:1' p:b='1' q:b='2'/>",
        "<a xmlns='u:1' xmlns='u:1'/>",
        "<a xmlns:p='u:1' xmlns:p='u:2'/>",
    ] {
        assert_eq!(fault(text.as_bytes()), Fault::DuplicateAttribute, "{text}");
    }
    assert!(parse(b"<a xmlns='u:1' xmlns:p='u:1' b='1' p:b='2'/>").is_ok());
}

#[test]
fn other_encodings_and_false_labels_are_refused() {
    let utf16 = |text: &str, mark: bool| -> Vec<u8> {
        let units = mark
            .then_some(0xfeff)
            .into_iter()
            .chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let declared = "<?xml version='1.0' encoding='UTF-16'?><a>é</a>";
    for (bytes, offset) in [(utf16(declared, true), 80), (utf16(declared, false), 78)] {
        let document = parse(&bytes).unwrap();
        assert_eq!(document.text(document.root()), "é");
        assert_eq!(document.span(document.root()).start, offset);
    }
    for bytes in [
        &b"<?xml version='1.0' encoding='UTF-7'?><a/>"[..],
        b"<?xml version='1.0' encoding='iso-8859-1'?><a/>",
        b"<?xml version='1.0' encoding='utf-16'?><a/>",
        b"<a>\xff</a>",
        b"\xef\xbb\xbf\xef\xbb\xbf<a/>",
        &utf16("<?xml version='1.0' encoding='utf-8'?><a/>", true),
        &utf16("<a/>", true)[..9],
    ] {
        assert_eq!(fault(bytes), Fault::Encoding, "{bytes:?}");
    }
}

#[test]
fn limits_are_said_by_name_and_reached_in_time() {
    let deep = |n: usize| [vec!["<a>"; n], vec!["</a>"; n]].concat().concat();
    assert!(parse(deep(MAX_DEPTH).as_bytes()).is_ok());
    assert_eq!(fault(deep(MAX_DEPTH + 1).as_bytes()), Fault::Depth);
    let wide = |n: usize| {
        let attributes: String = (0..n).map(|i| format!(" b{i}='' ")).collect();
        format!("<a{attributes}/>")
    };
    assert!(parse(wide(MAX_ATTRIBUTES).as_bytes()).is_ok());
    assert_eq!(
        fault(wide(MAX_ATTRIBUTES + 1).as_bytes()),
        Fault::Attributes
    );
    assert_eq!(fault(wide(200_000).as_bytes()), Fault::Attributes);
    let many = format!("<a>{}</a>", "<b/>".repeat(600_000));
    assert_eq!(fault(many.as_bytes()), Fault::Nodes);
    assert_eq!(fault(&vec![b' '; (16 << 20) + 1]), Fault::Length);
}

#[test]
fn a_fault_says_where() {
    assert_eq!(
        parse("<a>\n é&x;</a>".as_bytes()).unwrap_err(),
        Error {
            fault: Fault::Malformed("an entity that is not predefined"),
            offset: 7
        }
    );
}

/// Expected values made with libxml2 and xmlsec, save where named.
#[test]
fn the_form_of_a_document_is_canonical_xml() {
    let text = "<?xml version=\"1.0\"?>\r\n<?st  x ?>\n<!-- pre --><e2   b:z='3' a='&#13;&#9;\t\n\"&gt;' xmlns='u:1' xmlns:b='u:2'  c='<'\n>\r\n<![CDATA[<&>]]>\
                <x xmlns:b='u:2' xmlns=''/><!--in--><y xmlns='u:1' b:q=''/>&#13;</e2 ><!-- post --><?end?>"
        .replace("c='<'", "c=\"'\"");
    let document = parse(text.as_bytes()).unwrap();
    let with = Method {
        comments: true,
        exclusive: None,
    };
    assert_eq!(
        form(&document, WHOLE, &with),
        "<?st x ?>\n<!-- pre -->\n<e2 xmlns=\"u:1\" xmlns:b=\"u:2\" a=\"&#xD;&#x9;  &quot;>\" c=\"'\" b:z=\"3\">\n&lt;&amp;&gt;\
         <x xmlns=\"\"></x><!--in--><y b:q=\"\"></y>&#xD;</e2>\n<!-- post -->\n<?end?>"
    );
    assert_eq!(
        form(&document, WHOLE, &Method::EXCLUSIVE),
        "<?st x ?>\n<e2 xmlns=\"u:1\" xmlns:b=\"u:2\" a=\"&#xD;&#x9;  &quot;>\" c=\"'\" b:z=\"3\">\n&lt;&amp;&gt;\
         <x xmlns=\"\"></x><y b:q=\"\"></y>&#xD;</e2>\n<?end?>"
    );
}

#[test]
fn the_form_of_an_element_takes_its_surroundings_as_its_method_says() {
    let text = "<r xmlns='u:1' xmlns:a='u:2' xml:lang='en' xml:space='preserve'><a:m xml:lang='de' xmlns:c='u:4'>\
                <q:k xmlns:q='u:5' Id='x1' t='k' xmlns:b='u:3'><!--c--><b:z c:y='\"'/><w xmlns=''><v xmlns='u:1'/></w></q:k></a:m></r>";
    let document = parse(text.as_bytes()).unwrap();
    let element = document
        .elements(document.root())
        .find(|e| document.is(*e, "u:5", "k"));
    let subset = Subset {
        element,
        without: None,
    };
    for (method, expected) in [
        (
            Method::INCLUSIVE,
            "<q:k xmlns=\"u:1\" xmlns:a=\"u:2\" xmlns:b=\"u:3\" xmlns:c=\"u:4\" xmlns:q=\"u:5\" Id=\"x1\" t=\"k\" xml:lang=\"de\" \
             xml:space=\"preserve\"><b:z c:y=\"&quot;\"></b:z><w xmlns=\"\"><v xmlns=\"u:1\"></v></w></q:k>",
        ),
        (
            Method::EXCLUSIVE,
            "<q:k xmlns:q=\"u:5\" Id=\"x1\" t=\"k\"><b:z xmlns:b=\"u:3\" xmlns:c=\"u:4\" c:y=\"&quot;\"></b:z><w><v xmlns=\"u:1\"></v></w></q:k>",
        ),
        (
            listing(&["#default", "a"]),
            "<q:k xmlns=\"u:1\" xmlns:a=\"u:2\" xmlns:q=\"u:5\" Id=\"x1\" t=\"k\"><b:z xmlns:b=\"u:3\" xmlns:c=\"u:4\" c:y=\"&quot;\"></b:z>\
             <w xmlns=\"\"><v xmlns=\"u:1\"></v></w></q:k>",
        ),
    ] {
        assert_eq!(form(&document, subset, &method), expected);
    }
}

#[test]
fn a_left_out_element_leaves_the_text_beside_it() {
    let document = parse(b"<a>1<b xmlns='u:1'><c/></b>2<b/></a>").unwrap();
    let subset = Subset {
        element: None,
        without: document.children(document.root()).next(),
    };
    assert_eq!(
        form(&document, subset, &Method::EXCLUSIVE),
        "<a>12<b></b></a>"
    );
}

/// By the specification (section 2.3); libxml2 2.x leaves namespace names as they are.
#[test]
fn a_namespace_name_is_escaped_like_an_attribute() {
    let document = parse(b"<a xmlns='u:1?x&amp;y&quot;'/>").unwrap();
    assert_eq!(
        form(&document, WHOLE, &Method::INCLUSIVE),
        "<a xmlns=\"u:1?x&amp;y&quot;\"></a>"
    );
}

#[test]
fn a_form_that_repeats_a_long_declaration_ends_at_the_limit() {
    let uri = "u".repeat(1 << 20);
    let text = format!("<a xmlns:p='{uri}'>{}</a>", "<p:b/>".repeat(100_000));
    let document = parse(text.as_bytes()).unwrap();
    let mut written = 0;
    let answer = document.canonical(WHOLE, &Method::EXCLUSIVE, &mut |piece| {
        written += piece.len()
    });
    assert_eq!(answer, Err(TooLong));
    assert!(written <= 64 << 20);
}

#[test]
fn reading_what_was_canonical_gives_the_same_form() {
    let text = "<a xmlns='u:1'  q='&#10;'><b xmlns:x='u:2' x:y='1'/> t &#13;<?pi d?></a>";
    for method in [Method::INCLUSIVE, Method::EXCLUSIVE] {
        let once = form(&parse(text.as_bytes()).unwrap(), WHOLE, &method);
        let twice = form(&parse(once.as_bytes()).unwrap(), WHOLE, &method);
        assert_eq!(once, twice);
    }
}

#[test]
fn every_cut_and_every_changed_octet_has_an_answer() {
    let text = "<?xml version='1.0' encoding='utf-8'?><a xmlns:p='u:1' p:b='&lt;'>é<![CDATA[x]]><!--c--><p:d/></a>";
    for at in 0..text.len() {
        assert!(
            parse(text.as_bytes().get(..at).unwrap()).is_err(),
            "cut at {at}"
        );
        for change in [1u8, 0x20, 0x80, 0xff] {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= change;
            if let Ok(document) = parse(&bytes) {
                let _ = document.canonical_octets(WHOLE, &Method::EXCLUSIVE);
            }
        }
    }
}
