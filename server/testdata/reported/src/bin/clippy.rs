#![warn(clippy::undocumented_unsafe_blocks, clippy::mem_forget, clippy::std_instead_of_core)]

use std::ffi::CStr;

pub unsafe fn first(pointer: *const u8) -> u8 {
    unsafe { *pointer }
}

pub fn read(pointer: *const u8) -> u8 {
    unsafe { *pointer }
}

struct Idle;

impl Drop for Idle {
    fn drop(&mut self) {}
}

fn main() {
    let mut buffer: Vec<u8> = Vec::with_capacity(8);
    unsafe { buffer.set_len(8) };
    let null = 0 as *const u8;
    if null == std::ptr::null() {
        std::mem::forget(buffer);
    }
    let name = unsafe { CStr::from_ptr(b"name\0".as_ptr().cast()) };
    let same = std::ptr::addr_of!(name) as usize == &name as *const _ as usize;
    println!("{same} {}", read(null));
    std::mem::forget(Idle);
    loop {}
}
