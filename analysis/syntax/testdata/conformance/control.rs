fn main() {
    let a = 1;
    let mut b: u32 = 2;
    let (c, d) = (3, 4);
    let Some(e) = maybe() else { return };
    // a comment
    b += a;
    first(a);
    first(b, c);
    // two
    // comments
    second(a, b, c);
    first();
    third(|x| x + 1, move |y: u32| -> u32 { y });

    if a == 1 {
        first(a);
    } else if b > 2 && c < 3 {
        second(b);
    } else {
        third(c);
    }

    if let Some(x) = maybe() {
        x
    } else {
        0
    };

    'outer: loop {
        while running() {
            if done() {
                break 'outer;
            }
            continue;
        }
        for (i, item) in items.iter().enumerate() {
            println!("{} {}", i, item);
        }
    }

    match e {
        0 => first(0),
        1 | 2 => second(1, 2),
        n @ 3..=9 if n % 2 == 0 => {
            third(n);
        }
        -1 => {}
        Shape::Circle { radius, .. } => drop(radius),
        Shape::Line(x, _) => (),
        &Pair(ref p, ref mut q) => [p, q].len(),
        "text" | 'c' | b'x' | true => unreachable!(),
        _ => return,
    }

    unsafe {
        COUNT += 1;
        *pointer = COUNT;
        core::ptr::write_volatile(pointer, 1);
    }

    let v = vec![1, 2, 3];
    let s = Header { magic: 1, length, ..Default::default() };
    let t = s.flags.0;
    let u = v[0] as usize;
    let w = &mut v[1..];
    let x = !*w.first()?;
    let y = -x + (a * b) << 2;
    let z = async move { wait().await };
    READY.store(true, Ordering::Release);
    READY.load(Ordering::Acquire);
    READY.store(false, core::sync::atomic::Ordering::Relaxed);
    foo::<u8, _>(a)::<u8>;
    Vec::<u8>::with_capacity(LIMIT);
    a.b().c(d).e(f, g);
    ;
    {
        let inner = 1;
    }
    let closure = |a, b| { a(b) };
    call(call(call(1)))
}

fn empty() {}

fn one(x: u8) -> u8 { x }

fn tail(a: u8, b: u8) -> u8 {
    // only a comment before
    a + b
    // and one behind
}
