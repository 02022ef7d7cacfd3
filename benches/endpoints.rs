//! What the search for addresses costs a byte, over bytes that look like code, over text, and over nothing.
#![expect(clippy::unwrap_used, reason = "a benchmark")]

use bonafide::base::budget::{self, Budget, Stopped};
use bonafide::format::endpoints::{Known, Limits, scan};
use bonafide::model::digest::DigestAlgorithm::Sha256;
use bonafide::verify::digest::hash;
use divan::Bencher;
use divan::counter::BytesCount;

const SIZE: usize = 32 << 20;

fn main() {
    divan::main();
}

/// Bytes of no order, every value as often.
fn noise() -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    std::iter::repeat_with(|| {
        state ^= state.wrapping_shl(13);
        state ^= state.wrapping_shr(7);
        state ^= state.wrapping_shl(17);
        state.to_le_bytes()
    })
    .flatten()
    .take(SIZE)
    .collect()
}

/// A script: a dot in each thirty bytes, an address in each thousand.
fn text() -> Vec<u8> {
    let line = "const handler = options.handlers.get(name) || defaults.handler; // falls back\n";
    let mut page = line.repeat(13);
    page.push_str("fetch(\"https://api.vendor.com/v1/devices?id=\" + id);\n");
    page.bytes().cycle().take(SIZE).collect()
}

/// A program: mostly noise and zeros, with names in both encodings.
fn program() -> Vec<u8> {
    let mut page: Vec<u8> = noise().into_iter().take(12 << 10).collect();
    page.resize(15 << 10, 0);
    page.extend_from_slice(
        b"kernel32.dll\0https://update.vendor.com/feed.xml\0System.Collections.Generic\0",
    );
    page.extend(
        "https://api.vendor.com/v1"
            .encode_utf16()
            .flat_map(u16::to_le_bytes),
    );
    page.resize(16 << 10, 0);
    page.into_iter().cycle().take(SIZE).collect()
}

fn run(bencher: Bencher<'_, '_>, file: Vec<u8>) {
    bencher
        .counter(BytesCount::new(file.len()))
        .bench_local(|| {
            let budget = Budget::start(budget::Limits::default(), &Stopped);
            scan(&file, &Known::default(), &Limits::default(), &budget)
        });
}

#[divan::bench]
fn over_noise(bencher: Bencher<'_, '_>) {
    run(bencher, noise());
}

#[divan::bench]
fn over_text(bencher: Bencher<'_, '_>) {
    run(bencher, text());
}

#[divan::bench]
fn over_a_program(bencher: Bencher<'_, '_>) {
    run(bencher, program());
}

#[divan::bench]
fn plain_sha256(bencher: Bencher<'_, '_>) {
    let file = program();
    bencher
        .counter(BytesCount::new(file.len()))
        .bench_local(|| hash(Sha256, &file));
}

/// A real file, named in the environment.
#[divan::bench]
fn over_a_file(bencher: Bencher<'_, '_>) {
    let Some(path) = option_env!("BONAFIDE_BENCH_FILE") else {
        return;
    };
    #[expect(clippy::disallowed_methods, reason = "a benchmark's own input")]
    let file = std::fs::read(path).unwrap();
    run(bencher, file);
}
