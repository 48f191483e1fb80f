//! The sharer's signature under a consent: without it nothing is granted (SPEC 6.6).

use identity::{ConsentText, PublicKey, Signature};
use policy::Reply;
use wire::{Fault, Signed, Ui};

use crate::effect::Entry;
use crate::input::Person;
use crate::pair::{Paired, Place};

/// What a consent has to be about.
pub(crate) struct About<'a> {
    pub(crate) place: Place,
    pub(crate) helper: &'a Person,
    pub(crate) paired: &'a Paired,
    /// A question is open: the answer has to be a person's, unless the organisation takes a program's.
    pub(crate) asked: bool,
    /// The organisation takes a program's answer.
    pub(crate) scripted: bool,
}

/// The entry for the record, if the reply is signed by the sharer whom both ends named, for this helper and this level.
pub(crate) fn check(about: &About<'_>, reply: &Reply, signed: &Signed) -> Result<Entry, Fault> {
    if about.asked && signed.ui == Ui::Unattended && !about.scripted {
        return Err(Fault::ScriptedConsent);
    }
    let helper = about.helper;
    if (&signed.issuer, &signed.subject) != (&helper.issuer, &helper.id.0) {
        return Err(Fault::PeerDiffers);
    }
    let signature: Signature = signed.signature.parse().map_err(|_| Fault::SecurityCheck)?;
    let shook = &about.paired.shook;
    let key = PublicKey(shook.sharer_key.0);
    let text = ConsentText {
        session: about.place.session,
        tenant: helper.tenant.0.clone(),
        pair: about.place.pair,
        level: reply.level,
        generation: reply.generation,
        hash: reply.hash,
        helper_key: shook.helper_key.0,
        issuer: signed.issuer.clone(),
        subject: signed.subject.clone(),
        shown: signed.shown.0,
        at: signed.at,
        ui: signed.ui,
    };
    if !text.is_signed(&key, &signature) {
        return Err(Fault::SecurityCheck);
    }
    Ok(Entry::Consent {
        text: Box::new(text),
        signature,
        key,
    })
}
