//! Any bytes as a file of the LEI system, in every form: an answer without a panic, and records that are bounded.
#![no_main]

use bonafide::model::legal_entity::LeiRow;
use bonafide::vendor::gleif::{DataSet, Form, read, recognise};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = recognise(data);
    for set in DataSet::ALL {
        for form in [Form::Xml, Form::Csv] {
            let mut input = data;
            let _ = read(set, form, &mut input, &mut |row| {
                assert_eq!(row.lei().len(), 20);
                match row {
                    LeiRow::Entity(record) => assert!(record.other_names.len() <= 16),
                    LeiRow::Relationship(relationship) => assert_eq!(relationship.parent.len(), 20),
                    LeiRow::Exception(exception) => assert!(exception.reasons.len() <= 16),
                }
                Ok(())
            });
        }
    }
});
