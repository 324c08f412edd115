fn main() {
    let é = "ü"; ready().await;
    println!("{é}");
}

async fn ready() {}
