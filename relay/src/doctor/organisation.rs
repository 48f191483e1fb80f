//! The relay's keys, its store, and whether somebody administers it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use policy::TenantId;
use relay_store::{Options, Schema, Sqlite};

use super::Finding;
use crate::command::administrators;
use crate::config::Config;
use crate::keys::Keys;

pub(super) fn keys(config: &Config) -> Vec<Finding> {
    const ABOUT: &str = "keys and bundles";
    let mut all = vec![match Keys::open(config) {
        Ok(keys) => {
            let tenants = config.tenants.iter();
            let told: Vec<String> = tenants
                .filter_map(|tenant| {
                    let (name, _, fingerprint) = keys.organisation(&TenantId(tenant.id.clone()))?;
                    Some(format!("{name} ({fingerprint})"))
                })
                .collect();
            Finding::ok(ABOUT, format!("fit the configuration: {}", told.join(", ")))
        }
        Err(error) => Finding::fail(
            ABOUT,
            error,
            "`handrail-relay keys --organisation-keys FOLDER` with the folder of the organisation's key",
        ),
    }];
    let open = |path: &Path| {
        let mode = fs::metadata(path).map(|data| data.permissions().mode());
        mode.is_ok_and(|mode| mode & 0o077 != 0)
    };
    let grant = config.keys.join("grant.key");
    if open(&grant) {
        all.push(Finding::fail(
            "relay's key",
            format!("others than its owner may use {}", grant.display()),
            format!("chmod 600 {}", grant.display()),
        ));
    }
    all
}

pub(super) async fn store(config: &Config) -> Vec<Finding> {
    let path = &config.database;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let mut all = vec![judge_writing(folder, &writing(folder)), space(folder)];
    if !path.exists() {
        all.push(Finding::ok(
            "database",
            format!("{} is made at the first start", path.display()),
        ));
        return all;
    }
    let schema = Sqlite::schema(path).await;
    let is_current = matches!(&schema, Ok(schema) if schema.applied == schema.known);
    let writable = OpenOptions::new().write(true).open(path);
    all.push(match (schema, writable) {
        (_, Err(error)) => Finding::fail(
            "database",
            format!("{} cannot be written: {error}", path.display()),
            "give the file and its folder to the relay's user, and run this as that user",
        ),
        (Ok(schema), Ok(_)) => judge_schema(schema),
        (Err(error), Ok(_)) => Finding::fail(
            "database",
            format!("{}: {error}", path.display()),
            "bring it back from a backup, or move it away if nothing in it is needed",
        ),
    });
    if is_current {
        all.extend(administered(config).await);
    }
    all
}

async fn administered(config: &Config) -> Vec<Finding> {
    const ABOUT: &str = "administrators";
    let store = match Sqlite::open(&Options::new(&config.database)).await {
        Ok(store) => store,
        Err(error) => {
            return vec![Finding::fail(
                ABOUT,
                error,
                "look at the line before this one",
            )];
        }
    };
    let mut all = vec![];
    for tenant in &config.tenants {
        let name = &tenant.id;
        all.push(match administrators(&store, config, name).await {
            Ok(0) => Finding::warn(
                ABOUT,
                format!("{name}: nobody who may sign in and was seen here holds administration"),
                format!("`handrail-relay user invite-admin --tenant {name}`, and open its link"),
            ),
            Ok(count) => Finding::ok(ABOUT, format!("{name}: {count}")),
            Err(error) => Finding::fail(ABOUT, error, "look at the line before this one"),
        });
    }
    store.close().await;
    all
}

fn judge_schema(schema: Schema) -> Finding {
    const ABOUT: &str = "database";
    let Schema { applied, known } = schema;
    if applied > known {
        return Finding::fail(
            ABOUT,
            format!("a newer version wrote it (schema {applied}, this one knows {known})"),
            "run the newer version again, or bring the database back from before it",
        );
    }
    if applied < known {
        let found = format!("of an earlier version (schema {applied} of {known})");
        let remedy = "copy it first; the relay brings it up to date at its next start";
        return Finding::warn(ABOUT, found, remedy);
    }
    Finding::ok(ABOUT, format!("readable, writable, schema {applied}"))
}

/// How long a small write takes until it is on the disk; the middle of some.
fn writing(folder: &Path) -> io::Result<Duration> {
    let path = folder.join(format!(".handrail-doctor-{}", std::process::id()));
    let mut file = OpenOptions::new();
    let mut file = file.write(true).create_new(true).mode(0o600).open(&path)?;
    let mut times: Vec<Duration> = vec![];
    let mut write = || {
        let begin = Instant::now();
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        times.push(begin.elapsed());
        Ok::<_, io::Error>(())
    };
    let written = (0..TRIES).try_for_each(|_| write());
    fs::remove_file(&path)?;
    written?;
    times.sort_unstable();
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}

fn judge_writing(folder: &Path, written: &io::Result<Duration>) -> Finding {
    const ABOUT: &str = "disk";
    match written {
        Err(error) => Finding::fail(
            ABOUT,
            format!("{} cannot be written: {error}", folder.display()),
            "make the folder, give it to the relay's user, and run this as that user",
        ),
        Ok(time) if *time > SLOW => Finding::warn(
            ABOUT,
            format!(
                "a small write takes {} ms until it is kept",
                time.as_millis()
            ),
            "every session begins with one: put the database on a local disk, not on the network",
        ),
        Ok(time) => Finding::ok(
            ABOUT,
            format!(
                "a small write is kept in {:.1} ms",
                time.as_secs_f64() * 1000.0
            ),
        ),
    }
}

fn space(folder: &Path) -> Finding {
    match rustix::fs::statvfs(folder) {
        Ok(found) => judge_space(found.f_bavail.saturating_mul(found.f_frsize)),
        Err(error) => Finding::warn("disk space", error, "look at `df`"),
    }
}

fn judge_space(bytes: u64) -> Finding {
    const ABOUT: &str = "disk space";
    let found = format!("{} MiB free", bytes / MIB);
    let remedy = "make room, or put `database` on another disk: without a record no session starts";
    match bytes / MIB {
        0..100 => Finding::fail(ABOUT, found, remedy),
        100..1024 => Finding::warn(ABOUT, found, remedy),
        _ => Finding::ok(ABOUT, found),
    }
}

const TRIES: usize = 9;
const SLOW: Duration = Duration::from_millis(50);
const MIB: u64 = 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn disk_and_schema_are_judged() {
        let folder = Path::new("data");
        let judged = |written| judge_writing(folder, &written).state;
        assert_eq!(judged(Ok(Duration::from_millis(3))), State::Ok);
        assert_eq!(judged(Ok(Duration::from_millis(80))), State::Warn);
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        assert_eq!(judged(Err(denied)), State::Fail);
        for (mib, state) in [(50, State::Fail), (500, State::Warn), (5000, State::Ok)] {
            assert_eq!(judge_space(mib * MIB).state, state);
        }
        for (applied, state) in [(5, State::Ok), (4, State::Warn), (6, State::Fail)] {
            assert_eq!(judge_schema(Schema { applied, known: 5 }).state, state);
        }
        let temporary = tempfile::tempdir().unwrap();
        assert!(writing(temporary.path()).is_ok());
        assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
        assert!(writing(&temporary.path().join("missing")).is_err());
    }
}
