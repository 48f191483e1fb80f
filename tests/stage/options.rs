//! What clients of a stage are started with: where relay, authority and sign-in are, and what they know from earlier times.

use std::fs;

use serde_json::{Value, json};

use super::scene::Stage;
use crate::demo::people;

impl Stage {
    /// The options of a client that was enrolled, and whose person met everybody before: what most tests begin with.
    pub fn options(&self, binary: &str, person: &str) -> Vec<String> {
        let contacts = self.everybody();
        let state = self.state(binary, person, Some(&contacts));
        let organisation = self.relay.organisation(&self.tenant(person));
        let mut options = self.strange_options(binary, person);
        options.extend([
            "--organisation".to_owned(),
            organisation,
            "--state".to_owned(),
            state,
        ]);
        options
    }

    /// The options of a client that knows nothing of the organisation.
    pub fn strange_options(&self, binary: &str, person: &str) -> Vec<String> {
        let log = self.path(&format!("{binary}.jsonl"));
        [
            "--relay",
            &self.relay.url,
            "--ca",
            &self.relay.ca.display().to_string(),
            "--browser",
            &self.provider.browser(person),
            "--event-log",
            &log.display().to_string(),
        ]
        .map(str::to_owned)
        .into()
    }

    /// The folder where a client keeps what it knows, with these contacts in it.
    pub fn state(&self, binary: &str, person: &str, contacts: Option<&Value>) -> String {
        let folder = self.path(&format!("state/{binary}-{person}"));
        fs::create_dir_all(&folder).expect("the folder can be written");
        if let Some(contacts) = contacts {
            let file = folder.join("contacts.json");
            fs::write(file, contacts.to_string()).expect("the folder can be written");
        }
        folder.display().to_string()
    }

    fn everybody(&self) -> Value {
        let people = all();
        let issuer = &self.provider.issuer;
        let contacts = people
            .keys()
            .map(|person| json!({"issuer": issuer, "subject": person}));
        contacts.collect()
    }

    fn tenant(&self, person: &str) -> String {
        let tenant = all()[person]["tid"].as_str().map(str::to_owned);
        tenant.expect("everybody belongs to an organisation")
    }
}

fn all() -> serde_json::Map<String, Value> {
    let text = fs::read_to_string(people()).expect("the people of the demo");
    serde_json::from_str(&text).expect("an object")
}
