//! From anything that serialises to a value of the evaluator, without a JSON document between.
//!
//! Serde's data model as serde_json writes it: an enum's unit variant is its name, an option is null or its value, names of
//! members are text. A report repeats the names of its members a hundred times: each is made once.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;

use regorus::Value as Rego;
use serde::ser::{self, Impossible, Serialize};

/// Why something is no value: its names are no text, or its own `Serialize` says so.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Error(String);

impl ser::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// `value` as the evaluator holds it. Its depth is that of the schema, or what the reader of a JSON file allows.
pub(super) fn rego<T: Serialize + ?Sized>(value: &T) -> Result<Rego, Error> {
    value.serialize(Writer {
        names: &mut HashMap::new(),
    })
}

/// The member `name` of an object.
pub(super) fn member<'v>(value: &'v Rego, name: &str) -> Option<&'v Rego> {
    value.as_object().ok()?.get(&Rego::from(name))
}

/// The member `name` of an object, where it is text.
pub(super) fn text<'v>(value: &'v Rego, name: &str) -> Option<&'v str> {
    match member(value, name)? {
        Rego::String(text) => Some(text),
        _ => None,
    }
}

/// The items of the member `name` of an object; none where it is no list.
pub(super) fn list<'v>(value: &'v Rego, name: &str) -> &'v [Rego] {
    member(value, name)
        .and_then(|list| list.as_array().ok())
        .map_or(&[], |list| list.as_slice())
}

struct Writer<'n> {
    names: &'n mut HashMap<&'static str, Rego>,
}

impl<'n> ser::Serializer for Writer<'n> {
    type Ok = Rego;
    type Error = Error;
    type SerializeSeq = Items<'n>;
    type SerializeTuple = Items<'n>;
    type SerializeTupleStruct = Items<'n>;
    type SerializeTupleVariant = Impossible<Rego, Error>;
    type SerializeMap = Members<'n>;
    type SerializeStruct = Members<'n>;
    type SerializeStructVariant = Impossible<Rego, Error>;

    fn serialize_bool(self, v: bool) -> Result<Rego, Error> {
        Ok(Rego::from(v))
    }

    fn serialize_i8(self, v: i8) -> Result<Rego, Error> {
        self.serialize_i64(v.into())
    }

    fn serialize_i16(self, v: i16) -> Result<Rego, Error> {
        self.serialize_i64(v.into())
    }

    fn serialize_i32(self, v: i32) -> Result<Rego, Error> {
        self.serialize_i64(v.into())
    }

    fn serialize_i64(self, v: i64) -> Result<Rego, Error> {
        Ok(Rego::from(v))
    }

    fn serialize_u8(self, v: u8) -> Result<Rego, Error> {
        self.serialize_u64(v.into())
    }

    fn serialize_u16(self, v: u16) -> Result<Rego, Error> {
        self.serialize_u64(v.into())
    }

    fn serialize_u32(self, v: u32) -> Result<Rego, Error> {
        self.serialize_u64(v.into())
    }

    fn serialize_u64(self, v: u64) -> Result<Rego, Error> {
        Ok(Rego::from(v))
    }

    fn serialize_f32(self, v: f32) -> Result<Rego, Error> {
        self.serialize_f64(v.into())
    }

    fn serialize_f64(self, v: f64) -> Result<Rego, Error> {
        Ok(if v.is_finite() {
            Rego::from(v)
        } else {
            Rego::Null
        })
    }

