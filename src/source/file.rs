//! Files as random-access bytes. Read by offset, never mapped, so that a file that shrinks is an error and not a signal.

use std::fs::{File, Metadata};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use crate::base::blob::{ReadAt, Spool};

/// An open regular file, with its state at opening.
#[derive(Debug)]
pub struct FileBlob {
    file: File,
    size: u64,
    modified: Option<SystemTime>,
}

impl FileBlob {
    /// Opens a regular file; a FIFO, device or directory would block or never end.
    ///
    /// # Errors
    /// What the operating system says, or `InvalidInput` for what is no regular file.
    pub fn open(path: &Path) -> io::Result<Self> {
        // The type is asked before opening too, because opening a FIFO waits for its writer.
        regular(&std::fs::metadata(path)?)?;
        Self::of(File::open(path)?)
    }

    /// A file that is open already.
    ///
    /// # Errors
    /// As [`FileBlob::open`].
    pub(super) fn of(file: File) -> io::Result<Self> {
        let meta = file.metadata()?;
        regular(&meta)?;
        Ok(Self {
            size: meta.len(),
            modified: meta.modified().ok(),
            file,
        })
    }

    /// Copies standard input into an anonymous temporary file, because signatures stand at the end of what they sign.
    ///
    /// # Errors
    /// What the operating system says, or `FileTooLarge` past `max_size`.
    pub fn spool(input: &mut dyn Read, max_size: u64) -> io::Result<Self> {
        let mut file = tempfile::tempfile()?;
        let copied = io::copy(&mut input.take(max_size.saturating_add(1)), &mut file)?;
        if copied > max_size {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("over the limit of {max_size} bytes"),
            ));
        }
        file.flush()?;
        Self::of(file)
    }

    /// The file on disk is no longer the one that was opened: what was judged may be a mixture.
    pub fn changed(&self) -> bool {
        self.file.metadata().map_or(true, |m| {
            m.len() != self.size || m.modified().ok() != self.modified
        })
    }
}

/// Decoded bytes kept in memory before they go to a file.
const IN_MEMORY: u64 = 2 << 20;

/// Keeps small members in memory and large ones in anonymous temporary files, which end with the process.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spooled;

impl Spool for Spooled {
    fn keep(&self, stream: &mut dyn Read) -> io::Result<Arc<dyn ReadAt>> {
        let mut start = Vec::new();
        io::copy(&mut stream.take(IN_MEMORY), &mut start)?;
        let mut more = [0];
        if stream.read(&mut more)? == 0 {
            return Ok(Arc::new(start));
        }
        let mut file = tempfile::tempfile()?;
        file.write_all(&start)?;
        file.write_all(&more)?;
        drop(start);
        io::copy(stream, &mut file)?;
        file.flush()?;
        Ok(Arc::new(FileBlob::of(file)?))
    }
}

fn regular(meta: &Metadata) -> io::Result<()> {
    if meta.is_file() {
        Ok(())
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        ))
    }
}

impl ReadAt for FileBlob {
    fn size(&self) -> u64 {
        self.size
    }

    #[cfg(unix)]
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, buf, offset)
    }

    #[cfg(windows)]
    fn read_exact_at(&self, mut offset: u64, mut buf: &mut [u8]) -> io::Result<()> {
        use std::os::windows::fs::FileExt;
        while !buf.is_empty() {
            let read = self.file.seek_read(buf, offset)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            buf = buf.get_mut(read..).unwrap_or_default();
            offset = offset.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        }
        Ok(())
    }
}

/// Reads a whole small file: settings, policies, trust anchors, lists.
///
/// # Errors
/// What the operating system says, or `FileTooLarge` past `max` bytes.
pub fn read(path: &Path, max: u64) -> io::Result<Vec<u8>> {
    let blob = FileBlob::open(path)?;
    if blob.size() > max {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("over the limit of {max} bytes"),
        ));
    }
    blob.read_range(0..blob.size())
}

/// Reads a whole small text file.
///
/// # Errors
/// As [`read`], and `InvalidData` where it is not UTF-8.
pub fn read_text(path: &Path, max: u64) -> io::Result<String> {
    String::from_utf8(read(path, max)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use super::{FileBlob, read};
    use crate::base::blob::ReadAt;

    #[test]
    fn what_is_no_regular_file_is_refused_without_waiting() {
        let dir = tempfile::tempdir().unwrap();
        assert!(FileBlob::open(dir.path()).is_err());
        let fifo = dir.path().join("fifo");
        if std::process::Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .is_ok_and(|s| s.success())
        {
            assert!(FileBlob::open(&fifo).is_err());
        }
    }

    #[test]
    fn a_file_that_changes_is_noticed_and_one_that_shrinks_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        std::fs::write(&path, b"0123456789").unwrap();
        let blob = FileBlob::open(&path).unwrap();
        assert!(!blob.changed());
        std::fs::write(&path, b"01").unwrap();
        assert!(blob.changed());
        assert!(blob.read_range(0..10).is_err());
    }

    #[test]
    fn standard_input_and_small_files_stop_at_their_limit() {
        assert!(FileBlob::spool(&mut &b"123456"[..], 5).is_err());
        assert_eq!(
            FileBlob::spool(&mut &b"12345"[..], 5)
                .unwrap()
                .read_range(0..5)
                .unwrap(),
            b"12345"
        );
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"123").unwrap();
        assert!(read(file.path(), 2).is_err());
    }
}
