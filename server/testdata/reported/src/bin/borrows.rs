fn main() {
    let mut list = vec![1, 2];
    let first = &mut list;
    let second = &mut list;
    first.push(3);
    second.push(4);
}
