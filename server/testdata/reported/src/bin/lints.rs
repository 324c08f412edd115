use std::collections::HashMap;
use std::ffi::CString;
use std::sync::Mutex;

static mut TICKS: u32 = 0;

/// # Safety
///
/// `pointer` must be valid for reads.
unsafe fn read(pointer: *const u8) -> u8 {
    *pointer
}

macro_rules! zeroed {
    ($type:ty) => {
        unsafe { std::mem::zeroed::<$type>() }
    };
}

fn main() {
    let lock = Mutex::new(1);
    let _ = lock.lock();
    let text = "a";
    drop(&text);
    std::mem::forget(&lock);
    let bits = unsafe { std::mem::transmute::<f32, u32>(1.0) };
    let ticks = unsafe { &TICKS };
    let value = unsafe { println!("{bits} {ticks}") };
    let name = CString::new("name").unwrap().as_ptr();
    let reference: &u8 = zeroed!(&'static u8);
    println!("{name:?} {value:?} {} {reference}", unsafe { read(std::ptr::null()) });
}
