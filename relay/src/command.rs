//! What an administrator of the host does on the command line, on the store of the relay; one that runs follows within a second.

mod ways_back;

use policy::{Assignment, Permissions, PersonId, Role, RoleId, RuleId, Scope, TenantId};
use relay_store::{
    Act, Actor, Assignments, Directory, Entry, Error, INVITATION_LIFE, Invitations, NewToken,
    Options, Page, Roles, Sqlite, TOKEN_LIFE, TokenKind, Tokens,
};
use ring::rand::{SecureRandom, SystemRandom};
use thiserror::Error as ThisError;

use crate::api::administrator::hash;
use crate::api::tokens::new_secret;
use crate::clock::time_of_day;
use crate::config::{Address, BadConfig, Config};

pub(crate) use ways_back::administrators;

/// Who acts, in the log of changes.
pub(crate) const HOST: &str = "host";

/// The store of one organisation, opened on the relay's host.
pub struct Host {
    store: Sqlite,
    tenant: TenantId,
    address: Address,
}

/// What was asked cannot be done.
#[derive(Debug, ThisError)]
pub enum CannotDo {
    /// The store refuses, or does not answer.
    #[error(transparent)]
    Store(#[from] Error),
    /// Several organisations are configured, or another one.
    #[error("say which organisation is meant: --tenant with one of {0}")]
    WhichTenant(String),
    /// Nobody has this id.
    #[error(
        "nobody with the id `{0}` is known; `handrail-relay user list` shows who signed in so far"
    )]
    NoSuchPerson(String),
    /// No rule has this id.
    #[error("there is no rule `{0}`; `handrail-relay rule list` shows them")]
    NoSuchRule(String),
    /// The rules of the file cannot be read.
    #[error(transparent)]
    Config(Box<BadConfig>),
    /// No role has this id.
    #[error("there is no role `{0}`; there are {1}")]
    NoSuchRole(String, String),
    /// No permission has this word.
    #[error("there is no permission `{0}`")]
    NoSuchPermission(String),
    /// No secret can be drawn.
    #[error("the system gives no randomness")]
    NoRandomness,
}

impl Host {
    /// Opens the store of the configuration for this organisation, or for the only one.
    ///
    /// # Errors
    /// See [`CannotDo`].
    pub async fn open(config: &Config, tenant: Option<&str>) -> Result<Self, CannotDo> {
        let mut all = config.tenants.iter();
        let found = match tenant {
            Some(tenant) => all.find(|one| one.id == tenant),
            None => all.next().filter(|_| config.tenants.len() == 1),
        };
        let found = found.ok_or_else(|| {
            let ids: Vec<&str> = config.tenants.iter().map(|one| one.id.as_str()).collect();
            CannotDo::WhichTenant(ids.join(", "))
        })?;
        Ok(Self {
            store: Sqlite::open(&Options::new(&config.database)).await?,
            tenant: TenantId(found.id.clone()),
            address: config.address.clone(),
        })
    }

    /// An invitation to become an administrator (PRODUCT 11.1): a link that works once.
    ///
    /// # Errors
    /// See [`CannotDo`].
    pub async fn invite(&self) -> Result<String, CannotDo> {
        let secret = new_secret(draw()?);
        // The prefix is that of tokens, which this is none.
        let secret = secret.trim_start_matches("hrt_");
        let (act, hash) = (act(), hash(secret));
        self.store.invite(&act, &self.tenant, hash).await?;
        let (address, minutes) = (&self.address, INVITATION_LIFE.as_secs() / 60);
        Ok(format!(
            "{address}/first#{secret}\nThe link works once and for {minutes} minutes. Whoever opens it and signs in is an administrator."
        ))
    }

    /// Everybody who is known, a line each.
    ///
    /// # Errors
    /// See [`CannotDo`].
    pub async fn people(&self) -> Result<String, CannotDo> {
        let (mut lines, mut after) = (vec![], None);
        loop {
            let page = self.store.people(&self.tenant, "", after, Page::LIMIT);
            let page = page.await?;
            lines.extend(page.items.iter().map(line));
            after = page.next;
            if after.is_none() {
                return Ok(lines.join("\n"));
            }
        }
    }

