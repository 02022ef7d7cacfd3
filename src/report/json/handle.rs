//! Handles that people quote: `E1` for evidence, `C1` for claims. Sorted by number, not by letter.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident, $letter:literal, $pattern:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(
            /// The number.
            pub u32,
        );

        impl $name {
            /// Reads the printed form.
            pub fn parse(text: &str) -> Option<Self> {
                let digits = text.strip_prefix($letter)?;
                if digits.starts_with(['0', '+']) {
                    return None;
                }
                digits.parse().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($letter, "{}"), self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<str>::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| {
                    de::Error::invalid_value(de::Unexpected::Str(&text), &"a handle")
                })
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}

handle!(
    /// Handle of a piece of evidence.
    EvidenceId, "E", "^E[1-9][0-9]*$"
);
handle!(
    /// Handle of a claim.
    ClaimId, "C", "^C[1-9][0-9]*$"
);
handle!(
    /// Handle of a host.
    HostId, "H", "^H[1-9][0-9]*$"
);

#[cfg(test)]
mod tests {
    use super::EvidenceId;

    #[test]
    fn handles_sort_by_number_and_read_back() {
        assert!(EvidenceId(2) < EvidenceId(10));
        assert_eq!(EvidenceId::parse("E10"), Some(EvidenceId(10)));
        assert_eq!(
            serde_json::from_str::<EvidenceId>("\"E3\"").unwrap(),
            EvidenceId(3)
        );
        for bad in ["E0", "E01", "E+1", "C1", "E", ""] {
            assert_eq!(EvidenceId::parse(bad), None, "{bad}");
        }
    }
}
