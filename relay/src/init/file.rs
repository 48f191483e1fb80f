//! The text of the configuration file.

use std::path::Path;

use super::{KEYS, Plan, SELF_SIGNED, SELF_SIGNED_KEY, Tls};

/// The configuration, for data in this folder.
pub(super) fn text(plan: &Plan, data: &Path) -> String {
    let path = |path: &Path| quoted(&path.display().to_string());
    let (certificate, key) = match &plan.tls {
        Tls::Files(certificate, key) => (path(certificate), path(key)),
        Tls::SelfSigned => (
            path(&data.join(SELF_SIGNED)),
            path(&data.join(SELF_SIGNED_KEY)),
        ),
    };
    let tid = plan.tenant.is_some();
    let ca = plan.issuer_ca.as_deref();
    let ca = ca.map_or_else(
        || "# ca = \"ca.pem\"  # its authority, if the system does not know it".to_owned(),
        |ca| format!("ca = {}", path(ca)),
    );
    let tid = if tid {
        "tid = true  # its tokens name the organisation in the claim `tid`"
    } else {
        "tid = false  # it signs one organisation in; its tokens need no `tid`"
    };
    let (enabled, assignment) = assignment(plan);
    format!(
        "# The relay of {name}. `handrail-relay doctor` says what is wrong and what to do; the README names every key.\n\
         address = {address}  # where people find it\n\
         listen = {listen}  # TCP, and UDP for QUIC\n\
         database = {database}\n\
         keys = {keys}  # of the relay; the organisation's own key is not needed here\n\
         \n\
         [tls]\n\
         certificate = {certificate}\n\
         key = {key}\n\
         \n\
         [provider]\n\
         issuer = {issuer}  # exactly as its tokens spell it\n\
         {ca}\n\
         {tid}\n\
         \n\
         # After a change of this part run `handrail-relay keys` with the organisation's key: clients believe what it signs.\n\
         [[tenant]]\n\
         id = {id}\n\
         name = {quoted_name}\n\
         domain = {domain}\n\
         enabled = {enabled}  # remote help is on; counts at the first start, afterwards the setting does\n\
         allow_unenrolled = {unenrolled}  # whether devices that are not enrolled may be helped; also for the first start\n\
         scripted_consent = false  # a program may not consent in a person's place\n\
         \n\
         {assignment}",
        name = plan.name.replace(char::is_control, " "),
        address = quoted(&plan.address.to_string()),
        listen = quoted(&plan.listen.to_string()),
        database = path(&data.join("handrail.db")),
        keys = path(&data.join(KEYS)),
        issuer = quoted(&plan.issuer),
        id = quoted(plan.tenant.as_deref().unwrap_or(&plan.domain)),
        quoted_name = quoted(&plan.name),
        domain = quoted(&plan.domain),
        unenrolled = plan.allow_unenrolled,
    )
}

/// Whether remote help is on, and who helps.
fn assignment(plan: &Plan) -> (bool, String) {
    match &plan.helpers {
        Some(group) => (
            true,
            format!(
                "[[tenant.assignment]]\n\
                 name = \"service desk\"\n\
                 role = \"helpdesk-operator\"\n\
                 helpers = [{}]  # groups as the provider's tokens name them; they may help everybody\n",
                quoted(group)
            ),
        ),
        None => (
            false,
            "# Who may help whom; more of it belongs into the console.\n\
             # [[tenant.assignment]]\n\
             # name = \"service desk\"\n\
             # role = \"helpdesk-operator\"\n\
             # helpers = [\"helpdesk\"]  # groups as the provider's tokens name them\n"
                .to_owned(),
        ),
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
