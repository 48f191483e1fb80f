//! The people of an organisation as candidates for an invitation (SPEC 6.9).

use policy::PersonId;
use relay_core::{Person, SignIn};
use relay_store::{Directory, Entry, Error};
use wire::Details;

use crate::authority::Authority;

impl Authority {
    /// People of this one's organisation whose name, user name or e-mail address begins like that, by name; at most [`CANDIDATES`].
    /// Whether they could help, the broker decides.
    pub(crate) async fn colleagues(&self, of: &Person, search: &str) -> Result<Vec<Person>, Error> {
        let listed = self
            .store()
            .people(&of.tenant, search, None, CANDIDATES)
            .await?;
        let mut people = vec![];
        for entry in listed.items {
            people.extend(self.candidate(of, entry).await?);
        }
        Ok(people)
    }

    /// The person of this one's organisation with that subject, if there is one and the account may be used.
    pub(crate) async fn colleague(
        &self,
        of: &Person,
        subject: PersonId,
    ) -> Result<Option<Person>, Error> {
        match self.store().person(&of.tenant, &subject).await? {
            Some(entry) => self.candidate(of, entry).await,
            None => Ok(None),
        }
    }

    async fn candidate(&self, of: &Person, entry: Entry) -> Result<Option<Person>, Error> {
        if !entry.active {
            return Ok(None);
        }
        let groups = self.store().groups_of(&of.tenant, &entry.id).await?;
        let title = Some(entry.title).filter(|title| !title.is_empty());
        Ok(Some(Person {
            id: entry.id,
            name: entry.name,
            issuer: of.issuer.clone(),
            tenant: of.tenant.clone(),
            groups,
            details: Details {
                title,
                ..Details::default()
            },
            sign_in: SignIn::default(),
        }))
    }
}

/// People that are looked through for one answer: more than a message names, because not everybody could help.
const CANDIDATES: usize = 200;
