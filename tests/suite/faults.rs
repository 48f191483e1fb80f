//! Every fault that a person can see has an entry in `docs/faults.md`.

use std::fmt::Write;

use wire::Fault;

use super::{compare, text};

/// PRODUCT 10.5: stable numeric error codes, each with what it means and what to do.
#[test]
fn every_fault_is_explained() {
    let mut page = String::from(HEAD);
    for fault in Fault::ALL {
        let meaning = meaning(*fault);
        write!(
            page,
            "\n## {fault} {fault:?}\n\n{meaning}\n\nThe person reads: {}\n\nWhat to do: {}\n",
            fault.text(),
            advice(*fault)
        )
        .unwrap();
    }
    compare("docs/faults.md", &page);
}

#[test]
fn no_number_is_used_twice_and_every_text_is_one_line() {
    let mut numbers: Vec<u16> = Fault::ALL.iter().map(|fault| fault.number()).collect();
    let sorted = numbers.is_sorted();
    numbers.dedup();
    assert!(sorted && numbers.len() == Fault::ALL.len());
    for fault in Fault::ALL {
        assert!(!fault.text().contains('\n') && fault.text().ends_with('.'));
    }
}

/// The comment of the variant in the source: it stands nowhere else.
fn meaning(fault: Fault) -> String {
    let source = text("protocol/wire/src/fault.rs").unwrap();
    let defined = format!(" {fault:?} = {},", fault.number());
    let lines: Vec<&str> = source.lines().collect();
    let place = lines.iter().position(|line| line.contains(&defined));
    let place = place.unwrap_or_else(|| panic!("`{defined}` is in the source"));
    lines[place - 1]
        .trim()
        .trim_start_matches("/// ")
        .to_owned()
}

