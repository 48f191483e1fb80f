//! `handrail-helper-window`: the window of the helper, with the program that talks as its child.

use std::process::ExitCode;

use helper_window::arguments::{Arguments, HELP};

fn main() -> ExitCode {
    let given = std::env::args_os().skip(1);
    let arguments = match Arguments::read(given, |name| std::env::var_os(name)) {
        Ok(arguments) => arguments,
        Err(error) => return fail(&error),
    };
    if arguments.help {
        tell(HELP);
        return ExitCode::SUCCESS;
    }
    match helper_window::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

#[expect(clippy::print_stdout, reason = "the answer to --help")]
fn tell(text: &str) {
    print!("{text}");
}

#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn fail(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("handrail-helper-window: {error}");
    ExitCode::FAILURE
}
