//! Any bytes as an image that carries an installer: members or an error, without a panic and within the budget.
#![no_main]

use std::io::{Read, sink};

use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::pe::Pe;
use bonafide::format::{Error, Format, Out};
use libfuzzer_sys::fuzz_target;

struct Nowhere;

impl Out for Nowhere {
    fn wants(&self, _: usize) -> bool {
        true
    }

    fn member(&mut self, _: usize, content: &mut dyn Read) -> Result<(), Error> {
        let _ = std::io::copy(content, &mut sink());
        Ok(())
    }
}

fuzz_target!(|data: &[u8]| {
    let data = data.to_vec();
    let limits = Limits {
        max_decoded: 8 << 20,
        ..Limits::default()
    };
    let budget = Budget::start(limits, &Stopped);
    let Ok(Some(inside)) = Pe.open(&data, &budget) else {
        return;
    };
    for block in 0..inside.blocks() {
        let _ = inside.decode(&data, block, &budget, &mut Nowhere);
    }
});
