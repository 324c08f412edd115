fn missing_semicolon() {
    let a = 1
    let b = 2;
    first(a;
    second(a, b);
}

struct Half {
    a: u8,
    b:

fn after() {
    if {
    }
    match x {
        1 =>
    }
}

impl {
    fn a( {}
}

fn good() {
    first(1);
    let = 4;
    a + ;
}

) } ]

static X: u8 = 1
fn end() { call( }
