//! CPU time of native code, of all its threads: revm's precompiled contracts, keccak-256 in assembly. Each line of standard input is what to
//! run (the address of a contract in hexadecimal, or `keccak`), a space, and an input in hexadecimal; each line of
//! standard output nanoseconds a call, the least of a few rounds, a space, and the output.
use cpu_time::ProcessTime;
use revm_precompile::{PrecompileSpecId, Precompiles, primitives::keccak256};
use std::{hint::black_box, io::BufRead, time::Duration};

const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(8);

fn main() {
    let contracts = Precompiles::new(PrecompileSpecId::OSAKA);
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("standard input can be read");
        let (what, input) = line.split_once(' ').expect("a line has two words");
        let input = hex::decode(input).expect("an input has hexadecimal digits");
        if what == "keccak" {
            report(|| keccak256(black_box(&input)).to_vec());
            continue;
        }
        let address = format!("{what:0>40}").parse().expect("an address has hexadecimal digits");
        let contract = contracts.get(&address).expect("a contract has this address");
        report(|| match contract.execute(black_box(&input), u64::MAX, 0) {
            Ok(output) => output.bytes.to_vec(),
            Err(error) => panic!("{what} refuses its input: {error:?}"),
        });
    }
}

fn report(call: impl Fn() -> Vec<u8>) {
    let mut least = f64::INFINITY;
    let mut calls = 1u32;
    for _ in 0..ROUNDS {
        let start = ProcessTime::now();
        for _ in 0..calls {
            black_box(call());
        }
        let each = start.elapsed().as_secs_f64() / f64::from(calls);
        least = least.min(each);
        calls = ((ROUND.as_secs_f64() / each) as u32).max(1);
    }
    println!("{:.1} {}", least * 1e9, hex::encode(call()));
}
