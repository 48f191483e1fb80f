//! Whether the provider knows our programs: what it answers when one of them begins a sign-in, told from its answer alone.

use super::Finding;

/// What a provider answered to the beginning of a sign-in.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Where it sends the browser.
    pub(super) location: Option<String>,
    pub(super) body: String,
}

/// One of our programs, as it has to be registered.
#[derive(Clone, Debug)]
pub(super) struct Program<'a> {
    /// What it is called in front of people.
    pub(super) about: &'static str,
    pub(super) client: &'a str,
    /// What it asks for at sign-in.
    pub(super) scope: &'a str,
    pub(super) redirect: String,
    /// The same as it is registered: a native program takes another port each time.
    pub(super) registered: &'static str,
    /// What to register.
    pub(super) kind: &'static str,
}

/// What the answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It goes on to ask who is there.
    Fine,
    /// It knows no such client.
    UnknownClient,
    /// It knows the client, but not this address to come back to.
    RedirectRefused,
    /// It refuses for another reason.
    Refuses(String),
    /// Its answer says neither.
    CannotTell(String),
}

/// Reads an answer. Entra ID answers refusals with a page and status 200, so pages are looked through for its numbers and for the
/// words of others.
pub(super) fn classify(answer: &Answer, redirect: &str) -> Verdict {
    if let Some(location) = &answer.location
        && (300..400).contains(&answer.status)
    {
        return sent(location, redirect);
    }
    let page = answer.body.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| page.contains(word));
    if says(UNKNOWN) {
        return Verdict::UnknownClient;
    }
    let refused = answer.status >= 400;
    if says(REDIRECT) || (refused && says(&["redirect_uri", "redirect uri"])) {
        return Verdict::RedirectRefused;
    }
    if let Some(number) = entra(&page) {
        return Verdict::Refuses(number);
    }
    match answer.status {
        200 => Verdict::Fine,
        status => Verdict::CannotTell(format!("it answers with status {status}")),
    }
}

/// It sends the browser on: to a page of its own, or back to us with what it does not like.
fn sent(location: &str, redirect: &str) -> Verdict {
    let fault = reqwest::Url::parse(location).ok().and_then(|url| {
        let mut pairs = url.query_pairs();
        let fault = pairs.find(|(name, _)| name == "error")?.1.into_owned();
        let mut pairs = url.query_pairs();
        let more = pairs.find(|(name, _)| name == "error_description");
        Some((fault, more.map(|(_, text)| text.into_owned())))
    });
    let back = location.split(['?', '#']).next() == Some(redirect);
    match fault {
        None if back => Verdict::CannotTell("it sends back without an answer".to_owned()),
        None => Verdict::Fine,
        Some((fault, _)) if ASKS.contains(&fault.as_str()) => Verdict::Fine,
        Some((fault, _)) if ["invalid_client", "unauthorized_client"].contains(&fault.as_str()) => {
            Verdict::UnknownClient
        }
        Some((fault, more)) => {
            let more = more.map(|more| format!(": {more}")).unwrap_or_default();
            Verdict::Refuses(format!("{fault}{more}").chars().take(300).collect())
        }
    }
}

/// A number of Entra ID, such as `AADSTS50011`.
fn entra(page: &str) -> Option<String> {
    let (_, behind) = page.split_once("aadsts")?;
    let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
    (digits.len() >= 4).then(|| format!("AADSTS{digits}"))
}

pub(super) fn judge(program: &Program<'_>, verdict: &Verdict) -> Finding {
    let Program {
        about,
        client,
        scope,
        redirect,
        registered,
        kind,
    } = program;
    let registered = if registered.is_empty() {
        redirect
    } else {
        *registered
    };
    match verdict {
        Verdict::Fine => Finding::ok(about, format!("{client} with {redirect} looks fine")),
        Verdict::UnknownClient => Finding::fail(
            about,
            format!("the sign-in service does not know the client `{client}`"),
            format!(
                "register {kind} with the redirect {registered}, and write its client id into [provider]"
            ),
        ),
        Verdict::RedirectRefused => Finding::fail(
            about,
            format!("the sign-in service refuses the redirect {redirect} for `{client}`"),
            format!("add the redirect {registered} to the client, which is {kind}"),
        ),
        Verdict::Refuses(why) => Finding::fail(
            about,
            format!("the sign-in service refuses `{client}`: {why}"),
            format!("look at the client, which is {kind} that may ask for the scope `{scope}`"),
        ),
        Verdict::CannotTell(why) => Finding::warn(
            about,
            format!("cannot tell whether `{client}` is registered: {why}"),
            "sign in once and see",
        ),
    }
}

