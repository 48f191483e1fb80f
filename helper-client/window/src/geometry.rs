//! Where the picture stands in its pane: fitted or pixel for pixel. All numbers are physical pixels.

/// The pane, the picture, and how the one is shown in the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Geometry {
    /// Size of the picture.
    pub picture: (u32, u32),
    /// Size of the pane.
    pub pane: (u32, u32),
    /// Whether one pixel of the picture is one of the pane; else all of the picture is seen.
    pub exact: bool,
}

impl Geometry {
    /// The size at which the picture is shown.
    pub fn shown(&self) -> (u32, u32) {
        let (width, height) = self.picture;
        let (wide, high) = self.pane;
        if self.exact || width == 0 || height == 0 {
            return self.picture;
        }
        // Whether the pane is wider than the picture, in its form.
        if u64::from(wide) * u64::from(height) >= u64::from(high) * u64::from(width) {
            (part(width, high, height), high)
        } else {
            (wide, part(height, wide, width))
        }
    }

    /// The pixel of the picture that is shown here, counted from the upper left of what is shown. Outside it is the nearest.
    pub fn pixel(&self, x: i32, y: i32) -> (u16, u16) {
        let (width, height) = self.shown();
        let place = |at: i32, shown: u32, picture: u32| {
            let at = u32::try_from(at).unwrap_or(0).min(shown.saturating_sub(1));
            let at = part(at, picture, shown).min(picture.saturating_sub(1));
            u16::try_from(at).unwrap_or(u16::MAX)
        };
        let (wide, high) = self.picture;
        (place(x, width, wide), place(y, height, high))
    }

    /// Where a pixel of the picture is shown, counted from the upper left of what is shown.
    pub fn place(&self, x: i32, y: i32) -> (i32, i32) {
        let (width, height) = self.shown();
        let place = |at: i32, shown: u32, picture: u32| {
            let at = i64::from(at) * i64::from(shown) / i64::from(picture.max(1));
            i32::try_from(at).unwrap_or(i32::MAX)
        };
        let (wide, high) = self.picture;
        (place(x, width, wide), place(y, height, high))
    }
}

/// `value * above / below`, at least 0 and without overflow.
fn part(value: u32, above: u32, below: u32) -> u32 {
    let part = u64::from(value) * u64::from(above) / u64::from(below.max(1));
    u32::try_from(part).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(picture: (u32, u32), pane: (u32, u32)) -> Geometry {
        Geometry {
            picture,
            pane,
            exact: false,
        }
    }

    #[test]
    fn a_fitted_picture_keeps_its_form_and_stays_inside() {
        assert_eq!(fitted((1920, 1080), (1280, 720)).shown(), (1280, 720));
        assert_eq!(fitted((1920, 1080), (1280, 600)).shown(), (1066, 600));
        assert_eq!(fitted((1920, 1080), (960, 720)).shown(), (960, 540));
        assert_eq!(fitted((100, 50), (400, 400)).shown(), (400, 200));
        assert_eq!(fitted((0, 0), (400, 400)).shown(), (0, 0));
    }

    #[test]
    fn an_exact_picture_has_its_own_size() {
        let exact = Geometry {
            exact: true,
            ..fitted((1920, 1080), (800, 600))
        };
        assert_eq!(exact.shown(), (1920, 1080));
        assert_eq!(exact.pixel(1234, 567), (1234, 567));
        assert_eq!(exact.place(1234, 567), (1234, 567));
    }

    #[test]
    fn places_lead_to_pixels_and_never_out_of_the_picture() {
        let half = fitted((1920, 1080), (960, 540));
        assert_eq!(half.pixel(480, 270), (960, 540));
        assert_eq!(half.pixel(-5, 9999), (0, 1078));
        assert_eq!(half.place(960, 540), (480, 270));
        assert_eq!(Geometry::default().pixel(5, 5), (0, 0));
    }
}
