//! Compliance rules and rules of conditional access in table `rule`.

use policy::{AccessRule, ComplianceRule, Network, RuleId, TenantId};
use serde_json::{Value, json};

use super::kept::{self, Kept};
use super::transact::transact;
use super::{Sqlite, document};
use crate::audit::Act;
use crate::error::Error;
use crate::records::Answer;
use crate::refused::Refused;
use crate::rules::{RULE_LIMIT, Rules};
use crate::text;

impl Kept for ComplianceRule {
    const KIND: &'static str = "compliance";
    const LIMIT: usize = RULE_LIMIT;

    fn id(&self) -> &str {
        &self.id.0
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn cleaned(&self) -> Result<Self, Refused> {
        text::hex("id", &self.id.0, 32)?;
        text::ids("users", self.scope.users.iter().map(|group| &group.0))?;
        text::ids("devices", self.scope.devices.iter().map(|group| &group.0))?;
        text::few("actions", self.actions.len(), 16)?;
        Ok(Self {
            name: text::required("name", &self.name, 100)?,
            ..self.clone()
        })
    }

    fn write(&self) -> Value {
        let actions = self.actions.iter();
        let actions =
            actions.map(|(state, action)| json!({"state": state.word(), "action": action.word()}));
        json!({
            "name": self.name,
            "scope": document::of_scope(&self.scope),
            "actions": actions.collect::<Vec<_>>(),
        })
    }

    fn read(id: String, document: &Value) -> Result<Self, Error> {
        let actions = document::list(document, "actions", |item| {
            let word = |field| item.get(field).and_then(Value::as_str);
            Some((word("state")?.parse().ok()?, word("action")?.parse().ok()?))
        });
        Ok(Self {
            id: RuleId(id),
            name: document::text(document, "name")?.to_owned(),
            scope: document::scope(document)?,
            actions: actions?,
        })
    }
}

impl Kept for AccessRule {
    const KIND: &'static str = "access";
    const LIMIT: usize = RULE_LIMIT;

    fn id(&self) -> &str {
        &self.id.0
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn cleaned(&self) -> Result<Self, Refused> {
        text::hex("id", &self.id.0, 32)?;
        text::ids("groups", self.groups.iter().map(|group| &group.0))?;
        text::ids("methods", self.methods.iter())?;
        text::few("moments", self.moments.len(), 16)?;
        check_ranges("allowed", &self.allowed)?;
        check_ranges("denied", &self.denied)?;
        // Kept in whole seconds: what a part of one would mean is not kept.
        if self.max_age.is_some_and(|age| age.subsec_nanos() > 0) {
            return Err(Refused::Value { field: "max_age" });
        }
        Ok(Self {
            name: text::required("name", &self.name, 100)?,
            ..self.clone()
        })
    }

    fn write(&self) -> Value {
        let moments = self.moments.iter().copied().map(document::of_moment);
        let networks =
            |ranges: &[Network]| ranges.iter().map(ToString::to_string).collect::<Vec<_>>();
        json!({
            "name": self.name,
            "groups": document::of_groups(&self.groups),
            "moments": moments.collect::<Vec<_>>(),
            "methods": self.methods,
            "max_age_seconds": self.max_age.map(|age| age.as_secs()),
            "allowed": networks(&self.allowed),
            "denied": networks(&self.denied),
            "compliant_device": self.compliant_device,
        })
    }

    fn read(id: String, document: &Value) -> Result<Self, Error> {
        Ok(Self {
            id: RuleId(id),
            name: document::text(document, "name")?.to_owned(),
            groups: document::groups(document, "groups")?,
            moments: document::list(document, "moments", |item| document::moment(item.as_str()?))?,
            methods: document::texts(document, "methods")?,
            max_age: document::seconds(document, "max_age_seconds")?,
            allowed: document::words(document, "allowed")?,
            denied: document::words(document, "denied")?,
            compliant_device: document::flag(document, "compliant_device")?,
        })
    }
}

fn check_ranges(field: &'static str, ranges: &[Network]) -> Result<(), Refused> {
    text::few(field, ranges.len(), text::LIST_LIMIT)?;
    let reads_back = |range: &Network| range.to_string().parse() == Ok(*range);
    if ranges.iter().all(reads_back) {
        return Ok(());
    }
    Err(Refused::Value { field })
}

impl Rules for Sqlite {
    fn compliance_rules<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Vec<ComplianceRule>> {
        Box::pin(all(self, tenant))
    }