    /// Whether a person may sign in.
    ///
    /// # Errors
    /// See [`CannotDo`].
    pub async fn set_active(&self, person: &str, active: bool) -> Result<String, CannotDo> {
        let (act, id) = (act(), PersonId(person.to_owned()));
        let set = self.store.set_active(&act, &self.tenant, &id, active);
        if !set.await? {
            return Err(CannotDo::NoSuchPerson(id.0));
        }
        let state = if active { "enabled" } else { "disabled" };
        Ok(format!("{person}: {state}"))
    }

    /// Gives a role to a person, over everybody if it is one to help. The host gives what nobody at the console could.
    ///
    /// # Errors
    /// See [`CannotDo`].
    pub async fn grant(&self, person: &str, role: &str) -> Result<String, CannotDo> {
        let id = PersonId(person.to_owned());
        let known = self.store.person(&self.tenant, &id).await?;
        let known = known.ok_or_else(|| CannotDo::NoSuchPerson(person.to_owned()))?;
        let role = RoleId(role.to_owned());
        let Some(found) = self.store.role(&self.tenant, &role).await? else {
            let custom = self.store.roles(&self.tenant).await?;
            let all = Role::built_in().into_iter().chain(custom);
            let ids: Vec<String> = all.map(|role| role.id.0).collect();
            return Err(CannotDo::NoSuchRole(role.0, ids.join(", ")));
        };
        let helps = found.permissions.both(Permissions::HELP) != Permissions::NONE;
        let name = format!("{}: {}", found.name, known.name);
        let assignment = Assignment {
            id: RuleId(new_id()?),
            name: name.chars().take(64).collect(),
            description: "Made on the relay's host.".to_owned(),
            role,
            permissions: found.permissions,
            groups: vec![],
            people: vec![id],
            scope: Scope {
                all_users: helps,
                ..Scope::default()
            },
        };
        let act = act();
        let put = self.store.put_assignment(&act, &self.tenant, &assignment);
        put.await?;
        Ok(format!("{person} holds the role {}", found.name))
    }

    /// Makes a token; the answer is its secret.
    ///
    /// # Errors
    /// See [`CannotDo`].
    pub async fn token(
        &self,
        kind: TokenKind,
        name: &str,
        permissions: &[String],
    ) -> Result<String, CannotDo> {
        let mut allowed = Permissions::NONE;
        for word in permissions {
            let one = Permissions::of_word(word);
            let one = one.ok_or_else(|| CannotDo::NoSuchPermission(word.clone()))?;
            allowed = allowed.and(one);
        }
        let secret = new_secret(draw()?);
        let act = act();
        let token = NewToken {
            id: new_id()?,
            name: name.to_owned(),
            kind,
            permissions: allowed,
            expires: act.at.after(TOKEN_LIFE),
        };
        let hash = hash(&secret);
        self.store.issue(&act, &self.tenant, &token, hash).await?;
        Ok(secret)
    }
}

fn line(person: &Entry) -> String {
    let state = if person.active { "active" } else { "disabled" };
    let Entry { id, name, .. } = person;
    format!("{}\t{name}\t{state}\t{}", id.0, person.source)
}

pub(crate) fn act() -> Act {
    Act {
        actor: Actor {
            id: HOST.to_owned(),
            name: "command on the host".to_owned(),
        },
        at: time_of_day(),
        source: None,
    }
}

fn draw() -> Result<[u8; 32], CannotDo> {
    let mut random = [0; 32];
    let drawn = SystemRandom::new().fill(&mut random);
    drawn.map_err(|_| CannotDo::NoRandomness)?;
    Ok(random)
}

