//! Rows of a window that change a little from look to look.

use slint::{Model as _, ModelRc, VecModel};

/// Gives the window what is new. A model that stays keeps its rows, and the keyboard in them; `show` is called for another number of rows.
pub fn keep<T: Clone + PartialEq + 'static>(
    shown: &ModelRc<T>,
    wanted: Vec<T>,
    show: impl FnOnce(ModelRc<T>),
) {
    if shown.row_count() != wanted.len() {
        return show(ModelRc::new(VecModel::from(wanted)));
    }
    for (row, value) in wanted.into_iter().enumerate() {
        if shown.row_data(row).as_ref() != Some(&value) {
            shown.set_row_data(row, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_stays_while_its_rows_are_as_many() {
        let shown = ModelRc::new(VecModel::from(vec![1, 2]));
        keep(&shown, vec![1, 3], |_| panic!("it stays"));
        assert_eq!(shown.row_data(1), Some(3));
        let mut other = None;
        keep(&shown, vec![1], |model| other = Some(model));
        assert_eq!(other.unwrap().row_count(), 1);
    }
}
