//! The picture in a file, for a window in another process (SPEC 15.4).
//!
//! The window reads while nothing is written: what is painted is told, and the next update is written only when the window has
//! said that it shows the last. What comes meanwhile is gathered, so a slow window skips and never tears.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use picture::{Picture, Rect};

/// The file and what the window knows of it.
pub(crate) struct PictureFile {
    file: File,
    /// Rectangles that the file does not have yet.
    touched: Vec<Rect>,
    /// The newest update, and the input that it answers.
    newest: Option<Seen>,
    /// What was told and the window has not shown yet.
    told: Option<Seen>,
}

/// An update and the last input event whose effect it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) update: u32,
    pub(crate) input: u64,
}

/// What was written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Painted {
    pub(crate) update: u32,
    pub(crate) rects: Vec<Rect>,
}

impl PictureFile {
    /// Opens the file, which only its owner may read: it is somebody's screen.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(true);
        Ok(Self {
            file: options.mode(0o600).open(path)?,
            touched: vec![],
            newest: None,
            told: None,
        })
    }

    /// An update is whole.
    pub(crate) fn add(&mut self, touched: Vec<Rect>, newest: Seen) {
        self.touched.extend(touched);
        self.newest = Some(newest);
    }

    /// The picture has another size: everything of it is to be written.
    pub(crate) fn resize(&mut self, picture: &Picture) -> io::Result<()> {
        self.touched = vec![picture.rect()];
        let length = u64::from(picture.width()) * u64::from(picture.height()) * 4;
        self.file.set_len(length)
    }

    /// Writes what the window lacks, if it has shown the last. What it gives is to be told to the window.
    pub(crate) fn write(&mut self, picture: &Picture) -> io::Result<Option<Painted>> {
        let Some(newest) = self.newest.filter(|_| self.told.is_none()) else {
            return Ok(None);
        };
        self.newest = None;
        let rects = std::mem::take(&mut self.touched);
        let rects = if rects.len() > MANY {
            rects.into_iter().reduce(Rect::union).into_iter().collect()
        } else {
            rects
        };
        let stride = u64::from(picture.width()) * 4;
        for rect in &rects {
            let start = u64::from(rect.y) * stride + u64::from(rect.x) * 4;
            let places = (0..).map(|row| start + row * stride);
            for (row, at) in picture.rows(*rect).zip(places) {
                self.file.write_all_at(row, at)?;
            }
        }
        self.told = Some(newest);
        Ok(Some(Painted {
            update: newest.update,
            rects,
        }))
    }

    /// The window shows this update. Gives what it was, unless the window speaks of another one.
    pub(crate) fn shown(&mut self, update: u32) -> Option<Seen> {
        self.told.take_if(|told| told.update == update)
    }
}

/// More rectangles than this are told as the one around them.
const MANY: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> (PictureFile, std::path::PathBuf, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("picture");
        (PictureFile::open(&path).unwrap(), path, folder)
    }

    fn seen(update: u32) -> Seen {
        Seen {
            update,
            input: u64::from(update) * 10,
        }
    }

    #[test]
    fn a_window_gets_the_next_update_when_it_has_shown_the_last() {
        let (mut file, path, _folder) = file();
        let mut picture = Picture::new(4, 2).unwrap();
        file.resize(&picture).unwrap();
        file.add(vec![], seen(1));
        let all = Rect::new(0, 0, 4, 2);
        let painted = file.write(&picture).unwrap().unwrap();
        assert_eq!((painted.update, painted.rects), (1, vec![all]));
        assert_eq!(std::fs::read(&path).unwrap(), picture.rgba());

        let before = picture.clone();
        let one = Rect::new(1, 1, 2, 1);
        picture.fill(one, [9, 8, 7]);
        file.add(vec![one], seen(2));
        assert_eq!(file.write(&picture).unwrap(), None, "the window reads");
        assert_eq!(std::fs::read(&path).unwrap(), before.rgba());
        assert_eq!(file.shown(7), None, "another update");
        assert_eq!(file.shown(1), Some(seen(1)));
        let painted = file.write(&picture).unwrap().unwrap();
        assert_eq!((painted.update, painted.rects), (2, vec![one]));
        assert_eq!(std::fs::read(&path).unwrap(), picture.rgba());
        file.shown(2);
        assert_eq!(file.write(&picture).unwrap(), None, "nothing is new");
    }

    #[test]
    fn the_file_is_for_its_owner_alone_and_shrinks_with_the_picture() {
        use std::os::unix::fs::PermissionsExt;
        let (mut file, path, _folder) = file();
        file.resize(&Picture::new(8, 8).unwrap()).unwrap();
        file.resize(&Picture::new(2, 3).unwrap()).unwrap();
        let about = std::fs::metadata(&path).unwrap();
        assert_eq!(
            (about.len(), about.permissions().mode() & 0o777),
            (24, 0o600)
        );
    }

    #[test]
    fn many_rectangles_become_one() {
        let (mut file, _, _folder) = file();
        let picture = Picture::new(200, 2).unwrap();
        file.resize(&picture).unwrap();
        file.add(vec![], seen(1));
        file.write(&picture).unwrap();
        file.shown(1);
        let rects = (0..=64).map(|n| Rect::new(n * 2, 0, 1, 1)).collect();
        file.add(rects, seen(2));
        let painted = file.write(&picture).unwrap().unwrap();
        assert_eq!(painted.rects, [Rect::new(0, 0, 129, 1)]);
    }
}
