//! Fuzzes all outputs of a body against the invariants of the tests.
#![no_main]

#[path = "../../tests/support/invariants.rs"]
mod invariants;
#[path = "../../tests/support/people.rs"]
mod people;

libfuzzer_sys::fuzz_target!(|body: &str| {
    if let Err(problem) = invariants::check(body) {
        panic!("{problem}");
    }
});
