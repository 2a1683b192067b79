//! Any text is a settings file or has findings, and setting a key in it changes that key alone.
#![no_main]

use libfuzzer_sys::fuzz_target;
use palc::config::{Key, edit};
use serde_json::json;

fuzz_target!(|text: &str| {
    let key = Key::parse("render.fuel").expect("it is a key");
    let Ok(set) = edit::set(text, &key, &json!(7)) else { return };
    assert_eq!(edit::get(&set, &key), Some(json!(7)));
    assert_eq!(edit::set(&set, &key, &json!(7)).ok().as_ref(), Some(&set), "a second time changes nothing");
    let gone = edit::unset(&set, &key).expect("what was set can be unset");
    assert_eq!(edit::get(&gone, &key), None);
});
