mod fixable;

fn shout() {}

fn main() {
    shout();
    fixable::call();
}
