//! What a person types as a code.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::Code;

fuzz_target!(|typed: &str| {
    if let Ok(code) = Code::parse(typed) {
        assert!(code.password().iter().all(u8::is_ascii_digit));
        assert_eq!(Code::parse(&code.spoken()).as_ref(), Ok(&code));
    }
});
