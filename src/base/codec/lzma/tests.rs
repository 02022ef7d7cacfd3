use std::io::{self, BufReader, Read};

use proptest::prelude::*;

use super::testing::{Encoder, PROPERTIES, Symbol, chunk, mixed, stored, stream};
use super::{Lzma, Lzma2};
use Symbol::{Literal, Marker, Match, Rep, ShortRep};

const DICTIONARY: u32 = 1 << 20;

/// Everything, in reads of `step` bytes.
fn all(mut stream: impl Read, step: usize) -> io::Result<Vec<u8>> {
    let (mut out, mut buf) = (Vec::new(), vec![0; step]);
    loop {
        match stream.read(&mut buf)? {
            0 => return Ok(out),
            read => out.extend(&buf[..read]),
        }
    }
}

/// Through a buffer of `buffer` bytes, so that symbols lie across its end.
fn lzma(coded: &[u8], size: Option<usize>, buffer: usize, step: usize) -> io::Result<Vec<u8>> {
    let source = BufReader::with_capacity(buffer, coded);
    let size = size.map(|size| size as u64);
    all(Lzma::new(source, size, PROPERTIES, DICTIONARY)?, step)
}

fn lzma2(coded: &[u8]) -> io::Result<Vec<u8>> {
    all(Lzma2::new(coded, DICTIONARY), 1000)
}

fn why<T: std::fmt::Debug>(result: io::Result<T>) -> String {
    result.unwrap_err().to_string()
}

/// The whole of an LZMA2 stream in one compressed chunk.
fn one_chunk(symbols: &[Symbol]) -> (Vec<u8>, Vec<u8>) {
    let (coded, data) = stream(PROPERTIES, symbols);
    let mut out = chunk(0xe0, data.len(), Some(PROPERTIES), &coded);
    out.push(0);
    (out, data)
}

#[test]
fn every_symbol_comes_out_through_buffers_of_any_size() {
    let mut symbols = mixed(7, 3000);
    let (unmarked, data) = stream(PROPERTIES, &symbols);
    symbols.push(Marker);
    let (marked, _) = stream(PROPERTIES, &symbols);
    for (buffer, step) in [(1, 1000), (33, 7), (40, 1), (64 << 10, 64 << 10)] {
        for (coded, size) in [
            (&unmarked, Some(data.len())),
            (&marked, None),
            (&marked, Some(data.len())),
        ] {
            assert_eq!(lzma(coded, size, buffer, step).unwrap(), data);
        }
    }
}

#[test]
fn nothing_behind_the_stream_is_used() {
    let (mut coded, data) = stream(PROPERTIES, &[mixed(3, 200), vec![Marker]].concat());
    coded.extend(b"behind");
    let mut source = &coded[..];
    let mut stream = Lzma::new(&mut source, None, PROPERTIES, DICTIONARY).unwrap();
    assert_eq!(all(&mut stream, 100).unwrap(), data);
    assert_eq!(source, b"behind");
    let (mut coded, data) = one_chunk(&mixed(3, 200));
    coded.extend(b"behind");
    let mut source = &coded[..];
    assert_eq!(all(Lzma2::new(&mut source, DICTIONARY), 100).unwrap(), data);
    assert_eq!(source, b"behind");
}

#[test]
fn chunks_of_every_kind_follow_each_other() {
    let mut encoder = Encoder::new(PROPERTIES);
    let mut out = Vec::new();
    let mut before = 0;
    let mut add = |encoder: &mut Encoder, control: u8, symbols: &[Symbol]| {
        symbols.iter().for_each(|symbol| encoder.symbol(*symbol));
        let size = encoder.data.len() - before;
        before = encoder.data.len();
        let properties = (control >= 0xc0).then_some(PROPERTIES);
        out.extend(chunk(control, size, properties, &encoder.finish()));
    };
    add(&mut encoder, 0xe0, &mixed(1, 400));
    add(&mut encoder, 0x80, &mixed(2, 10)[5..]);
    encoder.reset();
    add(&mut encoder, 0xa0, &[Literal(1), Match(20, 30)]);
    encoder.reset();
    add(
        &mut encoder,
        0xc0,
        &[Match(9, 300 - 27), ShortRep, Rep(0, 9)],
    );
    out.extend(stored(2, b"as it is"));
    encoder.data.extend(b"as it is");
    let mut expected = encoder.data.clone();
    out.extend(stored(1, b"afresh"));
    out.extend(one_chunk(&[Literal(b'!'), Match(0, 5)]).0);
    expected.extend(b"afresh!!!!!!");
    assert_eq!(lzma2(&out).unwrap(), expected);
}

