//! Prints what each synthetic scene costs: bytes, and CPU time of this thread.
//!
//! `cargo run --release -p picture --features testing --example scenes [width height]`
#![expect(clippy::print_stdout, reason = "it prints a table")]

use std::time::Duration;

use picture::testing::{Kind, Scene};
use picture::{Decoder, Encoder, Limits};
use rustix::time::{ClockId, clock_gettime};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut side = |default| arguments.next().map_or(Ok(default), |side| side.parse());
    let (width, height) = (side(1920)?, side(1080)?);
    println!("{width} x {height}, 60 frames; bytes and ms: first picture, p50, p95 of the others");
    for kind in Scene::ALL {
        let mut scene = Scene::new(kind, width, height);
        let (mut encoder, mut decoder) = (
            Encoder::new(Limits::default()),
            Decoder::new(Limits::default()),
        );
        let mut costs = vec![frame(&scene, &mut encoder, &mut decoder, Duration::ZERO)?];
        for step in 1..=60 {
            let damage = scene.step();
            encoder.add_damage(&damage);
            let now = Duration::from_millis(40 * step);
            costs.push(frame(&scene, &mut encoder, &mut decoder, now)?);
        }
        report(kind, &costs);
    }
    Ok(())
}

/// What one update cost.
#[derive(Clone, Copy)]
struct Cost {
    bytes: usize,
    encode: Duration,
    decode: Duration,
}

fn frame(
    scene: &Scene,
    encoder: &mut Encoder,
    decoder: &mut Decoder,
    now: Duration,
) -> Result<Cost, picture::Error> {
    let (mut cost, mut slices) = (
        Cost {
            bytes: 0,
            encode: Duration::ZERO,
            decode: Duration::ZERO,
        },
        Vec::new(),
    );
    let start = cpu();
    if encoder.begin(scene.screen(), 0, now) {
        while let Some(slice) = encoder.next_slice(scene.screen())? {
            slices.push(slice);
        }
    }
    cost.encode = cpu().saturating_sub(start);
    let start = cpu();
    for slice in &slices {
        decoder.push_slice(&slice.bytes)?;
        cost.bytes += slice.bytes.len();
    }
    cost.decode = cpu().saturating_sub(start);
    Ok(cost)
}

fn report(kind: Kind, costs: &[Cost]) {
    let Some((first, others)) = costs.split_first() else {
        return;
    };
    let middle = |place: usize, of: fn(&Cost) -> u128| {
        let mut values: Vec<u128> = others.iter().map(of).collect();
        values.sort_unstable();
        values.get(values.len() * place / 100).copied().unwrap_or(0)
    };
    let row = |name: &str, of: fn(&Cost) -> u128| {
        println!(
            "{name:>18} {:>9} {:>9} {:>9}",
            of(first),
            middle(50, of),
            middle(95, of)
        );
    };
    println!("{kind:?}");
    row("bytes", |cost| cost.bytes.try_into().unwrap_or(u128::MAX));
    row("encode, us", |cost| cost.encode.as_micros());
    row("decode, us", |cost| cost.decode.as_micros());
}

/// CPU time of this thread.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        time.tv_sec.try_into().unwrap_or(0),
        time.tv_nsec.try_into().unwrap_or(0),
    )
}
