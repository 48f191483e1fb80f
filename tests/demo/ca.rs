//! `demo-ca --out DIR`: makes `ca.pem`, `server.pem` and `server.key` for one run of the demo.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tests::demo::Authority;

/// Makes a certificate authority and a server certificate for localhost and 127.0.0.1.
#[derive(Parser)]
struct Arguments {
    /// The folder for ca.pem, server.pem and server.key.
    #[arg(long)]
    out: PathBuf,
}

fn main() -> ExitCode {
    match Authority::make(&Arguments::parse().out) {
        Ok(files) => {
            println!("{}", files.ca.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("demo-ca: {error}");
            ExitCode::FAILURE
        }
    }
}
