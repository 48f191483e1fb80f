//! The file in which the child keeps the picture (SPEC 15.4), and the folder that it is in.

use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::tiles::{Area, Canvas};

/// A folder for its owner alone, in memory where there is such a place. It goes with this value.
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// Makes the folder.
    pub fn make(runtime: Option<&Path>) -> io::Result<Self> {
        let memory = Path::new("/dev/shm");
        let places = runtime.into_iter().chain([memory]);
        let made = places
            .filter(|place| place.is_dir())
            .find_map(|place| named().tempdir_in(place).ok());
        let folder = made.map_or_else(|| named().tempdir(), Ok)?;
        Ok(Self { folder })
    }

    /// The file: the child makes it.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("picture")
    }

    /// Opens it.
    pub fn open(&self) -> io::Result<File> {
        File::open(self.file())
    }
}

/// Reads a part of the file into the same part of the canvas. The child writes nothing meanwhile.
pub fn read(file: &File, canvas: &mut Canvas, part: Area) -> io::Result<()> {
    let (width, _) = canvas.size();
    let stride = u64::from(width) * 4;
    let start = u64::from(part.y) * stride + u64::from(part.x) * 4;
    let places = (0..).map(|row| start + row * stride);
    for (row, at) in canvas.rows_mut(part).zip(places) {
        file.read_exact_at(row, at)?;
    }
    Ok(())
}

fn named() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder
        .prefix("handrail-")
        .permissions(Permissions::from_mode(0o700));
    builder
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiles::Scale;

    #[test]
    fn the_folder_is_for_its_owner_alone_and_goes() {
        let runtime = tempfile::tempdir().unwrap();
        let place = Place::make(Some(runtime.path())).unwrap();
        let folder = place.file().parent().unwrap().to_owned();
        assert!(folder.starts_with(runtime.path()));
        let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        std::fs::write(place.file(), "x").unwrap();
        drop(place);
        assert!(!folder.exists());
    }

    #[test]
    fn a_part_is_read_to_its_place() {
        let place = Place::make(None).unwrap();
        let bytes: Vec<u8> = (0..4 * 3 * 4).collect();
        std::fs::write(place.file(), bytes).unwrap();
        let file = place.open().unwrap();
        let mut canvas = Canvas::new(4, 3);
        let (x, y, width, height) = (1, 1, 2, 1);
        let part = Area {
            x,
            y,
            width,
            height,
        };
        read(&file, &mut canvas, part).unwrap();
        let mut shown = [0; 4 * 3];
        let row = Area {
            x: 0,
            y: 1,
            width: 4,
            height: 1,
        };
        Scale::new((4, 3), (4, 3)).draw(&canvas, row, &mut shown);
        assert_eq!(shown, [0, 0, 0, 20, 21, 22, 24, 25, 26, 0, 0, 0]);
        let whole = Area {
            x: 0,
            y: 0,
            width: 5,
            height: 9,
        };
        let mut large = Canvas::new(5, 9);
        assert!(read(&file, &mut large, whole).is_err(), "it is too short");
    }
}