    fn serialize_char(self, v: char) -> Result<Rego, Error> {
        self.serialize_str(v.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, v: &str) -> Result<Rego, Error> {
        Ok(Rego::from(v))
    }

    fn serialize_bytes(self, v: &[u8]) -> Result<Rego, Error> {
        v.serialize(self)
    }

    fn serialize_none(self) -> Result<Rego, Error> {
        Ok(Rego::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Rego, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Rego, Error> {
        Ok(Rego::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Rego, Error> {
        Ok(Rego::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Rego, Error> {
        Ok(name(self.names, variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Rego, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Rego, Error> {
        let name = name(self.names, variant);
        Ok(Rego::from(BTreeMap::from([(name, value.serialize(self)?)])))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Items<'n>, Error> {
        Ok(Items {
            names: self.names,
            items: Vec::with_capacity(len.unwrap_or(0)),
        })
    }

    fn serialize_tuple(self, len: usize) -> Result<Items<'n>, Error> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<Items<'n>, Error> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_variant(
        self,
        of: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Impossible<Rego, Error>, Error> {
        Err(ser::Error::custom(format!(
            "{of}::{variant} has no form in a report"
        )))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Members<'n>, Error> {
        Ok(Members {
            names: self.names,
            members: Vec::with_capacity(len.unwrap_or(0)),
            key: None,
        })
    }

    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Members<'n>, Error> {
        self.serialize_map(Some(len))
    }

    fn serialize_struct_variant(
        self,
        of: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Impossible<Rego, Error>, Error> {
        Err(ser::Error::custom(format!(
            "{of}::{variant} has no form in a report"
        )))
    }
}

fn name(names: &mut HashMap<&'static str, Rego>, text: &'static str) -> Rego {
    names
        .entry(text)
        .or_insert_with(|| Rego::from(text))
        .clone()
}

struct Items<'n> {
    names: &'n mut HashMap<&'static str, Rego>,
    items: Vec<Rego>,
}

macro_rules! items {
    ($($kind:ident::$add:ident,)+) => {
        $(impl ser::$kind for Items<'_> {
            type Ok = Rego;
            type Error = Error;

            fn $add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                let item = value.serialize(Writer { names: self.names })?;
                self.items.push(item);
                Ok(())
            }

            fn end(self) -> Result<Rego, Error> {
                Ok(Rego::from(self.items))
            }
        })+
    };
}

items! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
}

struct Members<'n> {
    names: &'n mut HashMap<&'static str, Rego>,
    members: Vec<(Rego, Rego)>,
    key: Option<Rego>,
}

impl Members<'_> {
    fn done(self) -> Rego {
        Rego::from(self.members.into_iter().collect::<BTreeMap<_, _>>())
    }
}

impl ser::SerializeMap for Members<'_> {
    type Ok = Rego;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let key = key.serialize(Writer { names: self.names })?;
        if !matches!(key, Rego::String(_)) {
            return Err(ser::Error::custom("the name of a member is no text"));
        }
        self.key = Some(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let Some(key) = self.key.take() else {
            return Err(ser::Error::custom("a member has no name"));
        };
        let value = value.serialize(Writer { names: self.names })?;
        self.members.push((key, value));
        Ok(())
    }

    fn end(self) -> Result<Rego, Error> {
        Ok(self.done())
    }
}

impl ser::SerializeStruct for Members<'_> {
    type Ok = Rego;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let key = name(self.names, key);
        let value = value.serialize(Writer { names: self.names })?;
        self.members.push((key, value));
        Ok(())
    }

    fn end(self) -> Result<Rego, Error> {
        Ok(self.done())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use regorus::Value as Rego;
    use serde::{Deserialize as _, Serialize};

    use super::{list, member, rego, text};

    #[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
    #[serde(rename_all = "kebab-case")]
    enum Word {
        FirstOne,
        Second,
    }

    #[derive(Serialize)]
    struct Inner {
        n: u64,
        below: i32,
    }

    #[derive(Serialize)]
    struct Outer {
        name: Option<String>,
        nothing: Option<u8>,
        words: Vec<Word>,
        by_word: BTreeMap<Word, f64>,
        pair: (bool, char),
        #[serde(flatten)]
        inner: Inner,
        value: serde_json::Value,
    }

    fn outer() -> Outer {
        Outer {
            name: Some("АО \"x\"\n".into()),
            nothing: None,
            words: vec![Word::Second, Word::FirstOne],
            by_word: BTreeMap::from([(Word::FirstOne, 1.5), (Word::Second, -2.0)]),
            pair: (true, 'é'),
            inner: Inner {
                n: u64::MAX,
                below: -7,
            },
            value: serde_json::json!({"b": [1, null, {"a": {}}], "a": [], "z": 0.25}),
        }
    }

    #[test]
    fn a_value_is_the_one_that_its_json_reads_as() {
        let json = serde_json::to_value(outer()).unwrap();
        assert_eq!(rego(&outer()).unwrap(), Rego::deserialize(&json).unwrap());
        assert_eq!(rego(&json).unwrap(), Rego::deserialize(&json).unwrap());
    }

    #[test]
    fn a_name_that_is_no_text_is_refused() {
        assert!(rego(&BTreeMap::from([(Some("a"), 1)])).is_ok());
        assert!(rego(&BTreeMap::from([(None::<&str>, 1)])).is_err());
    }

    #[test]
    fn what_is_not_there_or_of_another_kind_is_nothing() {
        let value = rego(&serde_json::json!({"list": ["a"], "text": "t"})).unwrap();
        assert_eq!(text(&value, "text"), Some("t"));
        assert_eq!(list(&value, "list").len(), 1);
        assert_eq!((text(&value, "list"), text(&value, "none")), (None, None));
        assert!(list(&value, "text").is_empty() && list(&value, "none").is_empty());
        assert!(member(&Rego::Null, "text").is_none());
    }
}
