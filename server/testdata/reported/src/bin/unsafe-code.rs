fn main() {
    let value = 1;
    let pointer = &raw const value;
    println!("{}", *pointer);
}