#[test]
fn an_end_marker_inside_an_lzma2_chunk_is_an_error_and_no_loop() {
    let (coded, data) = stream(PROPERTIES, &[Literal(1), Literal(2), Marker]);
    for size in [data.len(), data.len() + 1, 5000] {
        let mut coded = chunk(0xe0, size, Some(PROPERTIES), &coded);
        coded.push(0);
        assert!(lzma2(&coded).is_err(), "{size}");
    }
    assert_eq!(
        why(lzma2(&chunk(0xe0, 5000, Some(PROPERTIES), &coded))),
        "an LZMA end marker where none may be"
    );
}

#[test]
fn an_end_marker_ends_a_stream_of_stated_size_only_where_it_ends() {
    let (coded, data) = stream(PROPERTIES, &[Literal(1), Literal(2), Marker]);
    assert_eq!(lzma(&coded, Some(2), 64, 64).unwrap(), data);
    assert_eq!(
        why(lzma(&coded, Some(3), 64, 64)),
        "an LZMA end marker where none may be"
    );
    assert_eq!(
        why(lzma(&coded, Some(1), 64, 64)),
        "the LZMA data go on where they should end"
    );
}

#[test]
fn a_match_past_what_was_decoded_or_past_the_dictionary_is_an_error() {
    let reaching = "a match reaches back past the dictionary";
    for symbols in [
        &[Match(0, 2)][..],
        &[Literal(1), Match(1, 2)],
        &[Literal(1), Match(u32::MAX - 1, 2)],
        &[ShortRep],
        &[Rep(3, 2)],
    ] {
        let (coded, _) = stream(PROPERTIES, symbols);
        assert_eq!(why(lzma(&coded, None, 64, 64)), reaching, "{symbols:?}");
        let coded = chunk(0xe0, 100, Some(PROPERTIES), &coded);
        assert_eq!(why(lzma2(&coded)), reaching, "{symbols:?}");
    }
    let symbols: Vec<Symbol> = (0..5000)
        .map(|at| Literal(at as u8))
        .chain([Match(4095, 2), Match(4096, 2)])
        .collect();
    let (coded, data) = stream(PROPERTIES, &symbols[..5001]);
    let open = |coded: &[u8]| {
        let stream = Lzma::new(coded, Some(5004), PROPERTIES, 4096)?;
        all(stream.take(5002), 100)
    };
    assert_eq!(open(&coded).unwrap(), data);
    let (coded, _) = stream(PROPERTIES, &symbols);
    let stream = Lzma::new(&coded[..], Some(5004), PROPERTIES, 4096).unwrap();
    assert_eq!(why(all(stream, 100)), reaching);
}

#[test]
fn a_match_past_the_stated_size_is_an_error() {
    let symbols = [Literal(1), Match(0, 10)];
    let (coded, _) = stream(PROPERTIES, &symbols);
    let past = "a match reaches past the end of the LZMA data";
    assert_eq!(why(lzma(&coded, Some(5), 64, 64)), past);
    assert_eq!(why(lzma2(&chunk(0xe0, 5, Some(PROPERTIES), &coded))), past);
}

#[test]
fn a_chunk_that_is_not_used_up_or_does_not_suffice_is_an_error() {
    let (coded, data) = stream(PROPERTIES, &mixed(5, 50));
    let longer = [&coded[..], &[0]].concat();
    let size = data.len();
    let decoded = |size, coded: &[u8]| lzma2(&chunk(0xe0, size, Some(PROPERTIES), coded));
    let unfinished = "the LZMA data go on where they should end";
    assert_eq!(why(decoded(size, &longer)), unfinished);
    assert!(decoded(size, &coded[..coded.len() - 1]).is_err());
    assert!(decoded(size - 1, &coded).is_err());
    assert!(decoded(size + 1, &coded).is_err());
}

