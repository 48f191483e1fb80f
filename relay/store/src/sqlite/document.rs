//! JSON documents of what has lists: permissions, scopes, rules.

use std::str::FromStr;
use std::time::Duration;

use policy::{GroupId, Moment, Permissions, Scope, Settings};
use serde_json::{Value, json};

use crate::error::Error;

/// Reads a document that this crate wrote.
pub(super) fn parse(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text).map_err(|error| Error::Corrupt(error.to_string()))
}

/// A document that does not hold what it has to.
pub(super) fn damaged(field: &str) -> Error {
    Error::Corrupt(format!("a document has no usable {field:?}"))
}

pub(super) fn text<'a>(document: &'a Value, field: &str) -> Result<&'a str, Error> {
    let value = document.get(field).and_then(Value::as_str);
    value.ok_or_else(|| damaged(field))
}

pub(super) fn flag(document: &Value, field: &str) -> Result<bool, Error> {
    let value = document.get(field).and_then(Value::as_bool);
    value.ok_or_else(|| damaged(field))
}

pub(super) fn list<T>(
    document: &Value,
    field: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, Error> {
    let items = document.get(field).and_then(Value::as_array);
    let items = items.ok_or_else(|| damaged(field))?;
    let read = items.iter().map(read);
    read.collect::<Option<_>>().ok_or_else(|| damaged(field))
}

pub(super) fn texts(document: &Value, field: &str) -> Result<Vec<String>, Error> {
    list(document, field, |item| item.as_str().map(str::to_owned))
}

pub(super) fn groups(document: &Value, field: &str) -> Result<Vec<GroupId>, Error> {
    list(document, field, |item| {
        item.as_str().map(|id| GroupId(id.to_owned()))
    })
}

/// A list of words, each of which is a value.
pub(super) fn words<T: FromStr>(document: &Value, field: &str) -> Result<Vec<T>, Error> {
    list(document, field, |item| item.as_str()?.parse().ok())
}

pub(super) fn permissions(document: &Value, field: &str) -> Result<Permissions, Error> {
    let each = list(document, field, |item| Permissions::of_word(item.as_str()?))?;
    Ok(each.into_iter().fold(Permissions::NONE, Permissions::and))
}

pub(super) fn of_scope(scope: &Scope) -> Value {
    json!({
        "all_users": scope.all_users,
        "all_devices": scope.all_devices,
        "users": of_groups(&scope.users),
        "devices": of_groups(&scope.devices),
    })
}

pub(super) fn scope(document: &Value) -> Result<Scope, Error> {
    let scope = document.get("scope").ok_or_else(|| damaged("scope"))?;
    Ok(Scope {
        all_users: flag(scope, "all_users")?,
        all_devices: flag(scope, "all_devices")?,
        users: groups(scope, "users")?,
        devices: groups(scope, "devices")?,
    })
}

pub(super) fn of_groups(groups: &[GroupId]) -> Vec<&str> {
    groups.iter().map(|group| group.0.as_str()).collect()
}

pub(super) fn of_settings(settings: Settings) -> Value {
    json!({
        "enabled": settings.enabled,
        "allow_unenrolled": settings.allow_unenrolled,
        "chat": settings.chat,
        "require_reason": settings.require_reason,
        "require_incident": settings.require_incident,
        "scripted_consent": settings.scripted_consent,
    })
}

/// A switch that an older version did not know is that of a new tenant.
pub(super) fn settings(document: &Value) -> Result<Settings, Error> {
    let switches = document.as_object().ok_or_else(|| damaged("settings"))?;
    let or = |field, default| match switches.get(field) {
        None => Ok(default),
        Some(value) => value.as_bool().ok_or_else(|| damaged(field)),
    };
    let new = Settings::default();
    Ok(Settings {
        enabled: or("enabled", new.enabled)?,
        allow_unenrolled: or("allow_unenrolled", new.allow_unenrolled)?,
        chat: or("chat", new.chat)?,
        require_reason: or("require_reason", new.require_reason)?,
        require_incident: or("require_incident", new.require_incident)?,
        scripted_consent: or("scripted_consent", new.scripted_consent)?,
    })
}

pub(super) fn of_moment(moment: Moment) -> &'static str {
    match moment {
        Moment::SignIn => "sign-in",
        Moment::Create => "create",
        Moment::Join => "join",
        Moment::Renew => "renew",
    }
}

pub(super) fn moment(word: &str) -> Option<Moment> {
    let all = [Moment::SignIn, Moment::Create, Moment::Join, Moment::Renew];
    all.into_iter().find(|one| of_moment(*one) == word)
}

/// A length of time in whole seconds, or none.
pub(super) fn seconds(document: &Value, field: &str) -> Result<Option<Duration>, Error> {
    match document.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let seconds = value.as_u64().ok_or_else(|| damaged(field))?;
            Ok(Some(Duration::from_secs(seconds)))
        }
    }
}
