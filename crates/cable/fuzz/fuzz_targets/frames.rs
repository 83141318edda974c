//! Fuzzes the WebSocket frame parser; the first byte is the size of the chunks it is fed.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let [step, bytes @ ..] = data {
        cable::check_parser(bytes, usize::from(*step));
    }
});
