//! PATCH (RFC 7644 section 3.5.2), done on the JSON of a resource, as strict as providers allow.

use serde_json::{Map, Value, json};

use super::failure::Failure;

/// Attributes in the spelling of RFC 7643; requests may spell them in any letter case.
const NAMES: [&str; 17] = [
    "userName",
    "externalId",
    "displayName",
    "active",
    "title",
    "name",
    "givenName",
    "familyName",
    "formatted",
    "emails",
    "members",
    "value",
    "type",
    "primary",
    "id",
    "organization",
    "schemas",
];
/// Schemas whose attributes may be named in full.
const SCHEMAS: [&str; 3] = [
    "urn:ietf:params:scim:schemas:core:2.0:User:",
    "urn:ietf:params:scim:schemas:core:2.0:Group:",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:",
];

/// An attribute's name without that of its schema.
pub(super) fn without_schema(name: &str) -> &str {
    let mut schemas = SCHEMAS.iter();
    let stripped = schemas.find_map(|schema| {
        let head = name.get(..schema.len())?;
        head.eq_ignore_ascii_case(schema)
            .then(|| name.get(schema.len()..).unwrap_or_default())
    });
    stripped.unwrap_or(name)
}

/// JSON with every known attribute in its own spelling.
pub(super) fn canonical(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let spelled = map.into_iter();
            Value::Object(
                spelled
                    .map(|(name, value)| (spelling(&name), canonical(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(canonical).collect()),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}

fn spelling(name: &str) -> String {
    let bare = without_schema(name);
    let mut known = NAMES.iter();
    let found = known.find(|one| one.eq_ignore_ascii_case(bare));
    found.map_or_else(|| name.to_owned(), |one| (*one).to_owned())
}

/// Where an operation is done.
struct Path {
    name: String,
    /// `[value eq "..."]`: which items of a list.
    item: Option<(String, Value)>,
    part: Option<String>,
}

/// Does all operations of a request, in order.
///
/// # Errors
/// `invalidSyntax`, `invalidPath` or `invalidValue`; then nothing was done to what is kept.
pub(super) fn apply(resource: &mut Value, request: &Value) -> Result<(), Failure> {
    let mut fields = request.as_object().into_iter().flatten();
    let operations = fields.find(|(name, _)| name.eq_ignore_ascii_case("Operations"));
    let operations = operations.and_then(|(_, all)| all.as_array());
    let operations = operations.filter(|all| !all.is_empty() && all.len() <= MOST);
    let operations = operations
        .ok_or_else(|| Failure::bad("invalidSyntax", "`Operations` has 1 to 1000 operations"))?;
    operations.iter().try_for_each(|one| operate(resource, one))
}

fn operate(resource: &mut Value, operation: &Value) -> Result<(), Failure> {
    let field = |wanted: &str| {
        let mut fields = operation.as_object().into_iter().flatten();
        let found = fields.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value)
    };
    let op = field("op").and_then(Value::as_str).unwrap_or_default();
    let op = op.to_ascii_lowercase();
    if !["add", "replace", "remove"].contains(&op.as_str()) {
        return Err(Failure::bad(
            "invalidSyntax",
            "`op` is add, replace or remove",
        ));
    }
    let value = field("value").cloned().map(canonical);
    match field("path").filter(|path| !path.is_null()) {
        Some(path) => {
            let path = read_path(path.as_str().unwrap_or_default())?;
            at(resource, &op, &path, value)
        }
        None => {
            let Some(Value::Object(fields)) = value.filter(|_| op != "remove") else {
                return Err(Failure::bad(
                    "noTarget",
                    "an operation without a path needs an object",
                ));
            };
            // Entra ID writes paths where names of attributes belong.
            fields.into_iter().try_for_each(|(name, value)| {
                let path = read_path(&name)?;
                at(resource, &op, &path, Some(value))
            })
        }
    }
}

fn read_path(text: &str) -> Result<Path, Failure> {
    let invalid = || {
        Failure::bad(
            "invalidPath",
            "a path is an attribute, attribute.part or attribute[value eq \"...\"]",
        )
    };
    let text = without_schema(text.trim());
    if text.is_empty() || text.len() > 1024 {
        return Err(invalid());
    }
    let Some((name, behind)) = text.split_once('[') else {
        let (name, part) = match text.split_once('.') {
            Some((name, part)) => (name, Some(spelling(part))),
            None => (text, None),
        };
        let name = spelling(name);
        return Ok(Path {
            name,
            item: None,
            part,
        });
    };
    let (filter, part) = behind.rsplit_once(']').ok_or_else(invalid)?;
    let mut words = filter.trim().splitn(3, ' ');
    let (Some(of), Some(eq), Some(value)) = (words.next(), words.next(), words.next()) else {
        return Err(invalid());
    };
    if !eq.eq_ignore_ascii_case("eq") {
        return Err(invalid());
    }
    let value = serde_json::from_str(value).map_err(|_| invalid())?;
    let part = match part.strip_prefix('.') {
        Some(part) => Some(spelling(part)),
        None if part.is_empty() => None,
        None => return Err(invalid()),
    };
    Ok(Path {
        name: spelling(name),
        item: Some((spelling(of), value)),
        part,
    })
}

fn at(resource: &mut Value, op: &str, path: &Path, value: Option<Value>) -> Result<(), Failure> {
    let Some(fields) = resource.as_object_mut() else {
        return Err(Failure::bad("invalidSyntax", "not a resource"));
    };
    if ["id", "schemas", "meta"].contains(&path.name.as_str()) {
        return Err(Failure::bad(
            "mutability",
            format!("{} cannot be changed", path.name),
        ));
    }
    if op == "remove" {
        return remove(fields, path, value);
    }
    let value = value.ok_or_else(|| Failure::bad("invalidValue", "a value is missing"))?;
    match (&path.item, &path.part) {
        (Some((of, wanted)), part) => {
            let list = fields.entry(&path.name).or_insert_with(|| json!([]));
            let list = list.as_array_mut().ok_or_else(not_a_list)?;
            let found = list.iter_mut().find(|item| item.get(of) == Some(wanted));
            let new = match (part, value) {
                (Some(part), value) => Map::from_iter([(part.clone(), value)]),
                (None, Value::Object(new)) => new,
                (None, _) => return Err(not_a_list()),
            };
            match found.and_then(Value::as_object_mut) {
                Some(item) => item.extend(new),
                None => {
                    let mut item = Map::from_iter([(of.clone(), wanted.clone())]);
                    item.extend(new);
                    list.push(Value::Object(item));
                }
            }
        }
        (None, Some(part)) => {
            let whole = fields.entry(&path.name).or_insert_with(|| json!({}));
            let whole = whole.as_object_mut();
            let whole =
                whole.ok_or_else(|| Failure::bad("invalidPath", "the attribute has no parts"))?;
            whole.insert(part.clone(), value);
        }
        (None, None) => match (op, fields.get_mut(&path.name), value) {
            ("add", Some(Value::Array(list)), value) => {
                let new = as_list(value);
                for one in new {
                    if !list.contains(&one) {
                        list.push(one);
                    }
                }
            }
            (_, Some(Value::Object(whole)), Value::Object(new)) => whole.extend(new),
            (_, _, value) => {
                fields.insert(path.name.clone(), value);
            }
        },
    }
    Ok(())
}

fn remove(
    fields: &mut Map<String, Value>,
    path: &Path,
    value: Option<Value>,
) -> Result<(), Failure> {
    match (&path.item, &path.part) {
        (Some((of, wanted)), None) => {
            if let Some(Value::Array(list)) = fields.get_mut(&path.name) {
                list.retain(|item| item.get(of) != Some(wanted));
            }
        }
        (Some((of, wanted)), Some(part)) => {
            let list = fields.get_mut(&path.name).and_then(Value::as_array_mut);
            let items = list.into_iter().flatten();
            for item in items.filter(|item| item.get(of) == Some(wanted)) {
                if let Some(item) = item.as_object_mut() {
                    item.remove(part);
                }
            }
        }
        (None, Some(part)) => {
            if let Some(Value::Object(whole)) = fields.get_mut(&path.name) {
                whole.remove(part);
            }
        }
        // Entra ID names the members to be removed in the value.
        (None, None) => match (fields.get_mut(&path.name), value) {
            (Some(Value::Array(list)), Some(gone)) => {
                let gone = as_list(gone);
                let names =
                    |item: &Value| gone.iter().any(|one| one.get("value") == item.get("value"));
                list.retain(|item| !names(item));
            }
            _ => {
                fields.remove(&path.name);
            }
        },
    }
    Ok(())
}

fn as_list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list,
        one @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Object(_)) => {
            vec![one]
        }
    }
}

