use std::sync::atomic::Ordering;

fn main() {
    println!("hello {}", name);
    assert!(FLAG.load(Ordering::SeqCst), "not set");
    let v = vec![1, 2.5, "x", 'y', true, -3];
    tokio::select! {
        a = first() => { second(a).await; }
        _ = third() => break,
    }
    let map = hashmap! { "a" => 1, "b" => 2 };
    nested!(outer!(inner!(1)));
    quote! { fn #name() { unsafe { #body } } };
}

macro_rules! make {
    ($($name:ident: $value:expr),* $(,)?) => {
        $( static $name: u32 = $value; )*
    };
    () => {};
}

make! {
    A: 1,
    B: 2,
}

make!();

thread_local! {
    static LOCAL: RefCell<u32> = RefCell::new(1);
}

fn types() -> Option<Vec<u8>> {
    let s: std::string::String = String::new();
    let t: &'static dyn Fn(u8) -> u8 = &|x| x;
    let u: [u8; 4] = [0; 4];
    let w: (u8, &mut str, *mut u8, !) = todo!();
    None
}
