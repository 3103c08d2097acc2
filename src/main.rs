//! Arguments → cli → exit code, nothing else.
#![expect(clippy::disallowed_methods, reason = "edge: reads the arguments of the process")]

use std::process::ExitCode;

fn main() -> ExitCode {
    sozwatch::cli::main(std::env::args_os()).into()
}