fn new_id() -> Result<String, CannotDo> {
    let random = draw()?;
    let half = random.iter().take(16);
    Ok(half.map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;
    use policy::{AccessRule, Moment};
    use relay_store::{Audit, ChangeFilter, Rules, Source};

    fn config(folder: &std::path::Path) -> Config {
        let path = folder.join("relay.toml");
        let text = format!(
            "address = \"https://help.example\"\ndatabase = \"{}/relay.db\"\n[tls]\ncertificate = \"c\"\nkey = \"k\"\n\
             [provider]\nissuer = \"https://login.example\"\n[[tenant]]\nid = \"contoso\"\n",
            folder.display()
        );
        std::fs::write(&path, text).unwrap();
        Config::read(&path, Overrides::default()).unwrap()
    }

    /// A rule that shuts everybody out is taken away; the log names the host.
    #[tokio::test]
    async fn rules_are_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let host = Host::open(&config(folder.path()), None).await.unwrap();
        let mut lena = act();
        lena.actor.id = "lena".to_owned();
        let rule = AccessRule {
            id: RuleId("2".repeat(32)),
            name: "Nobody".to_owned(),
            groups: vec![],
            moments: vec![Moment::SignIn],
            methods: vec!["never".to_owned()],
            max_age: None,
            allowed: vec![],
            denied: vec![],
            compliant_device: false,
        };
        let put = host.store.put_access_rule(&lena, &host.tenant, &rule);
        put.await.unwrap();
        let listed = host.rules().await.unwrap();
        assert!(listed.contains(&rule.id.0) && listed.contains("Nobody"));
        host.remove_rule(&rule.id.0).await.unwrap();
        assert!(host.remove_rule(&rule.id.0).await.is_err());
        assert_eq!(host.rules().await.unwrap(), "there is no rule");
        let filter = ChangeFilter::default();
        let log = host
            .store
            .changes(&host.tenant, &filter, None, 10, time_of_day());
        let log = log.await.unwrap().changes;
        let who: Vec<&str> = log.iter().map(|one| one.act.actor.id.as_str()).collect();
        assert_eq!(who, [HOST, "lena"]);
    }

    /// PRODUCT 11.1: the first administrator comes by a link; everything that the host does is in the log.
    #[tokio::test]
    async fn the_host_sets_up() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        assert!(Host::open(&config, Some("fabrikam")).await.is_err());
        let host = Host::open(&config, None).await.unwrap();
        let link = host.invite().await.unwrap();
        let rest = link.strip_prefix("https://help.example/first#").unwrap();
        let secret = rest.lines().next().unwrap();
        let now = time_of_day();
        let mut lena = act();
        lena.actor.id = "lena".to_owned();
        let assignment = RuleId("1".repeat(32));
        let used = host
            .store
            .redeem(&lena, &host.tenant, hash(secret), &assignment);
        assert!(used.await.unwrap());
        assert!(host.grant("lena", "viewer").await.is_err());
        let token = host.token(TokenKind::Scim, "Entra", &[]).await.unwrap();
        let found = host.store.token_of(hash(&token), now).await.unwrap();
        assert_eq!(found.unwrap().token.name, "Entra");
        let roles = ["roles".to_owned()];
        assert!(host.token(TokenKind::Api, "x", &roles).await.is_err());
        assert!(host.warning(&config).await.unwrap().is_some(), "not seen");
        let seen = Entry {
            id: PersonId("lena".to_owned()),
            user_name: String::new(),
            name: "Lena".to_owned(),
            given: String::new(),
            family: String::new(),
            title: String::new(),
            company: String::new(),
            email: String::new(),
            active: true,
            external_id: None,
            scim_id: None,
            source: Source::Claims,
            last_seen: None,
        };
        let noted = host.store.note_sign_in(&host.tenant, &seen, &[], now);
        noted.await.unwrap();
        assert_eq!(host.warning(&config).await.unwrap(), None);
        let filter = ChangeFilter {
            actor: Some(HOST.to_owned()),
            ..ChangeFilter::default()
        };
        let log = host.store.changes(&host.tenant, &filter, None, 10, now);
        assert_eq!(log.await.unwrap().changes.len(), 2);
    }
}
