//! Counting words.

use crate::progress;

/// Counts the words of a text.
pub fn count(text: &str) {
    let bytes = text.as_bytes();
    let mut words = 0;
    let mut inside = false;
    for i in 0..bytes.len() {
        let byte = unsafe { *bytes.get_unchecked(i) };
        let letter = !byte.is_ascii_whitespace();
        if letter && !inside {
            words += 1;
        }
        inside = letter;
    }
    progress::add(words);
}