#[test]
fn a_chunk_needs_what_it_does_not_reset() {
    let fits = |before: &[u8], control: u8| {
        let mut encoder = Encoder::new(PROPERTIES);
        let mut coded = Vec::new();
        if !before.is_empty() {
            coded.extend(stored(1, before));
            encoder.data.extend(before);
        }
        encoder.symbol(Literal(1));
        encoder.symbol(Literal(2));
        let properties = (control >= 0xc0).then_some(PROPERTIES);
        coded.extend(chunk(control, 2, properties, &encoder.finish()));
        coded.push(0);
        lzma2(&coded).is_ok()
    };
    for control in [0x80, 0xa0, 0xc0] {
        assert!(!fits(&[], control), "{control:x} without a dictionary");
        assert_eq!(fits(b"new", control), control == 0xc0, "{control:x}");
    }
    assert!(fits(&[], 0xe0));
    assert!(lzma2(&[stored(2, b"old"), vec![0]].concat()).is_err());
    let new = stored(1, b"new");
    for control in 3..0x80 {
        assert!(lzma2(&[new.clone(), vec![control], vec![0; 9]].concat()).is_err());
    }
}

#[test]
fn the_range_coder_starts_with_a_zero_and_a_code_below_the_range() {
    let (mut coded, data) = stream(PROPERTIES, &[Literal(1)]);
    coded[0] = 1;
    let corrupt = "the range coder is in a state that no encoder leaves";
    assert_eq!(why(lzma(&coded, Some(data.len()), 64, 64)), corrupt);
    let bad = chunk(0xe0, data.len(), Some(PROPERTIES), &coded);
    assert_eq!(why(lzma2(&bad)), corrupt);
    coded[..5].copy_from_slice(&[0, 0xff, 0xff, 0xff, 0xff]);
    assert_eq!(why(lzma(&coded, Some(data.len()), 64, 64)), corrupt);
    let short = chunk(0xe0, 1, Some(PROPERTIES), &[0; 4]);
    assert!(lzma2(&short).is_err());
}

#[test]
fn properties_that_no_encoder_writes_are_refused() {
    for byte in 225..=255 {
        assert!(Lzma::new(&[0; 9][..], None, byte, DICTIONARY).is_err());
    }
    let (coded, data) = stream(5, &[Literal(1)]);
    // lc = 5, which LZMA takes and LZMA2 does not.
    let stream = Lzma::new(&coded[..], Some(1), 5, DICTIONARY).unwrap();
    assert_eq!(all(stream, 9).unwrap(), data);
    assert_eq!(
        why(lzma2(&chunk(0xe0, 1, Some(5), &coded))),
        "the LZMA properties are none"
    );
}

#[test]
fn a_decoder_that_has_failed_fails_again_at_once() {
    // Properties that are none, in a chunk whose size is set already.
    let mut stream = Lzma2::new(
        &[0xe0, 0, 9, 0, 9, 0xff, 0, 0, 0, 0, 0, 0, 0][..],
        DICTIONARY,
    );
    for _ in 0..3 {
        assert!(stream.read(&mut [0; 9]).is_err());
    }
    let (coded, _) = stream_of_two();
    let mut stream = Lzma::new(&coded[..7], None, PROPERTIES, DICTIONARY).unwrap();
    for _ in 0..3 {
        assert!(stream.read(&mut [0; 9]).is_err());
    }
}

fn stream_of_two() -> (Vec<u8>, Vec<u8>) {
    stream(PROPERTIES, &[mixed(11, 40), vec![Marker]].concat())
}

