//! `demo`: the whole of Handrail on one machine. With `--check` it does the main job by itself and fails on anything that is not
//! as it should be; without, a person does it.

mod act;
mod check;
mod show;

use clap::Parser;

/// A desktop, an OpenID provider, a relay, a sharer and a helper, for this one run.
#[derive(Parser)]
struct Arguments {
    /// Do the main job without a person, and fail on anything that is not as it should be.
    #[arg(long)]
    check: bool,
    /// Also open the windows of a sharer on your own display: what is shared then is your own screen.
    #[arg(long)]
    own_display: bool,
}

#[tokio::main]
async fn main() {
    let Arguments { check, own_display } = Arguments::parse();
    if check {
        check::run().await;
    } else {
        show::run(own_display).await;
    }
}
