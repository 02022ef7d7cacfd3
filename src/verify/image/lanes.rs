//! The pass itself. A large file's sinks run on several threads, so that two digests take the time of one.
//!
//! There is no thread that only reads: the lane that first needs a chunk reads it for all, so the lanes balance each other.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::model::extract::Span;
use crate::verify::image::{Chunk, Error, Sink};

/// Large enough to make system calls cheap; all that are ahead together stay in a core's own cache. A multiple of four.
const CHUNK: usize = 64 << 10;
/// Below it, starting threads costs more than it saves.
const PARALLEL_FROM: u64 = 4 << 20;
/// Two digests and page hashes; further sinks share.
const MAX_LANES: usize = 3;
/// Chunks by which the fastest lane may be ahead of the slowest; that is what one file costs in memory.
const MAX_AHEAD: usize = 4;
/// Looks at a chunk that another lane is reading, a pause of some microseconds apart, before this one goes to sleep for it:
/// reading takes less time than being woken.
const LOOKS: usize = 16;
/// Pauses between two looks.
const PAUSES: usize = 128;

/// Passes the whole file through `sinks`, which come back in the order they were given.
pub(super) fn run<'a>(
    blob: &dyn ReadAt,
    sinks: Vec<Sink<'a>>,
    budget: &Budget<'_>,
) -> Result<Vec<Sink<'a>>, Error> {
    if sinks.is_empty() {
        return Ok(sinks);
    }
    let heavy = sinks.iter().filter(|s| s.is_heavy()).count();
    let lanes = if blob.size() < PARALLEL_FROM {
        1
    } else {
        heavy.clamp(1, MAX_LANES)
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
    for (offset, len) in chunks(&(0..blob.size())) {
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
    let feed = Feed {
        blob,
        budget,
        lanes: count,
        state: Mutex::default(),
        moved: Condvar::new(),
    };
    let mut own = lanes.pop().unwrap_or_default();
    let mut done = std::thread::scope(|scope| {
        let mut workers = Vec::new();
        for lane in lanes {
            let worker = Builder::new()
                .spawn_scoped(scope, || feed.run(lane))
                .map_err(|error| {
                    feed.give_up();
                    Error::Read {
                        offset: 0,
                        message: format!("no thread to hash on: {error}"),
                    }
                })?;
            workers.push(worker);
        }
        own = feed.run(own);
        for worker in workers {
            match worker.join() {
                Ok(lane) => own.extend(lane),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok::<_, Error>(own)
    })?;
    feed.finish()?;
    done.sort_by_key(|(number, _)| *number);
    Ok(done.into_iter().map(|(_, sink)| sink).collect())
}

/// The file, chunk by chunk, for lanes that each take every chunk in order.
struct Feed<'f> {
    blob: &'f dyn ReadAt,
    budget: &'f Budget<'f>,
    lanes: usize,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    /// Chunks that some lane has not taken yet.
    ahead: VecDeque<Ahead>,
    /// Number of the first of them.
    first: usize,
    /// Lanes that sleep until something moves.
    asleep: usize,
    /// Buffers to use again.
    spare: Vec<Arc<Owned>>,
    /// Why nothing more can be read.
    failed: Option<Error>,
    /// A lane or the caller ended early.
    stopped: bool,
}

/// A chunk that some lane has not taken yet.
struct Ahead {
    /// `None` while the lane that needed it first is reading it.
    chunk: Option<Arc<Owned>>,
    /// Lanes that have not taken it.
    left: usize,
}

/// A chunk that lanes share.
#[derive(Debug, Default)]
struct Owned {
    offset: u64,
    bytes: Vec<u8>,
}

/// Ends the other lanes where one panics, which would wait for it for ever.
struct Guard<'g, 'f>(&'g Feed<'f>);

impl Drop for Guard<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.give_up();
        }
    }
}