    fn put_compliance_rule<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        rule: &'a ComplianceRule,
    ) -> Answer<'a, ()> {
        put(self, act, tenant, rule)
    }

    fn delete_compliance_rule<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a RuleId,
    ) -> Answer<'a, bool> {
        delete::<ComplianceRule>(self, act, tenant, id)
    }

    fn access_rules<'a>(&'a self, tenant: &'a TenantId) -> Answer<'a, Vec<AccessRule>> {
        Box::pin(all(self, tenant))
    }

    fn put_access_rule<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        rule: &'a AccessRule,
    ) -> Answer<'a, ()> {
        put(self, act, tenant, rule)
    }

    fn delete_access_rule<'a>(
        &'a self,
        act: &'a Act,
        tenant: &'a TenantId,
        id: &'a RuleId,
    ) -> Answer<'a, bool> {
        delete::<AccessRule>(self, act, tenant, id)
    }
}

async fn all<K: Kept>(store: &Sqlite, tenant: &TenantId) -> Result<Vec<K>, Error> {
    let mut connection = store.readers.acquire().await?;
    kept::list(&mut connection, tenant).await
}

fn put<'a, K: Kept + 'a>(
    store: &'a Sqlite,
    act: &'a Act,
    tenant: &'a TenantId,
    one: &'a K,
) -> Answer<'a, ()> {
    transact!(store, |connection| {
        let one = one.cleaned()?;
        kept::put(connection, act, tenant, &one).await
    })
}