fn not_a_list() -> Failure {
    Failure::bad("invalidPath", "the attribute is no list of objects")
}

/// Operations in one request.
const MOST: usize = 1000;

#[cfg(test)]
mod unit {
    use super::*;

    fn patched(mut resource: Value, operations: Value) -> Result<Value, Option<&'static str>> {
        let request = json!({ "Operations": operations });
        apply(&mut resource, &request).map_err(|failure| failure.kind)?;
        Ok(resource)
    }

    #[test]
    fn entra_and_okta_are_understood() {
        let person = json!({"userName": "a", "active": true, "name": {"givenName": "A"}});
        let off = json!([{"op": "Replace", "path": "active", "value": "False"}]);
        assert_eq!(patched(person.clone(), off).unwrap()["active"], "False");
        let okta = json!([{"op": "replace", "value": {"active": false, "NAME.familyname": "B"}}]);
        let told = patched(person.clone(), okta).unwrap();
        assert_eq!(told["name"], json!({"givenName": "A", "familyName": "B"}));
        let mail = json!([{"op": "add", "path": "emails[type eq \"work\"].value", "value": "a@x"}]);
        let told = patched(person, mail).unwrap();
        assert_eq!(told["emails"], json!([{"type": "work", "value": "a@x"}]));
    }

    #[test]
    fn members_come_and_go() {
        let group = json!({"displayName": "g", "members": [{"value": "1"}]});
        let add =
            json!([{"op": "Add", "path": "members", "value": [{"value": "1"}, {"value": "2"}]}]);
        let both = patched(group, add).unwrap();
        assert_eq!(both["members"], json!([{"value": "1"}, {"value": "2"}]));
        for gone in [
            json!([{"op": "remove", "path": "members[value eq \"1\"]"}]),
            json!([{"op": "Remove", "path": "members", "value": [{"value": "1"}]}]),
        ] {
            let told = patched(both.clone(), gone).unwrap();
            assert_eq!(told["members"], json!([{"value": "2"}]));
        }
        let all = json!([{"op": "remove", "path": "members"}]);
        assert_eq!(patched(both, all).unwrap().get("members"), None);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let group = json!({"displayName": "g"});
        for (operations, kind) in [
            (json!([]), "invalidSyntax"),
            (json!([{"op": "move", "path": "a"}]), "invalidSyntax"),
            (
                json!([{"op": "add", "path": "members[value co \"1\"]", "value": {}}]),
                "invalidPath",
            ),
            (
                json!([{"op": "replace", "path": "id", "value": "1"}]),
                "mutability",
            ),
            (json!([{"op": "remove"}]), "noTarget"),
            (
                json!([{"op": "add", "path": "displayName"}]),
                "invalidValue",
            ),
        ] {
            let refused = patched(group.clone(), operations).unwrap_err();
            assert_eq!(refused, Some(kind));
        }
    }
}
