use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use super::*;
use crate::keys::Keys;

fn options(folder: &Path) -> Options {
    Options {
        address: Some("https://help.example:8443".to_owned()),
        issuer: Some("https://login.example/realms/\"x\"".to_owned()),
        domain: Some("example.com".to_owned()),
        config: folder.join("etc/relay.toml"),
        data: folder.join("var/handrail"),
        self_signed: true,
        ..Options::default()
    }
}

fn run(options: &Options) -> Result<Done, CannotInit> {
    let mut last = 0;
    let draw = || {
        last += 1;
        Some([last; 32])
    };
    let now = UNIX_EPOCH + Duration::from_secs(1_764_000_000);
    init(options, draw, now)
}

/// Everything below the folder, with its mode.
fn all(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let data = fs::metadata(&path).unwrap();
        if data.is_dir() {
            found.extend(all(&path));
        } else {
            found.push((path, data.permissions().mode() & 0o777));
        }
    }
    found.sort();
    found
}

/// PRODUCT 11.1: one command makes a configuration that the relay takes, and keys that fit it.
#[test]
fn everything_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    let done = run(&options).unwrap();
    let path = |name: &str| folder.path().join(name);
    let wanted = [
        ("etc/relay.toml", 0o640),
        ("var/handrail/keys/example.com.bundle", 0o600),
        ("var/handrail/keys/grant.key", 0o600),
        ("var/handrail/organisation-keys/example.com.key", 0o600),
        ("var/handrail/self-signed.key", 0o600),
        ("var/handrail/self-signed.pem", 0o644),
    ];
    assert_eq!(
        all(folder.path()),
        wanted.map(|(name, mode)| (path(name), mode))
    );
    assert_eq!(done.made.key, path(wanted[3].0));
    let config = Config::read(&options.config, Overrides::default()).unwrap();
    assert_eq!(config.listen.port(), 8443);
    assert_eq!(config.provider.issuer, options.issuer.clone().unwrap());
    assert!(!config.provider.tid && !config.tenants[0].enabled);
    assert!(!config.tenants[0].allow_unenrolled, "PRODUCT 1.2");
    Keys::open(&config).unwrap();
    crate::certificate::Certificate::read(&config.tls).unwrap();
    let before = all(folder.path());
    assert!(matches!(run(&options), Err(CannotInit::There { .. })));
    assert_eq!(all(folder.path()), before, "nothing is overwritten");
}

#[test]
fn a_group_of_helpers_turns_it_on() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        tenant: Some("d7b2".to_owned()),
        helpers: Some("help \"desk\"".to_owned()),
        allow_unenrolled: true,
        ..options(folder.path())
    };
    run(&options).unwrap();
    let config = Config::read(&options.config, Overrides::default()).unwrap();
    let tenant = &config.tenants[0];
    assert!(config.provider.tid && tenant.enabled && tenant.id == "d7b2");
    assert_eq!(tenant.assignments[0].helpers, ["help \"desk\""]);
    assert!(tenant.allow_unenrolled);
}

/// A run that fails at any step leaves nothing, not even the folders that it made; one that was killed is no obstacle.
#[test]
fn a_failed_run_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    let now = UNIX_EPOCH;
    let mut draws = 0;
    let failed = init(
        &options,
        || {
            draws += 1;
            (draws < 2).then_some([1; 32])
        },
        now,
    );
    assert!(matches!(
        failed,
        Err(CannotInit::Keys(BadKeys::NoRandomness))
    ));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    // The last step: the name of the configuration is taken meanwhile.
    let place = place::Place::begin(&options.config, &options.data).unwrap();
    fs::write(&options.config, "another").unwrap();
    assert!(place.finish("mine").is_err());
    let left = [(options.config.clone(), 0o644)];
    assert_eq!(all(folder.path()), left);
    assert!(!options.data.exists());
    fs::remove_file(&options.config).unwrap();
    let killed = options.data.join(".init-unfinished");
    fs::create_dir_all(&options.data).unwrap();
    fs::write(killed, "").unwrap();
    run(&options).unwrap();
    assert!(options.data.join("keys/grant.key").exists());
}

#[test]
fn what_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let given = options(folder.path());
    for (without, flag) in [
        (
            Options {
                address: None,
                ..given.clone()
            },
            "--address",
        ),
        (
            Options {
                issuer: None,
                ..given.clone()
            },
            "--issuer",
        ),
        (
            Options {
                domain: None,
                ..given.clone()
            },
            "--domain",
        ),
        (
            Options {
                self_signed: false,
                ..given.clone()
            },
            "--certificate",
        ),
        (
            Options {
                address: Some("help.example".to_owned()),
                ..given.clone()
            },
            "--address",
        ),
    ] {
        let refused = run(&without).unwrap_err().to_string();
        assert!(refused.contains(flag), "{refused}");
    }
}

#[test]
fn a_person_is_asked_for_what_no_flag_said() {
    let folder = tempfile::tempdir().unwrap();
    let given = options(folder.path());
    let mut asked = 0;
    let answered = ask(Options::default(), |_| {
        asked += 1;
        let lines = [
            "https://a.example",
            "https://b.example",
            "",
            "c.example",
            "",
            "",
            "self-signed",
        ];
        lines.get(asked - 1).map(|line| (*line).to_owned())
    });
    assert_eq!((asked, answered.self_signed), (7, true));
    assert_eq!(answered.domain.as_deref(), Some("c.example"));
    let nobody = ask(given, |question| {
        let optional = ["tid", "call", "group"];
        assert!(
            optional.iter().any(|word| question.contains(word)),
            "{question}"
        );
        None
    });
    assert_eq!(nobody.tenant, None);
}
