//! Where data that the user imported is kept, apart from what ships in the program.

use std::path::PathBuf;

/// `$BONAFIDE_DATA`, else the platform's folder for user data; `None` where there is no home at all.
pub fn path() -> Option<PathBuf> {
    let var = |name: &str| {
        std::env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    var("BONAFIDE_DATA")
        .or_else(|| var("XDG_DATA_HOME").map(|d| d.join("bonafide")))
        .or_else(|| var("LOCALAPPDATA").map(|d| d.join("bonafide")))
        .or_else(|| var("HOME").map(|d| d.join(".local/share/bonafide")))
}
