//! The helpers of a session: who they are, what each may do, and where each points.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::event::{Area, Card, Spot};
use crate::session::Level;

/// One helper, as this program's child verified it.
#[derive(Debug)]
pub struct Helper {
    /// Who it is.
    pub card: Card,
    /// What stands; `None` before the first level.
    pub level: Option<Level>,
    /// When control may be allowed.
    pub control_from: Duration,
    /// Whether the connection of this one was lost, and is waited for.
    pub is_away: bool,
    spot: Option<Spot>,
    /// The part of the desktop that this one is shown.
    area: Option<Area>,
}

/// Everybody who helps, by the number of the pair.
#[derive(Debug, Default)]
pub struct Helpers(BTreeMap<u8, Helper>);

impl Helpers {
    /// The connection of a helper was lost, or is back.
    pub fn set_away(&mut self, pair: u8, is_away: bool) {
        if let Some(helper) = self.0.get_mut(&pair) {
            helper.is_away = is_away;
        }
    }

    /// The child shows who came.
    pub fn add(&mut self, card: Card, now: Duration) {
        let helper = Helper {
            level: None,
            control_from: now + Duration::from_secs(card.pause),
            is_away: false,
            spot: None,
            area: None,
            card,
        };
        self.0.insert(helper.card.pair, helper);
    }

    /// A helper is gone.
    pub fn remove(&mut self, pair: u8) -> Option<Helper> {
        self.0.remove(&pair)
    }

    /// The helper with this number.
    pub fn get(&self, pair: u8) -> Option<&Helper> {
        self.0.get(&pair)
    }

    /// Everybody, the one who came first before the others.
    pub fn all(&self) -> impl Iterator<Item = &Helper> {
        self.0.values()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// A level stands for a helper.
    pub fn grant(&mut self, pair: u8, level: Level) {
        if let Some(helper) = self.0.get_mut(&pair) {
            helper.level = Some(level);
        }
    }

    /// A helper points at something, or stops.
    pub fn point(&mut self, spot: Spot) {
        if let Some(helper) = self.0.get_mut(&spot.pair) {
            helper.spot = spot.on.then_some(spot);
        }
    }

    /// A helper is shown this part of the desktop.
    pub fn show(&mut self, pair: u8, area: Area) {
        if let Some(helper) = self.0.get_mut(&pair) {
            helper.area = Some(area);
        }
    }

    /// The part of the desktop that is shown to anybody.
    pub fn area(&self) -> Option<Area> {
        let areas = self.all().filter_map(|helper| helper.area);
        areas.reduce(Area::with)
    }

    /// Where helpers point on the desktop.
    pub fn spots(&self) -> impl Iterator<Item = Spot> {
        self.all().filter_map(|helper| {
            let (spot, area) = (helper.spot.as_ref()?, helper.area?);
            Some(Spot {
                x: area.x.saturating_add(spot.x),
                y: area.y.saturating_add(spot.y),
                ..spot.clone()
            })
        })
    }

    /// The highest level that stands.
    pub fn level(&self) -> Option<Level> {
        self.all().filter_map(|helper| helper.level).max()
    }

    /// Who uses mouse and keyboard: one helper at most (SPEC 6.9).
    pub fn controller(&self) -> Option<&Helper> {
        self.all()
            .find(|helper| helper.level == Some(Level::Control))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(pair: u8, name: &str) -> Card {
        Card {
            pair,
            name: name.to_owned(),
            ..Card::default()
        }
    }

    fn area(x: i32, width: u32) -> Area {
        Area {
            x,
            width,
            height: 720,
            y: 0,
        }
    }

    #[test]
    fn levels_and_places_are_of_each_helper() {
        let mut helpers = Helpers::default();
        helpers.add(card(1, "Ben"), Duration::ZERO);
        helpers.add(card(0, "Amina"), Duration::ZERO);
        helpers.grant(0, Level::View);
        assert_eq!(helpers.level(), Some(Level::View));
        assert!(helpers.controller().is_none());
        helpers.grant(1, Level::Control);
        helpers.grant(7, Level::Control);
        assert_eq!(helpers.controller().unwrap().card.name, "Ben");
        let names: Vec<_> = helpers.all().map(|helper| &helper.card.name).collect();
        assert_eq!(names, ["Amina", "Ben"]);
        for pair in [0, 1, 7] {
            let (on, x) = (true, 5);
            helpers.point(Spot {
                pair,
                on,
                x,
                ..Spot::default()
            });
        }
        helpers.point(Spot::default());
        assert_eq!(helpers.spots().count(), 0, "nobody is shown anything");
        let (left, right) = (area(0, 800), area(800, 480));
        helpers.show(1, right);
        let places: Vec<_> = helpers.spots().map(|spot| (spot.pair, spot.x)).collect();
        assert_eq!(places, [(1, 805)], "each counts from its own corner");
        assert_eq!(helpers.area(), Some(right));
        helpers.show(0, left);
        assert_eq!(helpers.area(), Some(area(0, 1280)));
        helpers.remove(1);
        assert_eq!((helpers.count(), helpers.level()), (1, Some(Level::View)));
    }
}
