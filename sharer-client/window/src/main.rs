//! `handrail-sharer-window`: the windows of the sharer, with the program that shares as its child.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use sharer_window::arguments::{Arguments, HELP};

fn main() -> ExitCode {
    let given: Vec<_> = std::env::args_os().skip(1).collect();
    let arguments = match Arguments::read(given.clone(), |name| std::env::var_os(name)) {
        Ok(arguments) => arguments,
        Err(error) => return fail(&error),
    };
    if arguments.help {
        tell(HELP);
        return ExitCode::SUCCESS;
    }
    // The toolkit reads the display from the environment, which only a new program may change.
    let display = std::env::var_os("DISPLAY");
    if let Some(wanted) = arguments.display.clone()
        && display.as_ref() != Some(&wanted)
    {
        let error = match std::env::current_exe() {
            Ok(program) => Command::new(program)
                .args(given)
                .env("DISPLAY", wanted)
                .exec(),
            Err(error) => error,
        };
        return fail(&error);
    }
    match sharer_window::run(arguments) {
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
    eprintln!("handrail-sharer-window: {error}");
    ExitCode::FAILURE
}
