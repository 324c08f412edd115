use embedded_hal::digital::v2::OutputPin;

fn main() {
    let _ = device::Peripherals::take();
}
