use std::time::Instant;

/// Milliseconds of each stage of one run.
pub struct Stages {
    last: Instant,
    pub ms: Vec<(&'static str, f64)>,
}

impl Stages {
    pub fn start() -> Self {
        Self {
            last: Instant::now(),
            ms: Vec::new(),
        }
    }

    pub fn end(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.ms.push((stage, (now - self.last).as_secs_f64() * 1e3));
        self.last = now;
    }
}
