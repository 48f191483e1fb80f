//! Ways back in for an administrator of the host: rules that shut everybody out, and whether anybody administers at all.

use policy::{Permissions, Policy, RuleId, Settings, Subject, TenantId};
use relay_store::{Assignments, Directory, Error, Page, Rules, Sqlite};

use super::{CannotDo, Host, act};
use crate::config::Config;

impl Host {
    /// The rules of conditional access and of compliance, a line each.
    ///
    /// # Errors
    /// See [`CannotDo`].
    pub async fn rules(&self) -> Result<String, CannotDo> {
        let access = self.store.access_rules(&self.tenant).await?;
        let access = access.iter().map(|rule| {
            let moments: Vec<String> = rule.moments.iter().map(|one| format!("{one:?}")).collect();
            let moments = moments.join(", ").to_lowercase();
            format!(
                "{}\tconditional access\t{}\t{moments}",
                rule.id.0, rule.name
            )
        });
        let compliance = self.store.compliance_rules(&self.tenant).await?;
        let compliance = compliance
            .iter()
            .map(|rule| format!("{}\tcompliance\t{}", rule.id.0, rule.name));
        let lines: Vec<String> = access.chain(compliance).collect();
        if lines.is_empty() {
            return Ok("there is no rule".to_owned());
        }
        Ok(lines.join("\n"))
    }

    /// Takes a rule away, whichever kind it is.
    ///
    /// # Errors
    /// See [`CannotDo`].
    pub async fn remove_rule(&self, id: &str) -> Result<String, CannotDo> {
        let (act, rule) = (act(), RuleId(id.to_owned()));
        let (store, tenant) = (&self.store, &self.tenant);
        if store.delete_access_rule(&act, tenant, &rule).await?
            || store.delete_compliance_rule(&act, tenant, &rule).await?
        {
            return Ok(format!(
                "{id}: removed; a relay that runs follows within a second"
            ));
        }
        Err(CannotDo::NoSuchRule(id.to_owned()))
    }

    /// What to say when nobody could administer.
    ///
    /// # Errors
    /// See [`CannotDo`].
    pub async fn warning(&self, config: &Config) -> Result<Option<&'static str>, CannotDo> {
        let count = administrators(&self.store, config, &self.tenant.0).await?;
        Ok((count == 0).then_some(NOBODY))
    }
}

/// How many of those who were seen, and may sign in, may change roles and assignments: they can give themselves and others the rest.
pub(crate) async fn administrators(
    store: &Sqlite,
    config: &Config,
    tenant: &str,
) -> Result<usize, CannotDo> {
    let tenant = TenantId(tenant.to_owned());
    let rules = config
        .rules()
        .map_err(|error| CannotDo::Config(Box::new(error)))?;
    let mut assignments = rules.policy(&tenant).assignments().to_vec();
    assignments.extend(store.assignments(&tenant).await?);
    let policy = Policy::new(Settings::default(), assignments, vec![], vec![]);
    Ok(count(store, &tenant, &policy).await?)
}

async fn count(store: &Sqlite, tenant: &TenantId, policy: &Policy) -> Result<usize, Error> {
    let (mut count, mut after) = (0_usize, None);
    loop {
        let page = store.people(tenant, "", after, Page::LIMIT).await?;
        for person in page.items.into_iter().filter(|person| person.active) {
            let groups = store.groups_of(tenant, &person.id).await?;
            let subject = Subject {
                id: person.id,
                groups,
            };
            if policy.held(&subject).contain(Permissions::ROLES) {
                count = count.saturating_add(1);
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(count);
        }
    }
}

const NOBODY: &str = "WARNING: nobody who may sign in and was seen here holds administration; `handrail-relay user invite-admin` makes a link for a new administrator";
