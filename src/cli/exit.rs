//! Exit codes. One enum is the source of the help, the manual page, the README's table and the tests.

use std::process::ExitCode;

/// What the exit status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exit {
    /// Done; for verdicts: allow.
    Done,
    /// The policy is violated.
    Deny,
    /// The command line, the configuration or a policy file is wrong.
    Usage,
    /// A person must look, or evidence is missing.
    Review,
    /// A required signature is missing or cryptographically invalid.
    Signature,
    /// Input unreadable, malformed, unsupported or over a limit.
    Input,
    /// Needed network or data is not available.
    Unavailable,
    /// A fault of this program.
    Internal,
    /// Interrupted by the user.
    Interrupted,
}

impl Exit {
    /// All, by code.
    pub const ALL: [Self; 9] = [
        Self::Done,
        Self::Deny,
        Self::Usage,
        Self::Review,
        Self::Signature,
        Self::Input,
        Self::Unavailable,
        Self::Internal,
        Self::Interrupted,
    ];

    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Deny => 1,
            Self::Usage => 2,
            Self::Review => 3,
            Self::Signature => 4,
            Self::Input => 5,
            Self::Unavailable => 6,
            Self::Internal => 70,
            Self::Interrupted => 130,
        }
    }

    /// What it says, for people.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done; for verdicts: allow",
            Self::Deny => "deny: the policy is violated",
            Self::Usage => "usage, configuration or policy-file error",
            Self::Review => {
                "review: nothing violated, but a person must look, or evidence is missing"
            }
            Self::Signature => {
                "a required signature is missing or cryptographically invalid (a deny that scripts tell apart)"
            }
            Self::Input => {
                "input unreadable, malformed, unsupported or over a limit; or nothing recognised to examine"
            }
            Self::Unavailable => "needed network or data not available",
            Self::Internal => "internal error",
            Self::Interrupted => "interrupted",
        }
    }

    /// How it ranks where several inputs differ: 130, 70, 2, 5, 6, 4, 1, 3, 0 from worst to best.
    fn rank(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Review => 1,
            Self::Deny => 2,
            Self::Signature => 3,
            Self::Unavailable => 4,
            Self::Input => 5,
            Self::Usage => 6,
            Self::Internal => 7,
            Self::Interrupted => 8,
        }
    }

    /// The worse of two.
    #[must_use]
    pub fn worst(self, other: Self) -> Self {
        if other.rank() > self.rank() {
            other
        } else {
            self
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn codes_are_unique_and_the_worst_wins_in_the_documented_order() {
        let mut codes: Vec<u8> = Exit::ALL.iter().map(|e| e.code()).collect();
        codes.dedup();
        assert_eq!(codes.len(), Exit::ALL.len());
        let order = [
            Exit::Done,
            Exit::Review,
            Exit::Deny,
            Exit::Signature,
            Exit::Unavailable,
            Exit::Input,
            Exit::Internal,
        ];
        for (i, better) in order.iter().enumerate() {
            for worse in &order[i..] {
                assert_eq!(better.worst(*worse), *worse);
                assert_eq!(worse.worst(*better), *worse);
            }
        }
    }
}
