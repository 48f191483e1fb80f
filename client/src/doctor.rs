//! `handrail-sharer doctor`, `handrail-helper doctor`: which step of a connection fails, and what to do about it.
//!
//! The steps and what they mean are those of `probe`; here are the settings of a client, the sign-in service, and the lines that a person
//! reads while they come.

mod paper;

use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use clap::Parser;
use probe::{
    CannotProbe, Finding, Observation, Place, Probe, Question, Seen, State, Trust, judge, verdict,
};

use crate::options::Options;
use crate::sign_in;
use paper::Paper;

/// Goes the way of a session as far as it can, and says at each step what it found and what to do about it: name, connection,
/// certificate, relay, WebSocket, UDP, sign-in service. Nobody is signed in. It ends well if a session would work.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Doctor {
    #[command(flatten)]
    options: Options,
    /// For programs: one JSON document at the end.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    /// What the command line asks for, if its first word is `doctor`. With words that nobody knows the program ends.
    pub fn asked(program: &str) -> Option<Self> {
        let mut words = std::env::args_os().skip(1);
        if words.next()? != "doctor" {
            return None;
        }
        let name = format!("{program} doctor");
        Some(Self::parse_from(std::iter::once(name.into()).chain(words)))
    }

    /// Looks, and says what it finds.
    #[tokio::main(flavor = "current_thread")]
    pub async fn run(self) -> ExitCode {
        let mut paper = Paper::new(self.json);
        Box::pin(self.look(&mut paper)).await;
        match paper.end() {
            State::Ok | State::Warn => ExitCode::SUCCESS,
            State::Fail => ExitCode::FAILURE,
        }
    }

    async fn look(&self, paper: &mut Paper) {
        identity::token::install();
        let options = &self.options;
        let trust = Trust {
            authority: options.ca.clone(),
            own: None,
        };
        let probe = match Probe::new(&options.relay, options.carrier.into(), trust) {
            Ok(probe) => probe,
            Err(error) => return paper.write(settings(&error)),
        };
        let (host, port) = probe.target();
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let question = Question {
            host: host.to_owned(),
            port,
            wish: options.carrier.into(),
            place: Place::Client,
            authority: options.ca.clone(),
            now: i64::try_from(since.unwrap_or_default().as_secs()).unwrap_or(i64::MAX),
        };
        let mut seen = vec![];
        let issuer = probe.run(|one| {
            seen.push(one);
            paper.write_more(judge(&question, &seen));
        });
        let issuer = match issuer.await {
            Ok(issuer) => issuer,
            Err(error) => return paper.write(settings(&error)),
        };
        if let Some(issuer) = issuer {
            seen.push(self.sign_in(issuer).await);
            paper.write_more(judge(&question, &seen));
        }
        paper.write(verdict(&question, &seen));
    }

    async fn sign_in(&self, issuer: String) -> Observation {
        let since = Instant::now();
        let found = sign_in::look(&issuer, self.options.ca.as_ref()).await;
        Observation {
            seen: Seen::SignIn(issuer, found.map_err(|error| error.to_string())),
            took: since.elapsed(),
        }
    }
}

fn settings(error: &CannotProbe) -> Finding {
    let remedy = match error {
        CannotProbe::Address(_) => {
            "write the address that your organisation told you, with `--relay` or HANDRAIL_RELAY"
        }
        CannotProbe::Certificates(_) => {
            "`--ca` or HANDRAIL_CA names a PEM file with the certificate of an authority; leave it out if the system knows the authority"
        }
    };
    Finding::fail("settings", error, remedy)
}
