fn shout() {}

#[allow(dead_code)]
fn whisper() {}

pub fn call() {
    shout();
}
