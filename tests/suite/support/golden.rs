//! Files that the code must reproduce. `BONAFIDE_BLESS=1` rewrites them.

use std::fs;
use std::path::Path;

/// Compares `actual` with a file of the repository, by its path from the root.
#[expect(clippy::disallowed_methods, reason = "files of this repository")]
pub(crate) fn check(path: &str, actual: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("BONAFIDE_BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, actual).unwrap();
        return;
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    snapbox::assert_data_eq!(actual, snapbox::Data::text(expected).raw());
}