#[test]
fn a_cut_at_any_byte_is_an_error() {
    let (coded, data) = stream_of_two();
    for cut in 0..coded.len() {
        for buffer in [1, 64, 4096] {
            let cut = &coded[..cut];
            assert!(lzma(cut, None, buffer, 64).is_err(), "{}", cut.len());
            if cut.len() < coded.len() - 8 {
                assert!(lzma(cut, Some(data.len()), buffer, 64).is_err());
            }
        }
    }
    let (coded, _) = one_chunk(&mixed(11, 40));
    for cut in 0..coded.len() {
        let error = lzma2(&coded[..cut]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{cut}");
    }
}

#[test]
fn a_flipped_bit_ends_in_an_error_or_in_no_more_bytes_than_stated() {
    let (coded, data) = stream_of_two();
    let (chunked, _) = one_chunk(&mixed(11, 40));
    let mut errors = 0;
    for bit in 0..coded.len() * 8 {
        let mut bad = coded.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        match lzma(&bad, Some(data.len()), 50, 64) {
            Ok(out) => assert_eq!(out.len(), data.len()),
            Err(_) => errors += 1,
        }
    }
    assert!(errors > coded.len() * 7, "{errors}");
    for bit in 0..chunked.len() * 8 {
        let mut bad = chunked.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        if let Ok(out) = lzma2(&bad) {
            assert!(out.len() <= data.len());
        }
    }
}

#[test]
fn a_dictionary_of_four_gibibytes_costs_what_comes_out() {
    let (coded, data) = one_chunk(&mixed(2, 100));
    let mut stream = Lzma2::new(&coded[..], u32::MAX);
    assert_eq!(all(&mut stream, 100).unwrap(), data);
    assert!(stream.allocated() < 64 << 10);
    let symbols = [&[Literal(0)][..], &[Match(0, 273); 1000]].concat();
    let (coded, data) = super::testing::stream(PROPERTIES, &symbols);
    let size = Some(data.len() as u64);
    let mut stream = Lzma::new(&coded[..], size, PROPERTIES, u32::MAX).unwrap();
    assert_eq!(all(&mut stream, 4096).unwrap(), data);
    assert!(stream.stream.window.allocated() < 4 * data.len());
}

#[test]
fn a_small_dictionary_is_gone_round_many_times() {
    let mut symbols: Vec<Symbol> = (0..4200u32).map(|at| Literal(at as u8 ^ 0x5a)).collect();
    for distance in 0..4096 {
        symbols.push(Match(distance, 2 + distance as usize % 272));
    }
    let (coded, data) = stream(PROPERTIES, &symbols);
    for step in [1, 15, 1000, 5000, 64 << 10] {
        let size = Some(data.len() as u64);
        let stream = Lzma::new(&coded[..], size, PROPERTIES, 4096).unwrap();
        assert!(all(stream, step).unwrap() == data, "{step}");
    }
}

#[test]
fn every_combination_of_properties_decodes() {
    let symbols = mixed(9, 150);
    for byte in 0..225 {
        let (coded, data) = stream(byte, &symbols);
        let size = Some(data.len() as u64);
        let stream = Lzma::new(&coded[..], size, byte, DICTIONARY).unwrap();
        assert!(all(stream, 999).unwrap() == data, "{byte}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_end(coded in prop::collection::vec(any::<u8>(), 0..300), control in 0x80..=0xffu8) {
        let mut start = vec![control, 0xff, 0xff, 0, coded.len() as u8, PROPERTIES, 0];
        start.extend(&coded);
        let limit = 3 << 20;
        let _ = all(Lzma2::new(&start[..], DICTIONARY).take(limit), 4096);
        let coded = [&[0][..], &coded].concat();
        if let Ok(stream) = Lzma::new(&coded[..], None, PROPERTIES, DICTIONARY) {
            // Each byte of input is worth no more than so many symbols of 273 bytes.
            prop_assert!(all(stream, 4096).is_err() || coded.len() > 5);
        }
    }

    #[test]
    fn any_symbols_come_out(seed in any::<u32>(), count in 1usize..400, step in 1usize..2000) {
        let (coded, data) = stream(PROPERTIES, &mixed(seed, count));
        prop_assert_eq!(lzma(&coded, Some(data.len()), 77, step).unwrap(), data);
    }
}
