fn main() {
    let list: Vec<u8, _> = Vec::new_in(std::alloc::System);
    println!("{}", list.len());
}
