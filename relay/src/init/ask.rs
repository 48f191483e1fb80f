//! Questions on a terminal, for what no flag said.

use std::path::PathBuf;

use super::Options;

/// Asks for what is missing. `question` puts a question to a person and answers the line that came, or `None` if nobody answers.
pub fn ask(mut options: Options, mut question: impl FnMut(&str) -> Option<String>) -> Options {
    let mut asked = |said: &mut Option<String>, text: &str| {
        if said.is_none() {
            *said = question(text).map(|line| line.trim().to_owned());
        }
    };
    asked(
        &mut options.address,
        "Where will people find the relay? Such as https://help.example",
    );
    asked(
        &mut options.issuer,
        "The issuer of your sign-in service, exactly as its tokens spell it",
    );
    asked(
        &mut options.tenant,
        "The claim `tid` of its tokens (Entra ID: the id of the directory); empty if they have none (Keycloak)",
    );
    asked(
        &mut options.domain,
        "The domain of your organisation, such as example.com",
    );
    asked(
        &mut options.name,
        "What people call your organisation; empty: its domain",
    );
    asked(
        &mut options.helpers,
        "The group whose members help, as tokens name it; empty: nobody yet, and remote help stays off",
    );
    if options.certificate.is_none() && !options.self_signed {
        let mut certificate = None;
        asked(
            &mut certificate,
            "PEM file of the relay's certificate; `self-signed` makes one that nobody trusts, for a first try",
        );
        match certificate.filter(|said| !said.is_empty()) {
            Some(said) if said == "self-signed" => options.self_signed = true,
            Some(said) => {
                let mut key = None;
                asked(&mut key, "PEM file of its private key");
                options.certificate = Some(PathBuf::from(said));
                options.key = key.filter(|key| !key.is_empty()).map(PathBuf::from);
            }
            None => {}
        }
    }
    options
}
