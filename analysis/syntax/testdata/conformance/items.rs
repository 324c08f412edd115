//! Items of every kind, with comments and attributes between them.
#![no_std]

use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use core::{fmt, mem};
// A comment between two uses.
use core::ptr;

/// First line of documentation.
/// Second line.
// An ordinary line.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Header {
    pub magic: u32,
    length: u32, // in bytes
    flags: (u8, u8),
}

struct Unit;

struct Pair(u8, pub u16);

pub enum Shape {
    Point,
    Circle { radius: f32 },
    Line(f32, f32),
}

union Bits {
    whole: u32,
    parts: [u8; 4],
}

static READY: AtomicBool = AtomicBool::new(false);
static mut COUNT: u32 = 0;
const LIMIT: usize = 16;

pub trait Source: Sized {
    type Item;
    const SIZE: usize = 1;
    fn next(&mut self) -> Option<Self::Item>;
    fn skip(&mut self, n: usize) {
        for _ in 0..n {
            self.next();
        }
    }
}

impl Source for Unit {
    type Item = u8;
    fn next(&mut self) -> Option<u8> {
        None
    }
}

impl<'a, T: fmt::Debug + 'a> Wrapper<'a, T>
where
    T: Copy,
{
    /// Makes one.
    #[inline]
    pub const fn new(inner: &'a T) -> Self {
        Self { inner }
    }

    pub(crate) unsafe fn raw(self: &Self) -> *const T {
        // SAFETY: nothing is read.
        self.inner as *const T
    }

    async fn wait(&self) {}
}

struct Wrapper<'a, T> {
    inner: &'a T,
}

extern "C" {
    fn puts(s: *const u8) -> i32;
    static environ: *const *const u8;
}

mod inner {
    use super::*;

    #[test]
    fn works() {
        assert_eq!(1 + 1, 2);
    }

    /* block comment */
    /* another one */
    pub mod deeper {
        pub fn leaf() {}
    }
}

macro_rules! twice {
    ($e:expr) => {
        $e + $e
    };
}

type Callback = fn(u8) -> u8;

fn generic<const N: usize, T>(x: [T; N], _: impl Fn(T) -> T) -> Result<(), &'static str>
where
    T: Into<u64>,
{
    let _ = x;
    Ok(())
}
