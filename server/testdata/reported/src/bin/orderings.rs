use std::sync::atomic::{AtomicUsize, Ordering};

static COUNT: AtomicUsize = AtomicUsize::new(0);

fn main() {
    COUNT.load(Ordering::Release);
    COUNT.store(1, Ordering::Acquire);
}