/// For whoever runs the relay or looks after the person.
#[expect(clippy::too_many_lines, reason = "one table of every fault")]
fn advice(fault: Fault) -> &'static str {
    match fault {
        Fault::Version => {
            "install the version of the program that the relay offers. If many people see it, the relay was updated before the clients, or after them."
        }
        Fault::Ticket => {
            "sign in again. If it happens at once after every sign-in, compare the clocks of the relay and of the identity provider."
        }
        Fault::Protocol => {
            "update both programs. If it stays, look at the relay's log for the connection: either a program is broken or somebody tampers with it."
        }
        Fault::CodeMalformed => "type the 8 digits again. Spaces and dashes do not matter.",
        Fault::CodeUnknown => {
            "the helper creates a new code. Helper and sharer have to be signed in to the same organisation, as two different people."
        }
        Fault::CodeBurned => {
            "the helper creates a new code and reads it out again. If nobody mistyped it, somebody is guessing: tell an administrator."
        }
        Fault::JoinLimit => {
            "wait a minute. A person has 5 tries a minute and 20 an hour, an address 30 a minute: a whole classroom behind one address may meet the last. An organisation has 100 in 10 minutes that led to no session: if everybody is refused, somebody is guessing codes."
        }
        Fault::NoCodeFree => {
            "wait: 1000 codes of the organisation are in use or rest. If it lasts, look for a program that creates codes without end."
        }
        Fault::CodeExpired => "create a new code when the other person is ready to type it.",
        Fault::TenantOff => "an administrator turns remote help on for the organisation.",
        Fault::MayNotOffer => {
            "an administrator assigns a role with *offer remote assistance* and at least *view screen* to one of the helper's groups."
        }
        Fault::MayNotLevel => {
            "an administrator looks at the assignments whose scope covers this sharer: permissions of other scopes do not count."
        }
        Fault::NotEnrolled => {
            "enrol the device, or an administrator allows devices that are not enrolled in the settings."
        }
        Fault::OutOfScope => {
            "an administrator looks at the scopes of the helper's assignments: none covers this person or this device."
        }
        Fault::AccessMethod => {
            "sign in again in the way that the rule asks for. The rule is named."
        }
        Fault::AccessAge => "sign in again. The rule is named.",
        Fault::AccessNetwork => {
            "connect to a network that the rule allows. The rule is named; an administrator changes it."
        }
        Fault::AccessDevice => {
            "bring the sharer's device in order, so that it is reported as compliant. The rule is named."
        }
        Fault::ComplianceBlocks => {
            "bring the device in order. An administrator changes the rule, which is named."
        }
        Fault::ComplianceViewOnly => {
            "go on with view, or bring the device in order. An administrator changes the rule, which is named."
        }
        Fault::AcknowledgeFirst => "read the warning and acknowledge it, then ask again.",
        Fault::ReasonNeeded => "enter a reason and start again.",
        Fault::IncidentNeeded => "enter the number of the incident and start again.",
        Fault::LevelNotHere => "ask for view or control. A sharer in a browser can only be viewed.",
        Fault::MayNotRead => {
            "an administrator assigns the role *auditor* or *administrator* to one of the person's groups."
        }
        Fault::InvitationGone => {
            "ask the colleague to invite you again. An invitation is open for five minutes, and ends when whoever sent it leaves the session."
        }
        Fault::NotInvitable => {
            "the colleague has to have signed in once, may offer remote help, and the person who is helped is in the colleague's scope. The page Explain says what is missing."
        }
        Fault::SessionFull => {
            "cancel an invitation, or let one of the helpers leave. A session has three helpers at most, invited ones counted, and sixteen in its life."
        }
        Fault::MayNotAdminister => {
            "an administrator gives the permission by a role and an assignment; the answer names it."
        }
        Fault::NothingThere => "reload the page: somebody may have deleted it meanwhile.",
        Fault::DoesNotFit => "change what the answer names, and send it again.",
        Fault::RecordUnknown => "reload the page. Records are kept for 30 days.",
        Fault::QueryMalformed => {
            "reload the page, or look at `relay/openapi.json` for what the address takes."
        }
        Fault::NotNow => "go back to the step before. If a program does this by itself, update it.",
        Fault::SecurityCheck => {
            "create a new code and read it out by a way that is known to be safe. If it happens again with a code that was typed rightly, stop, and tell an administrator: somebody may sit between the two."
        }
        Fault::PeerUnverified => {
            "both people sign in again. If it happens always, the clocks of the two machines may differ, a proxy may stand between a machine and the provider's keys, or the browser's sign-in is older than 12 hours. If it happens once with one helper only, treat it as an attack."
        }
        Fault::PeerDiffers => {
            "treat it as an attack on the relay: what the identity provider signed and what the relay says name two people. Keep the event logs of both machines."
        }
        Fault::FirstContact => {
            "nothing: the pause is there so that nobody is talked into allowing control in haste."
        }
        Fault::ScriptedConsent => {
            "the person answers in the window. Whoever drives clients by scripts needs the setting that takes a program's answer."
        }
        Fault::OrganisationChanged => {
            "find out why before anybody goes on. If the organisation moved to another sign-in service or relay on purpose, hand out a new enrolment link and remove what the program kept (`--state`)."
        }
        Fault::NotTrusted => {
            "give the person an enrolment link; it carries the fingerprint of the organisation's key, so nobody has to judge a host name."
        }
        Fault::NoBundle => {
            "run `handrail-relay keys` and start the relay again. With an enrolment link, compare the fingerprint in it with the one that the command prints."
        }
        Fault::StateUnusable => {
            "look at the event log and at the folder of `--state` (by default `handrail` in the user's state folder): its rights, free space, and a damaged file below `relays`. Remove a damaged file only after comparing the fingerprint of the organisation's key with an enrolment link."
        }
        Fault::OtherOrganisation => {
            "the person signs in with the account of this organisation; the program remembers which one it is set up for."
        }
        Fault::Declined => "talk to the other person, then ask again.",
        Fault::TimedOut => {
            "ask again when the other person is in front of the screen. The first question waits 5 minutes, later ones one minute, a handshake one minute."
        }
        Fault::PeerLeft => "nothing. For more help, start a new session with a new code.",
        Fault::PeerLost => {
            "look at the other person's network, then start a new session with a new code."
        }
        Fault::RelayLost => {
            "look at the network and at whether the relay runs, then start a new session with a new code."
        }
        Fault::SlowPeer => {
            "nothing: the picture starts afresh by itself. If it happens all the time, the helper's line is too slow for the screen."
        }
        Fault::Draining => "wait a minute. The relay is restarted on purpose.",
        Fault::RelayUnreachable => {
            "check the address in the settings, the name service, the firewall (TCP 443) and the relay's certificate."
        }
        Fault::PersonDisabled => "an administrator looks at the account in the directory.",
        Fault::HandedOver => {
            "nothing: the session goes on with your colleague. The record names both of you."
        }
        Fault::EndedByAdmin => "ask an administrator why. The log of changes says who ended it.",
        Fault::NoDisplay => {
            "start the program from the desktop that is to be shared, or set `DISPLAY` and `XAUTHORITY` to it."
        }
        Fault::DisplayLost => "start a new session. The desktop was closed or its X server ended.",
        Fault::DisplayUnfit => {
            "use an X server with MIT-SHM, XDamage, XFixes, RandR and XTest, and 24 or 32 bits a pixel."
        }
        Fault::PictureBroken => {
            "nothing: a fresh picture was asked for. If it comes back, update both programs and report it."
        }
        Fault::PictureFile => {
            "make room in the folder for temporary files (the details name what the system says), then start the helper again."
        }
        Fault::VideoUnreadable => {
            "the other person shares from a browser, and this helper's program was built without libvpx. Use one that was built with it, or open the console in a current browser and create a new code there."
        }
        Fault::NothingShared => {
            "press *Allow* again and pick a screen, a window or a tab. If the browser does not ask, it was told not to, or the operating system keeps programs from recording the screen."
        }
        Fault::ProviderUnreachable => {
            "check that the relay and the client reach the organisation's sign-in service by https."
        }
        Fault::SignInRefused => {
            "sign in again. If it stays: client ids, redirect addresses and clocks have to agree with the registration at the identity provider; the relay's log names the rule."
        }
        Fault::SignInAborted => "start the sign-in again and finish it in the browser.",
        Fault::StoreUnavailable => {
            "an administrator looks at the relay's log and at its database. No session starts without a record."
        }
        Fault::StoreFull => {
            "an administrator frees space on the relay's disk. No session starts without a record."
        }
    }
}

const HEAD: &str = "\
# Faults

Every message that tells a person that something did not work has a number that never changes its meaning. This page is
written by `BLESS=1 cargo test -p tests faults` from `protocol/wire/src/fault.rs` and `tests/suite/faults.rs`.
";
