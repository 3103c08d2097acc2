//! Arguments → cli → exit code, nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    sozwatch::cli::main(std::env::args_os()).into()
}
