//! Compiles the rule pack in again when a file is added to it: the macro that embeds it only sees files that it knows.
fn main() {
    println!("cargo::rerun-if-changed=rules");
}
