//! What screening a hundred thousand names against fifty thousand entries costs, names and entries both made up.
#![expect(clippy::unwrap_used, reason = "a benchmark")]

use std::collections::BTreeSet;

use bonafide::model::list::{ListEntry, ListedKind, ListedName, NameKind};
use bonafide::screening::book::Book;
use bonafide::screening::matching::Subject;
use divan::Bencher;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

const ENTRIES: usize = 50_000;
const NAMES: usize = 100_000;

fn main() {
    divan::main();
}

/// Numbers without order, the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0.wrapping_shl(13);
        self.0 ^= self.0.wrapping_shr(7);
        self.0 ^= self.0.wrapping_shl(17);
        usize::try_from(self.0 >> 16)
            .unwrap()
            .checked_rem(limit)
            .unwrap()
    }

    fn of(&mut self, all: &[&'static str]) -> &'static str {
        let at = self.below(all.len());
        all.get(at).unwrap()
    }

    /// One or two words of syllables, a word of the trade, a legal form: as companies are called.
    fn name(&mut self) -> String {
        const SYLLABLES: &[&str] = &[
            "al", "ber", "co", "dan", "el", "fir", "gor", "hul", "in", "jas", "kon", "lum", "mar",
            "nex", "or", "pel", "qua", "ros", "sta", "tri", "ul", "ven", "wes", "xan", "yor",
            "zet",
        ];
        const TRADES: &[&str] = &[
            "Trading",
            "Technologies",
            "Systems",
            "Shipping",
            "Telecom",
            "Software",
            "Group",
            "International",
        ];
        const FORMS: &[&str] = &["Ltd", "LLC", "GmbH", "Co., Ltd.", "S.A.", "OOO", "Inc."];
        let mut out = String::new();
        for _ in 0..=self.below(2) {
            for _ in 0..self.below(2).wrapping_add(2) {
                out.push_str(self.of(SYLLABLES));
            }
            out.push(' ');
        }
        out.push_str(self.of(TRADES));
        out.push(' ');
        out.push_str(self.of(FORMS));
        out
    }

    fn country(&mut self) -> String {
        self.of(&["RU", "CN", "DE", "US", "AE", "IR"]).to_owned()
    }
}

fn book() -> Book {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut book = Book::default();
    for id in 0..ENTRIES {
        book.add_listed(&ListEntry {
            list: "made-up".into(),
            id: id.to_string(),
            kind: ListedKind::Organization,
            names: vec![ListedName {
                text: numbers.name(),
                kind: NameKind::Primary,
            }],
            countries: vec![numbers.country()],
            numbers: Vec::new(),
            from: None,
            until: None,
            programmes: Vec::new(),
            remarks: String::new(),
            citation: String::new(),
            raw_sha256: [0; 32],
        });
    }
    book.close();
    book
}

#[divan::bench(sample_count = 3)]
fn build(bencher: Bencher<'_, '_>) {
    bencher.bench_local(book);
}

#[divan::bench(sample_count = 3)]
fn screen(bencher: Bencher<'_, '_>) {
    let book = book();
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    let names: Vec<(String, BTreeSet<String>)> = (0..NAMES)
        .map(|_| (numbers.name(), BTreeSet::from([numbers.country()])))
        .collect();
    bencher.bench_local(|| {
        names
            .par_iter()
            .filter(|(name, countries)| {
                book.best(&Subject::new(
                    std::iter::once(name.as_str()),
                    countries,
                    &[],
                ))
                .is_some()
            })
            .count()
    });
}
