//! Counts the words of its arguments in a thread, and the memory that it takes.

mod memory;
mod progress;
mod words;

use std::thread;

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

fn main() {
    let texts: Vec<String> = std::env::args().skip(1).collect();
    let workers: Vec<_> = texts
        .into_iter()
        .map(|text| thread::spawn(move || words::count(&text)))
        .collect();
    let closer = thread::spawn(|| {
        for worker in workers {
            if worker.join().is_err() {
                progress::give_up();
            }
        }
        progress::finish();
    });
    match progress::wait() {
        Some(words) => println!("{words} words, {} bytes in use", memory::in_use()),
        None => println!("a thread panicked"),
    }
    closer.join().expect("the closer does not panic");
}
