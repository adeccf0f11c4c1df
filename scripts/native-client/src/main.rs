//! What a native client takes: newest revm, alloy, a sparse trie, libsecp256k1; one thread, medians, JSON on stdout.
mod clock;
mod flat;
mod fork;
mod stateless;
mod trie;

use clock::Stages;
use serde_json::{Value, json};
use std::{collections::BTreeMap, env, fs::File, io::Read, path::Path};

const BYZANTIUM: u64 = 4_370_000;

fn main() {
    let args: Vec<String> = env::args().collect();
    let [_, folder, runs] = &args[..] else {
        panic!("usage: native-peer <folder with witness/blocks and flat> <runs>")
    };
    let (folder, runs) = (Path::new(folder), runs.parse().expect("a number of runs"));
    let mut paths: Vec<_> = std::fs::read_dir(folder.join("witness/blocks"))
        .expect("the folder")
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let files = paths
        .iter()
        .filter_map(|path| read(path))
        .filter(|file| file.number >= BYZANTIUM);
    let witness: Vec<Value> = files
        .map(|file| {
            let witness = stateless::Witness::of(&file);
            timed(file.number, runs, |stages| {
                stateless::run(&file, &witness, stages)
            })
        })
        .collect();
    let flat: Vec<Value> = flat::cases(&folder.join("flat"))
        .iter()
        .map(|case| timed(case.number, runs, |stages| flat::run(case, stages)))
        .collect();
    println!("{}", json!({ "witness": witness, "flat": flat }));
}

/// Medians of each stage.
fn timed(number: u64, runs: usize, mut run: impl FnMut(&mut Stages)) -> Value {
    let mut all: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    // The first run warms caches up.
    for round in 0..=runs {
        let mut stages = Stages::start();
        run(&mut stages);
        if round > 0 {
            for (stage, ms) in stages.ms {
                all.entry(stage).or_default().push(ms);
            }
        }
    }
    let ms: BTreeMap<&str, f64> = all
        .into_iter()
        .map(|(stage, mut times)| {
            times.sort_by(f64::total_cmp);
            (stage, times[times.len() / 2])
        })
        .collect();
    json!({ "number": number, "ms": ms })
}

fn read(path: &Path) -> Option<stateless::File> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(File::open(path).ok()?)
        .read_to_string(&mut text)
        .ok()?;
    serde_json::from_str(&text).ok()
}
