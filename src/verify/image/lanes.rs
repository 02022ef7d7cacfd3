//! The pass itself. A large file's sinks run on threads of their own, so that two digests take the time of one.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, Scope, ScopedJoinHandle};

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::verify::image::{Chunk, Error, Sink};

/// Large enough to make system calls cheap, small enough to stay in the cache between sinks. A multiple of four.
const CHUNK: usize = 512 << 10;
/// Below it, starting threads costs more than it saves.
const PARALLEL_FROM: u64 = 4 << 20;
/// Two digests, page hashes and the checksum; further sinks share.
const MAX_LANES: usize = 4;
/// A lane holds one chunk in work and one waiting, while the next is read.
const BUFFERS: usize = 3;

/// Passes the whole file through `sinks`, which come back in the order they were given.
pub(super) fn run<'a>(
    blob: &dyn ReadAt,
    sinks: Vec<Sink<'a>>,
    budget: &Budget<'_>,
) -> Result<Vec<Sink<'a>>, Error> {
    if sinks.is_empty() {
        return Ok(sinks);
    }
    let lanes = if blob.size() < PARALLEL_FROM {
        1
    } else {
        sinks.len().min(MAX_LANES)
    };
    let sinks = if lanes == 1 {
        one_lane(blob, sinks, budget)
    } else {
        several_lanes(blob, sinks, lanes, budget)
    }?;
    // Whatever can be read behind the end has been added since the file was opened.
    match blob.read_exact_at(blob.size(), &mut [0]) {
        Ok(()) => Err(Error::Changed),
        Err(_) => Ok(sinks),
    }
}

fn one_lane<'a>(
    blob: &dyn ReadAt,
    mut sinks: Vec<Sink<'a>>,
    budget: &Budget<'_>,
) -> Result<Vec<Sink<'a>>, Error> {
    let mut buffer = Vec::new();
    for (offset, len) in chunks(blob.size()) {
        budget.check_time()?;
        buffer.resize(len, 0);
        read(blob, offset, &mut buffer)?;
        let chunk = Chunk {
            offset,
            bytes: &buffer,
        };
        sinks.iter_mut().for_each(|sink| sink.take(chunk));
    }
    Ok(sinks)
}

/// A sink with its place among all.
type Numbered<'a> = (usize, Sink<'a>);

fn several_lanes<'a>(
    blob: &dyn ReadAt,
    sinks: Vec<Sink<'a>>,
    count: usize,
    budget: &Budget<'_>,
) -> Result<Vec<Sink<'a>>, Error> {
    let mut lanes: Vec<Vec<Numbered<'a>>> = Vec::new();
    lanes.resize_with(count, Vec::new);
    for (number, sink) in sinks.into_iter().enumerate() {
        if let Some(lane) = number.checked_rem(count).and_then(|n| lanes.get_mut(n)) {
            lane.push((number, sink));
        }
    }
    // The last lane, which has the lightest sink, runs here beside the reading.
    let mut own = lanes.pop().unwrap_or_default();
    std::thread::scope(|scope| {
        let mut senders = Vec::new();
        let mut workers = Vec::new();
        for lane in lanes {
            let (send, receive) = sync_channel(1);
            workers.push(worker(scope, lane, receive)?);
            senders.push(send);
        }
        let read = feed(blob, &senders, &mut own, budget);
        drop(senders);
        for worker in workers {
            match worker.join() {
                Ok(lane) => own.extend(lane),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        read?;
        own.sort_by_key(|(number, _)| *number);
        Ok(own.into_iter().map(|(_, sink)| sink).collect())
    })
}

fn worker<'scope, 'a: 'scope>(
    scope: &'scope Scope<'scope, '_>,
    mut lane: Vec<Numbered<'a>>,
    chunks: Receiver<Arc<Owned>>,
) -> Result<ScopedJoinHandle<'scope, Vec<Numbered<'a>>>, Error> {
    Builder::new()
        .spawn_scoped(scope, move || {
            for owned in chunks {
                lane.iter_mut()
                    .for_each(|(_, sink)| sink.take(owned.chunk()));
            }
            lane
        })
        .map_err(|error| Error::Read {
            offset: 0,
            message: format!("no thread to hash on: {error}"),
        })
}

/// A chunk that lanes share.
#[derive(Debug, Default)]
struct Owned {
    offset: u64,
    bytes: Vec<u8>,
}

impl Owned {
    fn chunk(&self) -> Chunk<'_> {
        Chunk {
            offset: self.offset,
            bytes: &self.bytes,
        }
    }
}

/// Reads the file and hands each chunk to every lane, `own` included.
fn feed(
    blob: &dyn ReadAt,
    senders: &[SyncSender<Arc<Owned>>],
    own: &mut [Numbered<'_>],
    budget: &Budget<'_>,
) -> Result<(), Error> {
    let mut pool: VecDeque<Arc<Owned>> = VecDeque::new();
    pool.resize_with(BUFFERS, Arc::default);
    for (offset, len) in chunks(blob.size()) {
        budget.check_time()?;
        let mut owned = pool.pop_front().unwrap_or_default();
        if Arc::get_mut(&mut owned).is_none() {
            // Still held by a lane; cannot be with this many buffers, and costs only memory if it is.
            owned = Arc::default();
        }
        if let Some(free) = Arc::get_mut(&mut owned) {
            free.offset = offset;
            free.bytes.resize(len, 0);
            read(blob, offset, &mut free.bytes)?;
        }
        for sender in senders {
            // A lane that is gone has panicked, which joining it brings out.
            let _ = sender.send(Arc::clone(&owned));
        }
        own.iter_mut()
            .for_each(|(_, sink)| sink.take(owned.chunk()));
        pool.push_back(owned);
    }
    Ok(())
}

/// Offset and length of each chunk of a file.
fn chunks(size: u64) -> impl Iterator<Item = (u64, usize)> {
    let mut at = 0u64;
    std::iter::from_fn(move || {
        let left = usize::try_from(size.saturating_sub(at)).unwrap_or(usize::MAX);
        let len = left.min(CHUNK);
        let offset = at;
        at = at.saturating_add(u64::try_from(len).ok()?);
        (len > 0).then_some((offset, len))
    })
}

fn read(blob: &dyn ReadAt, offset: u64, buffer: &mut [u8]) -> Result<(), Error> {
    blob.read_exact_at(offset, buffer).map_err(|error| {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Error::Changed
        } else {
            Error::Read {
                offset,
                message: error.to_string(),
            }
        }
    })
}
