//! Arguments → cli → exit code, nothing else.

fn main() {}
