//! The first ten minutes: `init`, and what `doctor` finds, with the real provider.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use serde_json::Value;
use tests::demo::{Provider, people};
use tests::stage::{binary, free_port};
use tokio::process::Command;

/// A relay that was set up and does not run.
struct Fresh {
    provider: Provider,
    port: u16,
    folder: tempfile::TempDir,
}

impl Fresh {
    async fn set_up() -> (Self, String) {
        let port = free_port();
        let console = format!("https://localhost:{port}");
        let provider = Provider::start_for(&people(), Some(&console), &[]).await;
        let provider = provider.expect("the provider starts");
        let folder = tempfile::tempdir().expect("a folder");
        let fresh = Self {
            provider,
            port,
            folder,
        };
        let told = fresh.init().await;
        let text = String::from_utf8_lossy(&told.stdout).into_owned();
        let why = String::from_utf8_lossy(&told.stderr);
        assert!(told.status.success(), "{text} {why}");
        (fresh, text)
    }

    async fn init(&self) -> Output {
        let ca = self.provider.ca.display().to_string();
        let (config, data) = (self.path("relay.toml"), self.path("data"));
        let address = format!("https://localhost:{}", self.port);
        run(&[
            "init",
            "--self-signed",
            "--address",
            &address,
            "--issuer",
            &self.provider.issuer,
            "--issuer-ca",
            &ca,
            "--tenant",
            "lindenhof",
            "--domain",
            "klinikum-lindenhof.example",
            "--name",
            "Klinikum Lindenhof",
            "--helpers",
            "helpdesk",
            "--allow-unenrolled",
            "--config",
            &config.display().to_string(),
            "--data",
            &data.display().to_string(),
        ])
        .await
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What stands in the configuration, differently.
    fn edit(&self, from: &str, to: &str) {
        let path = self.path("relay.toml");
        let text = fs::read_to_string(&path).expect("the configuration");
        assert!(text.contains(from), "{from} is not in {text}");
        fs::write(path, text.replace(from, to)).expect("the folder can be written");
    }

    /// What does not work, and whether the program says so.
    async fn fails(&self) -> Vec<String> {
        let config = self.path("relay.toml").display().to_string();
        let told = run(&["doctor", "--json", "--config", &config]).await;
        let report: Value = serde_json::from_slice(&told.stdout).expect("JSON");
        let findings = report["findings"].as_array().expect("a list");
        let failed = findings.iter().filter(|one| one["state"] == "FAIL");
        let failed: Vec<String> = failed
            .map(|one| {
                assert!(one["remedy"].is_string(), "{one}");
                one["about"].as_str().expect("a text").to_owned()
            })
            .collect();
        assert_eq!(told.status.success(), failed.is_empty(), "{report}");
        failed
    }

    /// A certificate for this name until this year, in place of the present one; its own key is not put there.
    fn certify(&self, name: &str, until: i32) -> KeyPair {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let made = params.self_signed(&key).expect("a certificate");
        write(&self.path("data/self-signed.pem"), &made.pem());
        key
    }
}

async fn run(arguments: &[&str]) -> Output {
    let program = Command::new(binary("handrail-relay"))
        .args(arguments)
        .output();
    program.await.expect("the relay's program can be started")
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("the folder can be written");
}

/// PRODUCT 11.1, 10.8: one command sets everything up, overwrites nothing, and the doctor finds nothing that does not work.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_command_sets_up_a_relay_that_works() {
    let (fresh, told) = Fresh::set_up().await;
    for line in [
        "WARNING: the certificate is self-signed",
        "OK    helper's registration",
        "OK    sharer's registration",
        "OK    console's registration",
        "OK    console across origins",
        "WARN  certificate's authority",
        "handrail-relay user invite-admin",
    ] {
        assert!(told.contains(line), "{line} is not in {told}");
    }
    assert_eq!(fresh.fails().await, Vec::<String>::new());
    let again = fresh.init().await;
    let why = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(
        !again.status.success() && why.contains("is there already"),
        "{why}"
    );
}

/// PRODUCT 10.8: the doctor tells what the provider does not know, and which certificate is good for nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_names_what_does_not_work() {
    let (fresh, _) = Fresh::set_up().await;
    fresh.edit("[provider]", "[provider]\nhelper_client = \"somebody\"");
    let wrong_client = ["keys and bundles", "helper's registration"];
    assert_eq!(fresh.fails().await, wrong_client);
    fresh.edit("helper_client = \"somebody\"\n", "");
    let (here, elsewhere) = (fresh.port.to_string(), free_port().to_string());
    let address = |port: &str| format!("address = \"https://localhost:{port}\"");
    fresh.edit(&address(&here), &address(&elsewhere));
    let wrong_redirect = ["console's registration", "console across origins"];
    assert_eq!(fresh.fails().await, wrong_redirect);
    fresh.edit(&address(&elsewhere), &address(&here));
    fresh.certify("localhost", 2025);
    assert_eq!(
        fresh.fails().await,
        ["certificate's time", "certificate's key"]
    );
    let key = fresh.certify("other.example", 2100);
    write(&fresh.path("data/self-signed.key"), &key.serialize_pem());
    let names = fresh.fails().await;
    assert!(
        names.contains(&"certificate's names".to_owned()),
        "{names:?}"
    );
    assert!(
        !names.contains(&"certificate's key".to_owned()),
        "{names:?}"
    );
    fresh.edit("issuer = \"https://", "issuer = \"https://x.");
    assert!(fresh.fails().await.contains(&"sign-in service".to_owned()));
}
