//! Files written whole or not at all: a temporary beside the target, then a rename.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// A file in the making; nothing is at its path until [`Pending::commit`].
#[derive(Debug)]
pub struct Pending {
    temp: NamedTempFile,
    target: std::path::PathBuf,
}

impl Pending {
    /// Starts a file that will stand at `target`.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn create(target: &Path) -> io::Result<Self> {
        let dir = target
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        Ok(Self {
            temp: NamedTempFile::new_in(dir)?,
            target: target.to_path_buf(),
        })
    }

    /// Writes `bytes` over its beginning, as a header whose contents are known last.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn rewrite_start(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.temp.flush()?;
        self.temp.as_file_mut().seek(SeekFrom::Start(0))?;
        self.temp.write_all(bytes)
    }

    /// Puts it in place, durable.
    ///
    /// # Errors
    /// What the operating system says; the old file, if there was one, is still whole then.
    pub fn commit(self) -> io::Result<()> {
        self.temp.as_file().sync_all()?;
        share(self.temp.as_file())?;
        self.temp.persist(&self.target).map_err(|e| e.error)?;
        #[cfg(unix)]
        if let Some(dir) = self.target.parent().filter(|p| !p.as_os_str().is_empty()) {
            File::open(dir)?.sync_all()?;
        }
        Ok(())
    }
}

/// A temporary file is private; a report is as readable as any new file.
#[cfg(unix)]
fn share(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn share(_: &File) -> io::Result<()> {
    Ok(())
}

impl Write for Pending {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.temp.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temp.flush()
    }
}

/// Writes `bytes` to `target` whole or not at all.
///
/// # Errors
/// What the operating system says.
pub fn write(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut pending = Pending::create(target)?;
    pending.write_all(bytes)?;
    pending.commit()
}

#[cfg(test)]
mod tests {
    use super::Pending;
    use std::io::Write;

    #[test]
    fn a_dropped_file_leaves_the_old_one_whole_and_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("report.json");
        super::write(&target, b"old").unwrap();
        let mut pending = Pending::create(&target).unwrap();
        pending.write_all(b"half").unwrap();
        drop(pending);
        assert_eq!(crate::source::file::read(&target, 10).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
