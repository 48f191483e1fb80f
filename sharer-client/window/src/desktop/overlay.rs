//! The frame round what is shared, and the pointers of the helpers: windows that no press ever reaches.

use std::collections::BTreeMap;

use x11rb::connection::Connection as _;
use x11rb::protocol::shape::{ConnectionExt as _, SK, SO};
use x11rb::protocol::xproto::{
    ChangeWindowAttributesAux, ClipOrdering, ConfigureWindowAux, ConnectionExt as _,
    CreateWindowAux, Rectangle, StackMode, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;

use super::Error;
use crate::event::{Area, Spot};

/// Frame and pointers. They go with this value.
pub struct Overlay {
    connection: RustConnection,
    root: Window,
    sides: Vec<Window>,
    framed: Option<(Area, u32)>,
    /// By the number of the pair.
    dots: BTreeMap<u8, Dot>,
}

struct Dot {
    outside: Window,
    inside: Window,
}

impl Overlay {
    /// Connects to the display of the environment; nothing is shown yet.
    pub fn connect() -> Result<Self, Error> {
        let (connection, screen) = RustConnection::connect(None)?;
        let roots = &connection.setup().roots;
        let root = roots.get(screen).map_or(0, |screen| screen.root);
        Ok(Self {
            connection,
            root,
            sides: vec![],
            framed: None,
            dots: BTreeMap::new(),
        })
    }

    /// Draws the frame inside the edges of `area`, in `colour` (0xrrggbb).
    pub fn frame(&mut self, area: Area, colour: u32) -> Result<(), Error> {
        if self.framed == Some((area, colour)) {
            return Ok(());
        }
        self.remove_frame()?;
        for side in sides(area) {
            let window = self.create(side, colour)?;
            self.sides.push(window);
            self.connection.map_window(window)?;
        }
        self.framed = Some((area, colour));
        self.connection.flush()?;
        Ok(())
    }

    /// Takes the frame away.
    pub fn remove_frame(&mut self) -> Result<(), Error> {
        for window in self.sides.drain(..) {
            self.connection.destroy_window(window)?;
        }
        self.framed = None;
        self.connection.flush()?;
        Ok(())
    }

    /// Shows each pointer where its helper points on the desktop, and no others.
    pub fn point(&mut self, spots: &[Spot]) -> Result<(), Error> {
        for (pair, dot) in &self.dots {
            if !spots.iter().any(|spot| spot.pair == *pair) {
                self.connection.unmap_window(dot.outside)?;
            }
        }
        for spot in spots {
            if !self.dots.contains_key(&spot.pair) {
                let dot = self.create_dot()?;
                self.dots.insert(spot.pair, dot);
            }
            if let Some(dot) = self.dots.get(&spot.pair) {
                self.place(dot, spot)?;
            }
        }
        self.connection.flush()?;
        Ok(())
    }

    fn place(&self, dot: &Dot, spot: &Spot) -> Result<(), Error> {
        let colour = spot.color.as_deref().and_then(colour).unwrap_or(RED);
        let aux = ChangeWindowAttributesAux::new().background_pixel(colour);
        self.connection.change_window_attributes(dot.inside, &aux)?;
        self.connection.clear_area(false, dot.inside, 0, 0, 0, 0)?;
        let edge = i32::from(RADIUS);
        let aux = ConfigureWindowAux::new()
            .x(spot.x.saturating_sub(edge))
            .y(spot.y.saturating_sub(edge))
            .stack_mode(StackMode::ABOVE);
        self.connection.configure_window(dot.outside, &aux)?;
        self.connection.map_window(dot.outside)?;
        Ok(())
    }

    /// A disc with a white rim.
    fn create_dot(&self) -> Result<Dot, Error> {
        let size = RADIUS * 2;
        let place = |width| Rectangle {
            x: 0,
            y: 0,
            width,
            height: width,
        };
        let outside = self.create(place(size), WHITE)?;
        self.shape(outside, RADIUS, 0)?;
        let inside = self.connection.generate_id()?;
        let aux = CreateWindowAux::new().background_pixel(RED);
        self.connection.create_window(
            0,
            inside,
            outside,
            0,
            0,
            size,
            size,
            0,
            WindowClass::INPUT_OUTPUT,
            0,
            &aux,
        )?;
        self.shape(inside, RADIUS - RIM, RIM)?;
        self.connection.map_window(inside)?;
        Ok(Dot { outside, inside })
    }

    fn shape(&self, window: Window, radius: u16, edge: u16) -> Result<(), Error> {
        let rows = disc(radius, edge);
        let (order, set, bounding) = (ClipOrdering::UNSORTED, SO::SET, SK::BOUNDING);
        self.connection
            .shape_rectangles(set, bounding, order, window, 0, 0, &rows)?;
        Ok(())
    }

    /// A window that the window manager leaves alone, and through which every press goes.
    fn create(&self, place: Rectangle, colour: u32) -> Result<Window, Error> {
        let window = self.connection.generate_id()?;
        let aux = CreateWindowAux::new()
            .background_pixel(colour)
            .override_redirect(1);
        self.connection.create_window(
            0,
            window,
            self.root,
            place.x,
            place.y,
            place.width,
            place.height,
            0,
            WindowClass::INPUT_OUTPUT,
            0,
            &aux,
        )?;
        let (order, set, input) = (ClipOrdering::UNSORTED, SO::SET, SK::INPUT);
        self.connection
            .shape_rectangles(set, input, order, window, 0, 0, &[])?;
        Ok(window)
    }
}

/// Top, bottom, left, right; nothing for an area that no X server has.
fn sides(area: Area) -> Vec<Rectangle> {
    let place = |x: i32, y: i32, width: u32, height: u32| {
        Some(Rectangle {
            x: x.try_into().ok()?,
            y: y.try_into().ok()?,
            width: width.try_into().ok().filter(|width| *width > 0)?,
            height: height.try_into().ok().filter(|height| *height > 0)?,
        })
    };
    let Area {
        x,
        y,
        width,
        height,
    } = area;
    let far = |start: i32, length: u32| {
        let length = i32::try_from(length).unwrap_or(0);
        start.saturating_add(length).saturating_sub(4)
    };
    [
        place(x, y, width, THICK),
        place(x, far(y, height), width, THICK),
        place(x, y, THICK, height),
        place(far(x, width), y, THICK, height),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The rows of a disc that begins `edge` pixels from the corner.
fn disc(radius: u16, edge: u16) -> Vec<Rectangle> {
    let (radius, edge) = (i32::from(radius), i32::from(edge));
    (-radius..radius)
        .filter_map(|row| {
            // The middle of a row lies half a pixel below its top.
            let reach = (radius * radius - row * row - row).max(0).isqrt();
            Some(Rectangle {
                x: (edge + radius - reach).try_into().ok()?,
                y: (edge + radius + row).try_into().ok()?,
                width: (reach * 2).try_into().ok()?,
                height: 1,
            })
        })
        .collect()
}

/// `#rrggbb` as 0xrrggbb.
fn colour(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('#')?;
    let valid = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if !valid {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}

const THICK: u32 = 4;
const RADIUS: u16 = 13;
const RIM: u16 = 3;
const WHITE: u32 = 0xff_ff_ff;
const RED: u32 = 0xe0_20_20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_sides_lie_inside_the_area() {
        let area = Area {
            x: 100,
            y: 50,
            width: 640,
            height: 480,
        };
        let sides = sides(area);
        let told: Vec<_> = sides
            .iter()
            .map(|side| (side.x, side.y, side.width, side.height))
            .collect();
        let expected = [
            (100, 50, 640, 4),
            (100, 526, 640, 4),
            (100, 50, 4, 480),
            (736, 50, 4, 480),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn an_area_that_no_server_has_is_not_drawn() {
        let area = Area {
            x: 0,
            y: 0,
            width: 70_000,
            height: 0,
        };
        assert!(sides(area).is_empty());
    }

    #[test]
    fn a_disc_is_round_and_in_its_square() {
        let rows = disc(10, 3);
        assert_eq!(rows.len(), 20);
        for row in &rows {
            assert!(row.x >= 3 && i32::from(row.x) + i32::from(row.width) <= 23);
        }
        assert!(rows[0].width < rows[9].width);
        assert_eq!(rows[0].width, rows[19].width);
    }

    #[test]
    fn colours_are_six_digits() {
        assert_eq!(colour("#12aBff"), Some(0x12_ab_ff));
        assert_eq!(colour("#12aBf"), None);
        assert_eq!(colour("red"), None);
        assert_eq!(colour("#+2aBff"), None);
    }
}
