//! Tells Cargo that the rules are compiled in, so that a file added to them is seen.

fn main() {
    println!("cargo::rerun-if-changed=rules");
}
