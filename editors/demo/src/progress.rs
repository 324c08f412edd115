//! How the threads tell each other how far they are.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

static WORDS: AtomicUsize = AtomicUsize::new(0);
static DONE: AtomicBool = AtomicBool::new(false);
static GAVE_UP: AtomicBool = AtomicBool::new(false);

/// Counts words that a thread has found.
pub fn add(words: usize) {
    WORDS.store(WORDS.load(Ordering::Relaxed) + words, Ordering::Relaxed);
}

/// Says that all words are counted.
pub fn finish() {
    DONE.store(true, Ordering::Release);
}

/// Gives the count up.
pub fn give_up() {
    WORDS.store(0, Ordering::Relaxed);
    // lectern: allow(relaxed-flag): who sees the flag does not read WORDS
    GAVE_UP.store(true, Ordering::Relaxed);
}

/// Waits for the number of words, or for the end without one.
pub fn wait() -> Option<usize> {
    while !DONE.load(Ordering::Acquire) {}
    if GAVE_UP.load(Ordering::Relaxed) {
        return None;
    }
    Some(WORDS.load(Ordering::Relaxed))
}
