async fn ready() {}

fn main() {}