fn delete<'a, K: Kept + 'a>(
    store: &'a Sqlite,
    act: &'a Act,
    tenant: &'a TenantId,
    id: &'a RuleId,
) -> Answer<'a, bool> {
    transact!(store, |connection| {
        kept::delete::<K>(connection, act, tenant, &id.0).await
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use policy::{Action, Compliance, GroupId, Moment, Scope};

    use super::*;
    use crate::conformance::contoso;
    use crate::sqlite::fixture::{act, audited, id, refusal, store};
    use crate::tenants::Tenants;

    fn access() -> AccessRule {
        AccessRule {
            id: RuleId(id(1)),
            name: "Office only".to_owned(),
            groups: vec![GroupId("helpers".to_owned())],
            moments: vec![Moment::SignIn, Moment::Create, Moment::Join, Moment::Renew],
            methods: vec!["mfa".to_owned()],
            max_age: Some(Duration::from_secs(3_600)),
            allowed: vec!["10.0.0.0/8".parse().unwrap()],
            denied: vec!["2001:db8::/32".parse().unwrap()],
            compliant_device: true,
        }
    }

    fn compliance() -> ComplianceRule {
        ComplianceRule {
            id: RuleId(id(2)),
            name: "Laptops".to_owned(),
            scope: Scope {
                all_users: true,
                devices: vec![GroupId("laptops".to_owned())],
                ..Scope::default()
            },
            actions: vec![
                (Compliance::Stale, Action::RequireAck),
                (Compliance::NotCompliant, Action::Block),
            ],
        }
    }

    #[tokio::test]
    async fn rules_read_back_as_they_were_put() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        let (access, compliance) = (access(), compliance());
        store
            .put_access_rule(&act(), &tenant, &access)
            .await
            .unwrap();
        store
            .put_compliance_rule(&act(), &tenant, &compliance)
            .await
            .unwrap();
        let open = AccessRule {
            id: RuleId(id(3)),
            max_age: None,
            ..access.clone()
        };
        store.put_access_rule(&act(), &tenant, &open).await.unwrap();
        assert_eq!(store.access_rules(&tenant).await.unwrap(), [access, open]);
        let rules = store.compliance_rules(&tenant).await.unwrap();
        assert_eq!(rules, [compliance]);
        let gone = store
            .delete_access_rule(&act(), &tenant, &RuleId(id(1)))
            .await;
        assert!(gone.unwrap());
        let gone = store
            .delete_compliance_rule(&act(), &tenant, &RuleId(id(2)))
            .await;
        assert!(gone.unwrap());
        assert_eq!(store.version(&tenant).await.unwrap(), 5);
        assert_eq!(audited(&store).await.len(), 5);
    }

    /// PRODUCT 1.8, 6.2: what somebody edited is an error, and not another rule.
    #[tokio::test]
    async fn a_rule_that_was_edited_is_an_error() {
        let (_folder, store) = store().await;
        let tenant = contoso();
        for (path, value) in [
            ("$.name", "''"),
            ("$.name", "' Office only'"),
            ("$.name", "'\u{202e}Office only'"),
            ("$.more", "1"),
            ("$.groups[0]", "''"),
            ("$.methods[0]", "'mfa '"),
            ("$.moments[0]", "'never'"),
            ("$.max_age_seconds", "'3600'"),
            ("$.max_age_seconds", "-1"),
            ("$.denied[0]", "'10.0.0.0/33'"),
            ("$.scope.all_users", "'yes'"),
            ("$.scope.more", "1"),
            ("$.scope.devices[0]", "'\u{2028}'"),
            ("$.actions[0].action", "'allow'"),
            ("$.actions[0].more", "1"),
        ] {
            let is_compliance = path.starts_with("$.scope") || path.starts_with("$.actions");
            let (access, compliance) = (access(), compliance());
            let rule = store.put_access_rule(&act(), &tenant, &access).await;
            rule.unwrap();
            let rule = store
                .put_compliance_rule(&act(), &tenant, &compliance)
                .await;
            rule.unwrap();
            let kind = if is_compliance {
                "compliance"
            } else {
                "access"
            };
            edit(
                &store,
                &format!("UPDATE rule SET document = json_set(document, '{path}', {value}) WHERE kind = '{kind}'"),
            )
            .await;
            let access = store.access_rules(&tenant).await;
            let compliance = store.compliance_rules(&tenant).await;
            let (damaged, whole) = match is_compliance {
                true => (compliance.map(drop), access.map(drop)),
                false => (access.map(drop), compliance.map(drop)),
            };
            assert!(matches!(damaged, Err(Error::Corrupt(_))), "{path} {value}");
            assert!(whole.is_ok(), "{path} {value}");
            edit(&store, "DELETE FROM rule").await;
        }
        for id in ["viewer", &"F".repeat(32)] {
            let rule = store.put_access_rule(&act(), &tenant, &access()).await;
            rule.unwrap();
            edit(&store, &format!("UPDATE rule SET id = '{id}'")).await;
            let read = store.access_rules(&tenant).await;
            assert!(matches!(read, Err(Error::Corrupt(_))), "{id}: {read:?}");
            edit(&store, "DELETE FROM rule").await;
        }
    }

    async fn edit(store: &Sqlite, statement: &str) {
        sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
            .execute(&store.writer)
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_range_that_would_not_read_back_is_refused() {
        let (_folder, store) = store().await;
        let range = Network {
            address: "10.0.0.0".parse().unwrap(),
            prefix: 33,
        };
        let allowed = AccessRule {
            allowed: vec![range],
            ..access()
        };
        let denied = AccessRule {
            denied: vec![range],
            ..access()
        };
        for (field, rule) in [("allowed", allowed), ("denied", denied)] {
            let refused = store.put_access_rule(&act(), &contoso(), &rule).await;
            assert_eq!(refusal(refused), Some(Refused::Value { field }));
        }
        assert!(audited(&store).await.is_empty());
    }

    #[tokio::test]
    async fn a_rule_that_would_not_read_back_is_refused() {
        let (_folder, store) = store().await;
        let half = AccessRule {
            max_age: Some(Duration::from_millis(500)),
            ..access()
        };
        let refused = store.put_access_rule(&act(), &contoso(), &half).await;
        assert_eq!(refusal(refused), Some(Refused::Value { field: "max_age" }));
        assert!(audited(&store).await.is_empty());
    }
}