impl Feed<'_> {
    fn run<'a>(&self, mut lane: Vec<Numbered<'a>>) -> Vec<Numbered<'a>> {
        let _guard = Guard(self);
        for (number, (offset, len)) in chunks(&(0..self.blob.size())).enumerate() {
            let Some(owned) = self.chunk(number, offset, len) else {
                break;
            };
            let chunk = Chunk {
                offset: owned.offset,
                bytes: &owned.bytes,
            };
            lane.iter_mut().for_each(|(_, sink)| sink.take(chunk));
        }
        lane
    }

    /// The chunk of this number, read now if no other lane has. `None` ends the lane.
    fn chunk(&self, number: usize, offset: u64, len: usize) -> Option<Arc<Owned>> {
        let mut state = self.lock();
        let mut looks = 0;
        loop {
            if state.stopped {
                return None;
            }
            let place = number.saturating_sub(state.first);
            match state.ahead.get(place) {
                Some(Ahead { chunk: Some(_), .. }) => return self.take(state, place),
                None if state.ahead.len() < MAX_AHEAD => break,
                Some(Ahead { chunk: None, .. }) | None if looks < LOOKS => {
                    looks = looks.saturating_add(1);
                    drop(state);
                    (0..PAUSES).for_each(|_| std::hint::spin_loop());
                    state = self.lock();
                }
                Some(Ahead { chunk: None, .. }) | None => {
                    state.asleep = state.asleep.saturating_add(1);
                    state = self
                        .moved
                        .wait(state)
                        .unwrap_or_else(PoisonError::into_inner);
                    state.asleep = state.asleep.saturating_sub(1);
                }
            }
        }
        let mut owned = state.reusable();
        state.ahead.push_back(Ahead {
            chunk: None,
            left: self.lanes.saturating_sub(1),
        });
        drop(state);

        owned.offset = offset;
        owned.bytes.resize(len, 0);
        let time = self.budget.check_time().map_err(Error::from);
        let read = time.and_then(|()| read(self.blob, offset, &mut owned.bytes));
        let owned = Arc::new(owned);
        let mut state = self.lock();
        let result = match read {
            Ok(()) => {
                let place = number.saturating_sub(state.first);
                if let Some(ahead) = state.ahead.get_mut(place) {
                    ahead.chunk = Some(Arc::clone(&owned));
                }
                Some(owned)
            }
            Err(error) => {
                state.failed = Some(error);
                state.stopped = true;
                None
            }
        };
        self.wake(&state);
        result
    }

    /// Takes what stands at `place`, and its buffer back where this lane is the last.
    fn take(&self, mut state: MutexGuard<'_, State>, place: usize) -> Option<Arc<Owned>> {
        let ahead = state.ahead.get_mut(place)?;
        let chunk = ahead.chunk.clone();
        ahead.left = ahead.left.saturating_sub(1);
        if ahead.left == 0
            && let Some(taken) = state.ahead.pop_front().and_then(|a| a.chunk)
        {
            // The slowest lane takes chunks in order, so the one it takes is the first.
            state.first = state.first.saturating_add(1);
            state.spare.push(taken);
            self.wake(&state);
        }
        chunk
    }

    fn wake(&self, state: &State) {
        if state.asleep > 0 {
            self.moved.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_up(&self) {
        self.lock().stopped = true;
        self.moved.notify_all();
    }

    fn finish(self) -> Result<(), Error> {
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        state.failed.map_or(Ok(()), Err)
    }
}

impl State {
    /// A buffer that no lane holds any more.
    fn reusable(&mut self) -> Owned {
        let free = self.spare.iter().position(|s| Arc::strong_count(s) == 1);
        free.and_then(|at| Arc::into_inner(self.spare.swap_remove(at)))
            .unwrap_or_default()
    }
}

/// Offset and length of each chunk of a span.
pub(super) fn chunks(span: &Span) -> impl Iterator<Item = (u64, usize)> + use<> {
    let (mut at, end) = (span.start, span.end);
    std::iter::from_fn(move || {
        let left = usize::try_from(end.saturating_sub(at)).unwrap_or(usize::MAX);
        let len = left.min(CHUNK);
        let offset = at;
        at = at.saturating_add(u64::try_from(len).ok()?);
        (len > 0).then_some((offset, len))
    })
}

pub(super) fn read(blob: &dyn ReadAt, offset: u64, buffer: &mut [u8]) -> Result<(), Error> {
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