/// Whether a page of the console may read what the token address answers; `allowed` is the header that says so.
pub(super) fn judge_cors(origin: &str, allowed: Option<&str>) -> Finding {
    const ABOUT: &str = "console across origins";
    match allowed {
        Some(allowed) if allowed == "*" || allowed == origin => Finding::ok(
            ABOUT,
            format!("pages of {origin} may ask the token address"),
        ),
        other => Finding::fail(
            ABOUT,
            format!(
                "pages of {origin} may not read answers of the token address ({})",
                other.map_or_else(
                    || "it sends no Access-Control-Allow-Origin".to_owned(),
                    |other| format!("it allows {other}")
                )
            ),
            "Entra ID: the redirect has to be of the platform `Single-page application`; Keycloak: add the origin to `Web origins`; others: allow the origin for the client (CORS)",
        ),
    }
}

const UNKNOWN: &[&str] = &[
    "aadsts700016",
    "aadsts90002",
    "client not found",
    "invalid_client",
    "unknown client",
    "unauthorized_client",
    "client is invalid",
];
const REDIRECT: &[&str] = &[
    "aadsts50011",
    "aadsts500113",
    "aadsts900971",
    "invalid parameter: redirect_uri",
    "invalid_redirect_uri",
];
/// Somebody has to sign in first: all else is in order.
const ASKS: &[&str] = &[
    "login_required",
    "consent_required",
    "interaction_required",
    "account_selection_required",
    "access_denied",
];

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    const BACK: &str = "https://help.example/signed-in";

    fn page(status: u16, body: &str) -> Verdict {
        let answer = Answer {
            status,
            body: body.to_owned(),
            location: None,
        };
        classify(&answer, BACK)
    }

    fn sends(location: &str) -> Verdict {
        let answer = Answer {
            status: 303,
            location: Some(location.to_owned()),
            body: String::new(),
        };
        classify(&answer, BACK)
    }

    #[test]
    fn answers_of_providers_are_told_apart() {
        let refuses = |why: &str| Verdict::Refuses(why.to_owned());
        for (told, wanted) in [
            (page(200, "<form>Sign in</form>"), Verdict::Fine),
            (
                page(200, "AADSTS700016: Application 'x' was not found"),
                Verdict::UnknownClient,
            ),
            (
                page(200, "AADSTS50011: The redirect URI"),
                Verdict::RedirectRefused,
            ),
            (
                page(200, "AADSTS901002: no resource"),
                refuses("AADSTS901002"),
            ),
            (
                page(400, "We are sorry... Client not found."),
                Verdict::UnknownClient,
            ),
            (
                page(400, "Invalid parameter: redirect_uri"),
                Verdict::RedirectRefused,
            ),
            (page(400, "error: invalid_client"), Verdict::UnknownClient),
            (
                page(400, "error: invalid_redirect_uri"),
                Verdict::RedirectRefused,
            ),
            (
                page(503, "busy"),
                Verdict::CannotTell("it answers with status 503".to_owned()),
            ),
            (sends("/interaction/abc"), Verdict::Fine),
            (sends("https://login.example/sign-in?x=1"), Verdict::Fine),
            (
                sends(&format!("{BACK}?error=login_required")),
                Verdict::Fine,
            ),
            (
                sends(&format!("{BACK}?error=unauthorized_client")),
                Verdict::UnknownClient,
            ),
            (
                sends(&format!(
                    "{BACK}?error=invalid_scope&error_description=no%20profile"
                )),
                refuses("invalid_scope: no profile"),
            ),
        ] {
            assert_eq!(told, wanted);
        }
        assert!(matches!(sends(BACK), Verdict::CannotTell(_)));
    }

    #[test]
    fn every_verdict_says_what_to_do() {
        let program = Program {
            about: "console",
            client: "handrail-console",
            scope: "openid profile",
            redirect: BACK.to_owned(),
            registered: "",
            kind: "a public client",
        };
        let why = || "x".to_owned();
        for (verdict, state) in [
            (Verdict::Fine, State::Ok),
            (Verdict::UnknownClient, State::Fail),
            (Verdict::RedirectRefused, State::Fail),
            (Verdict::Refuses(why()), State::Fail),
            (Verdict::CannotTell(why()), State::Warn),
        ] {
            let finding = judge(&program, &verdict);
            assert_eq!(finding.state, state);
            assert_eq!(finding.remedy.is_some(), state != State::Ok);
        }
        let origin = "https://help.example";
        for (allowed, state) in [
            (Some(origin), State::Ok),
            (Some("*"), State::Ok),
            (Some("https://other.example"), State::Fail),
            (None, State::Fail),
        ] {
            assert_eq!(judge_cors(origin, allowed).state, state);
        }
    }
}
