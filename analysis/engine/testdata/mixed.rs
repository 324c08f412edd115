//! Constructs of the course in one file, as a learner might collect them.

use core::sync::atomic as a;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::UnsafeCell;
use std::sync::atomic::Ordering::{self, *};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize};

static READY: AtomicBool = AtomicBool::new(false);
static COUNT: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: forwards to the system allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(layout.size(), Relaxed);
        // SAFETY: the caller promises a layout of non-zero size.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        println!("freeing {}", layout.size());
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

mod ordering {
    pub enum Ordering {
        Relaxed,
        Strict,
    }

    pub fn mine() -> Ordering {
        let _ = Ordering::Strict;
        Ordering::Relaxed
    }

    pub mod deeper {
        use super::super::COUNT;
        use std::sync::atomic::Ordering as O;

        pub fn read() -> usize {
            COUNT.load(O::Acquire)
        }
    }
}

fn compare(x: u32, y: u32) -> std::cmp::Ordering {
    use std::cmp::Ordering;
    match x.cmp(&y) {
        Ordering::Less => Ordering::Greater,
        other => other,
    }
}

struct Node<T> {
    value: T,
    next: *mut Node<T>,
}

struct Stack<T> {
    head: AtomicPtr<Node<T>>,
}

impl<T> Stack<T> {
    const fn new() -> Self {
        Stack { head: AtomicPtr::new(std::ptr::null_mut()) }
    }

    fn push(&self, value: T) {
        let node = Box::into_raw(Box::new(Node { value, next: std::ptr::null_mut() }));
        loop {
            let head = self.head.load(Ordering::Acquire);
            unsafe { (*node).next = head };
            if self.head.compare_exchange_weak(head, node, Ordering::Release, Ordering::Relaxed).is_ok() {
                break;
            }
        }
    }

    // lectern: allow(unsafe-block): the lesson on drops explains this one
    fn pop(&self) -> Option<T> {
        let head = self.head.swap(std::ptr::null_mut(), a::Ordering::SeqCst);
        if head.is_null() {
            return None;
        }
        let node = unsafe { Box::from_raw(head) };
        self.head.store(node.next, Ordering::Release);
        Some(node.value)
    }
}

unsafe extern "C" {
    safe fn abs(x: i32) -> i32;
    pub type Opaque;
    fn strlen(s: *const u8) -> usize;
}

struct Shared(UnsafeCell<u32>);

unsafe impl Sync for Shared {}

fn publish(shared: &Shared, value: u32) {
    assert!(!READY.load(Ordering::Relaxed), "published twice: {}", unsafe { *shared.0.get() });
    unsafe { *shared.0.get() = value };
    READY.store(true, Ordering::Relaxed);
    while !READY.load(Ordering::Acquire) {}
    let all = vec![COUNT.load(SeqCst), COUNT.load(a::Ordering::Relaxed)];
    println!("{:?} {}", all, unsafe { strlen(b"x\0".as_ptr()) });
}

macro_rules! twice {
    ($e:expr) => {
        $e + $e
    };
}

static mut TICKS: u32 = 0;

#[interrupt]
fn TIM2() {
    static mut COUNT: u32 = 0;
    *COUNT += 1;
    unsafe { TICKS += 1 };
}

fn texts() -> (&'static str, usize) {
    /* unsafe { } in a /* nested */ comment is no code */
    let s = "unsafe { COUNT.load(Ordering::Release) }";
    (s, twice!(s.len()))
}
