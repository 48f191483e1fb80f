//! Which assignments a decision has to look at, found without walking over all of them.

use std::collections::HashMap;

use crate::{Assignment, GroupId, Machine, Permissions, PersonId, Subject};

/// Assignments by whom they are given to and by whom they are about. An assignment is its place in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Index {
    /// What each assignment allows, with everything implied.
    allows: Vec<Permissions>,
    held_by_group: HashMap<GroupId, Vec<usize>>,
    held_by_person: HashMap<PersonId, Vec<usize>>,
    about_everybody: Places,
    about_every_device: Places,
    about_users: HashMap<GroupId, Vec<usize>>,
    about_devices: HashMap<GroupId, Vec<usize>>,
}

/// A set of places: one bit each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Places(Vec<u64>);

impl Index {
    /// The index of these assignments.
    pub(crate) fn new(assignments: &[Assignment]) -> Self {
        let mut index = Self::default();
        for (place, one) in assignments.iter().enumerate() {
            index.allows.push(one.permissions.implied());
            for group in &one.groups {
                note(&mut index.held_by_group, group, place);
            }
            for person in &one.people {
                note(&mut index.held_by_person, person, place);
            }
            if one.scope.all_users {
                index.about_everybody.insert(place);
            }
            if one.scope.all_devices {
                index.about_every_device.insert(place);
            }
            for group in &one.scope.users {
                note(&mut index.about_users, group, place);
            }
            for group in &one.scope.devices {
                note(&mut index.about_devices, group, place);
            }
        }
        index
    }

    /// What the person's assignments allow together, whoever it is about.
    pub(crate) fn held(&self, person: &Subject) -> Permissions {
        self.unite(self.places(person))
    }

    /// What those of the person's assignments allow together that cover this sharer or this machine (PRODUCT 2.5).
    pub(crate) fn effective(
        &self,
        helper: &Subject,
        sharer: &Subject,
        machine: &Machine,
    ) -> Permissions {
        let covering = self.covering(sharer, machine);
        self.unite(self.places(helper).filter(|place| covering.contain(*place)))
    }

    fn places(&self, person: &Subject) -> impl Iterator<Item = usize> {
        let groups = person.groups.iter();
        let through_groups = groups.filter_map(|group| self.held_by_group.get(group));
        let alone = self.held_by_person.get(&person.id);
        through_groups.chain(alone).flatten().copied()
    }

    /// [`crate::Scope::covers`], for all assignments at once.
    fn covering(&self, sharer: &Subject, machine: &Machine) -> Places {
        let mut places = self.about_everybody.clone();
        for group in &sharer.groups {
            places.insert_all(self.about_users.get(group));
        }
        if let Machine::Enrolled { groups, .. } = machine {
            places.unite(&self.about_every_device);
            for group in groups {
                places.insert_all(self.about_devices.get(group));
            }
        }
        places
    }

    fn unite(&self, places: impl Iterator<Item = usize>) -> Permissions {
        let mut all = Permissions::NONE;
        for place in places {
            all = all.and(self.allows.get(place).copied().unwrap_or_default());
            if all == Permissions::ALL {
                break;
            }
        }
        all
    }
}

impl Places {
    fn insert(&mut self, place: usize) {
        let word = place / WORD;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << (place % WORD);
        }
    }

    fn insert_all(&mut self, places: Option<&Vec<usize>>) {
        for place in places.into_iter().flatten() {
            self.insert(*place);
        }
    }

    fn unite(&mut self, others: &Self) {
        if self.0.len() < others.0.len() {
            self.0.resize(others.0.len(), 0);
        }
        for (word, other) in self.0.iter_mut().zip(&others.0) {
            *word |= other;
        }
    }

    fn contain(&self, place: usize) -> bool {
        let word = self.0.get(place / WORD).copied().unwrap_or_default();
        word & (1 << (place % WORD)) != 0
    }
}

fn note<K: Clone + Eq + std::hash::Hash>(map: &mut HashMap<K, Vec<usize>>, key: &K, place: usize) {
    map.entry(key.clone()).or_default().push(place);
}

/// Bits of one word of [`Places`].
const WORD: usize = 64;
