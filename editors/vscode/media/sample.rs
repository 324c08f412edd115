// Counts words in two threads. Hover over what is underlined, and open its lesson.
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

static WORDS: AtomicUsize = AtomicUsize::new(0);

fn count(text: &str) {
    for _ in text.split_whitespace() {
        WORDS.store(WORDS.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }
}

fn main() {
    thread::scope(|s| {
        s.spawn(|| count("the quick brown fox"));
        s.spawn(|| count("jumps over the lazy dog"));
    });
    println!("{} words", WORDS.load(Ordering::Relaxed));
}
