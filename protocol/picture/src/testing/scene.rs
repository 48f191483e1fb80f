//! Scenes: a screen that changes the way people's screens do.

use super::{Dice, GLYPH, Ink, blank, film, line, noise, page, paste, text};
use crate::{Picture, Point, Rect};

/// What happens in a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One letter at a time.
    Typing,
    /// A terminal in a window, one line at a time.
    Terminal,
    /// A page over the whole screen, 40 rows at a time.
    Page,
    /// Two full-screen windows in turns.
    Switch,
    /// A window pulled over a page.
    Drag,
    /// A film of 640 x 360 beside text.
    Video,
    /// The screen itself, large and small in turns.
    Resize,
}

/// A screen and how it goes on.
#[derive(Clone, Debug)]
pub struct Scene {
    kind: Kind,
    screen: Picture,
    /// What the scene cuts its content from.
    stock: Picture,
    step: u16,
    dice: Dice,
}

impl Scene {
    /// A scene on a screen of this size, at least 800 x 600.
    pub fn new(kind: Kind, width: u16, height: u16) -> Self {
        let mut screen = desktop(width, height);
        let stock = match kind {
            Kind::Typing | Kind::Terminal | Kind::Resize => screen.clone(),
            Kind::Page => {
                let mut stock = blank(width, height * 3);
                page(&mut stock, Rect::new(0, 0, width, height * 3), 11, PAGE);
                let figures = (1..6).map(|n| (n * height / 2, film(400, 240, n.into())));
                for (y, figure) in figures {
                    paste(
                        &mut stock,
                        Point { x: width / 2, y },
                        &figure,
                        figure.rect(),
                    );
                }
                screen.copy(screen.rect(), &stock);
                stock
            }
            Kind::Switch => {
                let mut stock = blank(width, height);
                page(&mut stock, Rect::new(0, 0, width, height), 12, DARK);
                stock
            }
            Kind::Drag => {
                let mut stock = blank(width / 3, height / 3);
                page(&mut stock, Rect::new(0, 0, width / 3, height / 3), 13, DARK);
                stock
            }
            Kind::Video => noise(1, 1, 0),
        };
        Self {
            kind,
            screen,
            stock,
            step: 0,
            dice: Dice(7),
        }
    }

    /// All kinds of scenes.
    pub const ALL: [Kind; 7] = [
        Kind::Typing,
        Kind::Terminal,
        Kind::Page,
        Kind::Switch,
        Kind::Drag,
        Kind::Video,
        Kind::Resize,
    ];

    /// The screen as it is now.
    pub fn screen(&self) -> &Picture {
        &self.screen
    }

    /// Goes on by one frame and returns what a screen server would call damaged.
    pub fn step(&mut self) -> Vec<Rect> {
        self.step += 1;
        match self.kind {
            Kind::Typing => self.type_letter(),
            Kind::Terminal => self.print_line(),
            Kind::Page => self.scroll_page(),
            Kind::Switch => {
                std::mem::swap(&mut self.screen, &mut self.stock);
                vec![self.screen.rect()]
            }
            Kind::Drag => self.drag(),
            Kind::Video => self.play(),
            Kind::Resize => {
                let (width, height) = (self.stock.width(), self.stock.height());
                let small = self.step % 2 == 1;
                let (width, height) = if small {
                    (width * 5 / 7, height * 5 / 7 - 1)
                } else {
                    (width, height)
                };
                self.screen = desktop(width, height);
                vec![self.screen.rect()]
            }
        }
    }

    fn type_letter(&mut self) -> Vec<Rect> {
        let columns = 60;
        let (width, height) = GLYPH;
        let at = (
            100 + self.step % columns * width,
            200 + self.step / columns * height,
        );
        text::glyph(&mut self.screen, at, self.dice.below(60), PAGE);
        vec![Rect::new(at.0, at.1, width, height)]
    }

    fn print_line(&mut self) -> Vec<Rect> {
        let window = Rect::new(56, 48, 90 * GLYPH.0, 34 * GLYPH.1);
        let up = Rect {
            h: window.h - GLYPH.1,
            ..window
        };
        self.screen.shift(
            up,
            Point {
                x: window.x,
                y: window.y + GLYPH.1,
            },
        );
        let bottom = window.y + window.h - GLYPH.1;
        let letters = 20 + self.dice.below(70);
        self.screen.fill(
            Rect {
                y: bottom,
                h: GLYPH.1,
                ..window
            },
            DARK.paper,
        );
        line(
            &mut self.screen,
            (window.x, bottom),
            letters,
            self.dice.roll(),
            DARK,
        );
        vec![window]
    }

    fn scroll_page(&mut self) -> Vec<Rect> {
        let way = self.stock.height() - self.screen.height();
        let y = self.step * 40 % way;
        let view = Rect {
            y,
            ..self.screen.rect()
        };
        paste(&mut self.screen, Point { x: 0, y: 0 }, &self.stock, view);
        vec![self.screen.rect()]
    }

    fn drag(&mut self) -> Vec<Rect> {
        let place = |step: u16| {
            Rect::new(
                20 + step * 13 % 400,
                30 + step * 7 % 300,
                self.stock.width(),
                self.stock.height(),
            )
        };
        let (old, new) = (place(self.step - 1), place(self.step));
        let ground = desktop(self.screen.width(), self.screen.height());
        self.screen.copy(old, &ground);
        self.screen.draw(Point { x: new.x, y: new.y }, &self.stock);
        vec![old, new]
    }

    fn play(&mut self) -> Vec<Rect> {
        let frame = film(640, 360, self.step.into());
        let at = Rect::new(70, 90, 640, 360);
        paste(
            &mut self.screen,
            Point { x: at.x, y: at.y },
            &frame,
            frame.rect(),
        );
        vec![at]
    }
}

/// A screen full of text in two windows.
fn desktop(width: u16, height: u16) -> Picture {
    let mut screen = blank(width, height);
    screen.fill(screen.rect(), [40, 70, 90]);
    page(
        &mut screen,
        Rect::new(40, 30, width * 3 / 4, height - 90),
        1,
        PAGE,
    );
    page(
        &mut screen,
        Rect::new(width / 2, height / 3, width / 2 - 30, height / 2),
        2,
        DARK,
    );
    screen
}

const PAGE: Ink = Ink {
    ink: [20, 20, 30],
    paper: [250, 250, 245],
};
const DARK: Ink = Ink {
    ink: [190, 220, 190],
    paper: [24, 26, 30],
};
