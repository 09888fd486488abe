//! Ten thousand findings in every format. Measured on request: `cargo test --release --test reports -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use heyan::report::Format;

use crate::{bytes, example};

#[test]
#[ignore = "a measurement: run in release"]
fn ten_thousand_findings_in_each_format() {
    let report = example::large(10_000);
    let mut slow = Vec::new();
    for format in Format::ALL {
        let start = Instant::now();
        let written = bytes(&report, format);
        let (took, size) = (start.elapsed(), written.len());
        if let Some(folder) = std::env::var_os("KEEP_EXAMPLES") {
            let file = std::path::Path::new(&folder).join(format!("large.{}", format.id()));
            std::fs::write(file, written).expect("a file");
        }
        println!(
            "{:<9} {:>6} ms {:>9} KB",
            format.id(),
            took.as_millis(),
            size / 1024
        );
        if took > Duration::from_secs(2) {
            slow.push(format.id());
        }
    }
    assert!(slow.is_empty(), "more than two seconds: {slow:?}");
}
