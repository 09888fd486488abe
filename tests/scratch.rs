#[test]
fn s() {
    let dirs: Vec<std::path::PathBuf> = std::env::var("PACK")
        .unwrap()
        .split(':')
        .map(Into::into)
        .collect();
    let cfg = std::env::var("CFG").ok().map(std::path::PathBuf::from);
    let t = std::time::Instant::now();
    let r = heyan::rules::load(&dirs, cfg.as_deref());
    println!("{:?}", t.elapsed());
    let (e, w, n) = match r {
        Ok(l) => {
            println!("digest {}", l.pack.digest);
            (l.errors, l.warnings, l.pack.rules.len())
        }
        Err(e) => (e, vec![], 0),
    };
    println!("{n} rules {} errors", e.len());
    for e in e.iter().chain(&w) {
        println!(
            "{:?} {}:{}:{} {} {}",
            e.level,
            e.source.name,
            e.line(),
            e.column(),
            e.message.zh,
            e.helps
                .iter()
                .map(|h| h.text.zh.to_string())
                .collect::<Vec<_>>()
                .join(" / ")
        );
    }
}
