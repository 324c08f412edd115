struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {}
}

fn main() {
    let mut guard = Guard;
    guard.drop();
}
