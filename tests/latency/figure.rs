//! One measured figure beside its goal, and a group of them.

pub(crate) use ::tests::load::percentile;
use serde::Serialize;
use serde_json::Value;

/// What was measured.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// The largest value that DESIGN.md section 7 allows; none for figures that only stand beside others.
    pub(crate) goal: Option<f64>,
    pub(crate) met: Option<bool>,
}

/// Figures of one kind of measurement.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) figures: Vec<Figure>,
    /// What a reader must know to judge the figures: what was shortened, left out, or could not be done.
    pub(crate) remarks: Vec<String>,
    /// All measured values, for whoever wants to compute something else.
    pub(crate) raw: Value,
}

impl Group {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            figures: vec![],
            remarks: vec![],
            raw: Value::Null,
        }
    }

    /// Adds a figure that has a goal.
    pub(crate) fn judge(&mut self, name: &str, value: f64, unit: &'static str, goal: f64) {
        self.figures.push(Figure {
            name: name.to_owned(),
            value,
            unit,
            goal: Some(goal),
            met: Some(value <= goal),
        });
    }

    /// Adds a figure that has none.
    pub(crate) fn note(&mut self, name: &str, value: f64, unit: &'static str) {
        self.figures.push(Figure {
            name: name.to_owned(),
            value,
            unit,
            goal: None,
            met: None,
        });
    }

    /// Says something about the figures, at once and in the report.
    pub(crate) fn remark(&mut self, text: impl Into<String>) {
        let text = text.into();
        println!("  {}: {text}", self.name);
        self.remarks.push(text);
    }
}

/// The value in the middle; 0 of none.
pub(crate) fn median(values: &[f64]) -> f64 {
    percentile(values, 50)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_value_that_was_measured() {
        let values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(percentile(&values, 50), 50.0);
        assert_eq!(percentile(&values, 95), 95.0);
        assert_eq!(percentile(&values, 100), 100.0);
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[]), 0.0);
    }

    #[test]
    fn a_goal_is_met_up_to_its_value() {
        let mut group = Group::new("x");
        group.judge("at", 2.0, "ms", 2.0);
        group.judge("above", 2.1, "ms", 2.0);
        group.note("beside", 9.0, "ms");
        let met: Vec<_> = group.figures.iter().map(|figure| figure.met).collect();
        assert_eq!(met, [Some(true), Some(false), None]);
    }
}
