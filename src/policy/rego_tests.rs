//! Tests written in Rego: rules called `test_…` in package `bonafide_test`, which replace the input with their own.

use regorus::{Engine, Value as Rego};
use serde::Deserialize as _;
use serde_json::Value;

use crate::policy::engine::{limit, modules};
use crate::policy::error::Error;
use crate::policy::settings::Settings;

/// One test rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTest {
    /// Its name.
    pub name: String,
    /// It is true; undefined and false are failures.
    pub passed: bool,
}

/// Runs the tests of a policy; each pair is (label, text).
///
/// # Errors
/// Either text is malformed, the tests are in another package, or there is none.
pub fn run(
    policy: (&str, &str),
    tests: (&str, &str),
    settings: &Settings,
) -> Result<Vec<RuleTest>, Error> {
    let (file, text) = tests;
    let failed = |message: String| Error::Evaluation {
        file: file.into(),
        message,
    };
    let mut engine = Engine::new();
    limit(&mut engine);
    for module in modules(policy.0, policy.1)? {
        engine
            .add_policy(module.file.clone(), module.text)
            .map_err(|error| Error::Rego {
                file: module.file,
                message: error.to_string(),
            })?;
    }
    let package = engine
        .add_policy(file.into(), text.into())
        .map_err(|error| Error::Rego {
            file: file.into(),
            message: error.to_string(),
        })?;
    if package != "data.bonafide_test" {
        return Err(Error::Policy {
            file: file.into(),
            line: 1,
            what: format!("the package is {package}; tests belong to bonafide_test"),
        });
    }
    let data = Rego::deserialize(settings.data()).map_err(|e| failed(e.to_string()))?;
    engine.add_data(data).map_err(|e| failed(e.to_string()))?;
    let results = engine
        .eval_query("data.bonafide_test".into(), false)
        .map_err(|e| failed(e.to_string()))?;
    let values = results
        .result
        .first()
        .and_then(|r| r.expressions.first())
        .map(|e| serde_json::to_value(&e.value))
        .transpose()
        .map_err(|e| failed(e.to_string()))?
        .unwrap_or_default();
    // A test that is undefined is missing from the values, so the names come from the text.
    let names: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split([' ', ':', '(']).next())
        .filter(|name| name.starts_with("test_"))
        .collect();
    if names.is_empty() {
        return Err(Error::Policy {
            file: file.into(),
            line: 1,
            what: "no rule is called test_…".into(),
        });
    }
    Ok(names
        .into_iter()
        .map(|name| RuleTest {
            name: name.into(),
            passed: values.get(name) == Some(&Value::Bool(true)),
        })
        .collect())
}
