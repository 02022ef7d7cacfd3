//! What can be wrong with a policy, its settings or its evaluation. All of it is exit code 2.

/// Every message begins with the file, and the line where one is known.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no built-in policy of this name.
    #[error("no built-in policy is called {name:?}; there are {known}")]
    UnknownPolicy {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The file itself is wrong: syntax, package, rule names, references.
    #[error("{file}:{line}: {what}")]
    Policy {
        /// As the user named it.
        file: String,
        /// Counts from 1.
        line: usize,
        /// One sentence.
        what: String,
    },
    /// The reader of Rego refuses the file; its message shows line and column.
    #[error("{file}: {message}")]
    Rego {
        /// As the user named it.
        file: String,
        /// The reader's message.
        message: String,
    },
    /// The settings are wrong.
    #[error("{file}:{line}: {what}")]
    Settings {
        /// As the user named it.
        file: String,
        /// Counts from 1.
        line: usize,
        /// One sentence.
        what: String,
    },
    /// The policy could not be evaluated: a limit, a conflict between rules, a failing built-in.
    #[error("{file}: evaluation failed: {message}")]
    Evaluation {
        /// As the user named it.
        file: String,
        /// The evaluator's message.
        message: String,
    },
    /// A rule gave something that is neither a string nor an object with `id` and `msg`.
    #[error("{file}: rule {rule}: {what}")]
    Result {
        /// As the user named it.
        file: String,
        /// The rule.
        rule: String,
        /// One sentence.
        what: String,
    },
}
