#![no_std]
#![no_main]

use std::ptr;

pub fn nothing() -> *const u8 {
    ptr::null()
}
