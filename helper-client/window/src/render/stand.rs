//! The picture as it stands in the window: its pixels, its tiles, and the sharer's pointer above them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use slint::{Image, Model as _, ModelRc, Rgb8Pixel, Rgba8Pixel, SharedPixelBuffer, VecModel};

use crate::event::{Shape, Spot};
use crate::geometry::Geometry;
use crate::picture::{Place, read};
use crate::tiles::{Area, Canvas, Scale};
use crate::windows::{MainWindow, Tile};

/// Everything that is drawn in the pane.
#[derive(Default)]
pub(crate) struct Stand {
    geometry: Geometry,
    canvas: Canvas,
    scale: Scale,
    areas: Vec<Area>,
    tiles: Rc<VecModel<Tile>>,
    file: Option<File>,
    shapes: BTreeMap<u32, Pointer>,
    spot: Spot,
}

struct Pointer {
    image: Image,
    size: (i32, i32),
    hot: (i32, i32),
}

impl Stand {
    pub(crate) fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// The picture has another size.
    pub(crate) fn resize(&mut self, width: u32, height: u32, main: &MainWindow) {
        if width.max(height) > WIDEST {
            return;
        }
        self.canvas = Canvas::new(width, height);
        self.geometry.picture = (width, height);
        self.lay_out(main);
    }

    /// The pane has another size.
    pub(crate) fn fit(&mut self, width: i32, height: i32, main: &MainWindow) {
        let size = |length: i32| u32::try_from(length).unwrap_or(0);
        let pane = (size(width), size(height));
        if pane != self.geometry.pane {
            self.geometry.pane = pane;
            self.lay_out(main);
        }
    }

    /// Pixel for pixel, or all of it.
    pub(crate) fn scale(&mut self, exact: bool, main: &MainWindow) {
        self.geometry.exact = exact;
        main.set_exact(exact);
        self.lay_out(main);
    }

    /// Reads what is new and makes the tiles anew that show it.
    pub(crate) fn paint(&mut self, place: &Place, rects: &[[u32; 4]]) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => place.open()?,
        };
        let mut touched = BTreeSet::new();
        for &[x, y, width, height] in rects {
            let part = Area {
                x,
                y,
                width,
                height,
            };
            read(&file, &mut self.canvas, part)?;
            touched.extend(self.scale.touched(part));
        }
        self.file = Some(file);
        for tile in touched {
            self.draw(tile);
        }
        Ok(())
    }

    /// The sharer's pointer is here.
    pub(crate) fn point(&mut self, spot: Spot, main: &MainWindow) {
        self.spot = spot;
        self.show_pointer(main);
    }

    /// A pointer looks like this.
    pub(crate) fn shape(&mut self, shape: &Shape, main: &MainWindow) {
        let Some(pointer) = pointer(shape) else {
            return;
        };
        self.shapes.insert(shape.shape, pointer);
        main.set_cursor(Image::default());
        self.show_pointer(main);
    }

    fn lay_out(&mut self, main: &MainWindow) {
        let shown = self.geometry.shown();
        self.scale = Scale::new(self.geometry.picture, shown);
        self.areas = self.scale.tiles();
        let tiles: Vec<Tile> = self.areas.iter().map(|area| self.tile(*area)).collect();
        self.tiles = Rc::new(VecModel::from(tiles));
        main.set_tiles(ModelRc::from(Rc::clone(&self.tiles)));
        main.set_shown_width(signed(shown.0));
        main.set_shown_height(signed(shown.1));
        self.show_pointer(main);
    }

    fn draw(&self, place: usize) {
        if let Some(area) = self.areas.get(place) {
            self.tiles.set_row_data(place, self.tile(*area));
        }
    }

    fn tile(&self, area: Area) -> Tile {
        let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(area.width, area.height);
        self.scale.draw(&self.canvas, area, pixels.make_mut_bytes());
        Tile {
            x: signed(area.x),
            y: signed(area.y),
            width: signed(area.width),
            height: signed(area.height),
            image: Image::from_rgb8(pixels),
        }
    }

    fn show_pointer(&self, main: &MainWindow) {
        let pointer = self.shapes.get(&self.spot.shape);
        main.set_cursor_shown(pointer.is_some());
        let Some(pointer) = pointer else { return };
        let (x, y) = self.geometry.place(self.spot.x, self.spot.y);
        let (hot_x, hot_y) = self.geometry.place(pointer.hot.0, pointer.hot.1);
        let (width, height) = self.geometry.place(pointer.size.0, pointer.size.1);
        main.set_cursor_x(x.saturating_sub(hot_x));
        main.set_cursor_y(y.saturating_sub(hot_y));
        main.set_cursor_width(width.max(1));
        main.set_cursor_height(height.max(1));
        main.set_cursor(pointer.image.clone());
    }
}

/// `None` if it does not hold as many bytes as it says.
fn pointer(shape: &Shape) -> Option<Pointer> {
    let bytes = STANDARD.decode(&shape.rgba).ok()?;
    let expected = u64::from(shape.width) * u64::from(shape.height) * 4;
    if expected == 0 || u64::try_from(bytes.len()) != Ok(expected) {
        return None;
    }
    let (width, height) = (shape.width, shape.height);
    let pixels = SharedPixelBuffer::<Rgba8Pixel>::clone_from_slice(&bytes, width, height);
    Some(Pointer {
        image: Image::from_rgba8(pixels),
        size: (signed(width), signed(height)),
        hot: (shape.hot_x, shape.hot_y),
    })
}

fn signed(length: u32) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

/// Pixels of a side; the child has a bound of its own.
const WIDEST: u32 = 1 << 15;
