use std::time::{Duration, UNIX_EPOCH};

use super::*;
use crate::config::Overrides;

fn config(folder: &Path, differ: impl FnOnce(String) -> String) -> Config {
    let text = format!(
        r#"
        address = "https://help.example"
        keys = "{}/keys"
        [tls]
        certificate = "c.pem"
        key = "k.pem"
        [provider]
        issuer = "https://login.example/contoso"
        [[tenant]]
        id = "contoso"
        name = "Contoso"
        "#,
        folder.display()
    );
    let path = folder.join("relay.toml");
    fs::write(&path, differ(text)).unwrap();
    Config::read(&path, Overrides::default()).unwrap()
}

fn run(config: &Config, folder: &Path, rotate: bool) -> Vec<Made> {
    let mut last = u8::try_from(fs::read_dir(folder).unwrap().count()).unwrap();
    let draw = || {
        last += 40;
        Some([last; 32])
    };
    let now = UNIX_EPOCH + Duration::from_secs(1_764_000_000);
    let replace = Replace {
        grant_key: rotate,
        ..Replace::default()
    };
    make(config, &folder.join("offline"), replace, draw, now).unwrap()
}

#[test]
fn keys_are_made_once_and_fit() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), |text| text);
    assert!(matches!(Keys::open(&config), Err(BadKeys::Missing { .. })));
    let made = run(&config, folder.path(), false);
    assert!(made[0].signed);
    let keys = Keys::open(&config).unwrap();
    let tenant = TenantId("contoso".to_owned());
    let bundle = keys.bundle(&tenant).unwrap();
    assert_eq!(keys.bundle_of(&made[0].fingerprint), Some(bundle));
    assert_eq!(
        keys.organisation(&tenant)
            .map(|(_, _, fingerprint)| fingerprint),
        Some(made[0].fingerprint.as_str())
    );
    assert_eq!(keys.bundle_of(&"0".repeat(64)), None);
    let again = run(&config, folder.path(), false);
    assert!(!again[0].signed, "nothing changed");
    assert_eq!(again[0].fingerprint, made[0].fingerprint);
}

/// A run from another folder makes no second key for the organisation, and changes nothing at all.
#[test]
fn another_folder_makes_no_other_key_unless_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), |text| text);
    let made = run(&config, folder.path(), false);
    let files =
        || ["grant.key", "contoso.bundle"].map(|name| read(&config.keys.join(name)).unwrap());
    let (before, elsewhere) = (files(), folder.path().join("elsewhere"));
    let now = UNIX_EPOCH + Duration::from_secs(1_764_000_000);
    let mut replace = Replace {
        grant_key: true,
        ..Replace::default()
    };
    let refused = make(&config, &elsewhere, replace, || Some([9; 32]), now).unwrap_err();
    let refused = refused.to_string();
    assert!(refused.contains(&made[0].fingerprint) && refused.contains("--organisation-keys"));
    assert_eq!(files(), before);
    assert!(!elsewhere.exists());
    replace.organisation_keys = true;
    let other = make(&config, &elsewhere, replace, || Some([9; 32]), now).unwrap();
    assert_ne!(other[0].fingerprint, made[0].fingerprint);
}

/// The relay's folder holds no key of the organisation, and only its owner reads the relay's own.
#[test]
fn the_organisations_key_is_elsewhere() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), |text| text);
    let made = run(&config, folder.path(), false);
    let names = fs::read_dir(&config.keys).unwrap();
    let mut names: Vec<_> = names.map(|file| file.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["contoso.bundle", "grant.key"]);
    for path in [&made[0].key, &config.keys.join("grant.key")] {
        let mode = fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
}

#[test]
fn a_relay_does_not_start_with_keys_of_another_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let first = config(folder.path(), |text| text);
    run(&first, folder.path(), false);
    let moved = config(folder.path(), |text| {
        text.replace("login.example", "other.example")
    });
    let refused = Keys::open(&moved).unwrap_err().to_string();
    assert!(
        refused.contains("(issuer)") && refused.contains("handrail-relay keys"),
        "{refused}"
    );
    assert!(run(&moved, folder.path(), false)[0].signed);
    Keys::open(&moved).unwrap();
    fs::remove_file(moved.keys.join("grant.key")).unwrap();
    assert!(matches!(Keys::open(&moved), Err(BadKeys::Missing { .. })));
}

/// A new grant key is announced beside the old one, under the same organisation's key and a higher serial.
#[test]
fn the_grant_key_is_rotated_with_overlap() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), |text| text);
    run(&config, folder.path(), false);
    let bundle = || {
        let path = bundle_path(&config.keys, "contoso");
        verified(&read(&path).unwrap(), &path).unwrap()
    };
    let (before, fingerprint) = bundle();
    run(&config, folder.path(), true);
    let (after, same) = bundle();
    assert_eq!(fingerprint, same);
    assert_eq!(after.serial, before.serial + 1);
    assert_eq!(after.grant_keys[1..], before.grant_keys[..]);
    assert_ne!(after.grant_keys[0], before.grant_keys[0]);
    Keys::open(&config).unwrap();
}

/// The bundle says to the clients what the file says to the relay, and one that says something else does not fit.
#[test]
fn the_bundle_says_whether_a_programs_consent_counts() {
    let folder = tempfile::tempdir().unwrap();
    let says = |config: &Config| {
        let path = bundle_path(&config.keys, "contoso");
        let (bundle, _) = verified(&read(&path).unwrap(), &path).unwrap();
        bundle.policy.scripted_consent
    };
    let people = config(folder.path(), |text| text);
    run(&people, folder.path(), false);
    assert!(!says(&people), "off unless the file says otherwise");
    let scripts = config(folder.path(), |text| text + "scripted_consent = true\n");
    let refused = Keys::open(&scripts).unwrap_err().to_string();
    assert!(refused.contains("(scripted_consent)"), "{refused}");
    assert!(run(&scripts, folder.path(), false)[0].signed);
    assert!(says(&scripts));
    Keys::open(&scripts).unwrap();
    assert!(Keys::open(&people).is_err());
}
