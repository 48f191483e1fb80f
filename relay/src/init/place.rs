//! Where everything goes: made beside its place, moved there at once, and taken back if the last step fails.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};

use super::CannotInit;

/// The places of one run. What was made is gone when this is dropped, unless it was finished.
pub(super) struct Place {
    config: PathBuf,
    data: PathBuf,
    staged: PathBuf,
    /// Folders that were not there before, the outermost first.
    made: Vec<PathBuf>,
    /// Who owned the folder of data, if it was there.
    owner: Option<(u32, u32)>,
    moved: bool,
    finished: bool,
}

impl Place {
    /// Looks that nothing would be overwritten, and makes the folder to work in.
    pub(super) fn begin(config: &Path, data: &Path) -> Result<Self, CannotInit> {
        if fs::symlink_metadata(config).is_ok() {
            return Err(there(
                config,
                "name another file with --config, or move it away",
            ));
        }
        // One that was killed between its last two steps; without a configuration nothing uses it.
        if data.join(UNFINISHED).exists() {
            fs::remove_dir_all(data).map_err(failed(data))?;
        }
        let owner = match fs::read_dir(data).map(|mut entries| entries.next().is_some()) {
            Ok(true) => {
                return Err(there(data, "name another folder with --data, or empty it"));
            }
            Ok(false) => {
                let data = fs::metadata(data).map_err(failed(data))?;
                Some((data.uid(), data.gid()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(data)(error)),
        };
        let mut name = data.file_name().unwrap_or_default().to_owned();
        name.push(".init");
        let mut place = Self {
            config: config.to_owned(),
            data: data.to_owned(),
            staged: data.with_file_name(name),
            made: vec![],
            owner,
            moved: false,
            finished: false,
        };
        place.prepare()?;
        Ok(place)
    }

    fn prepare(&mut self) -> Result<(), CannotInit> {
        for path in [self.data.clone(), self.config.clone()] {
            if let Some(parent) = path.parent() {
                self.make_folders(parent)?;
            }
        }
        match fs::remove_dir_all(&self.staged) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed(&self.staged)(error));
            }
            _ => {}
        }
        let mut folder = fs::DirBuilder::new();
        let folder = folder.mode(0o750).create(&self.staged);
        folder.map_err(failed(&self.staged))?;
        write_new(&self.staged.join(UNFINISHED), "", 0o600)
    }

    fn make_folders(&mut self, folder: &Path) -> Result<(), CannotInit> {
        let missing = folder.ancestors().take_while(|one| !one.exists());
        let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        missing.reverse();
        for one in missing {
            let mut builder = fs::DirBuilder::new();
            builder.mode(0o755).create(&one).map_err(failed(&one))?;
            self.made.push(one);
        }
        Ok(())
    }

    /// The folder in which everything is made.
    pub(super) fn staged(&self) -> &Path {
        &self.staged
    }

    /// Moves what was made to its place, and writes the configuration last.
    pub(super) fn finish(mut self, text: &str) -> Result<(), CannotInit> {
        if let Some((user, group)) = self.owner {
            own(&self.staged, user, group)?;
        }
        let mut name = self.config.file_name().unwrap_or_default().to_owned();
        name.push(".init");
        let beside = self.config.with_file_name(name);
        // Left by one that was killed.
        let _ = fs::remove_file(&beside);
        let placed = self.place(text, &beside);
        let _ = fs::remove_file(&beside);
        placed?;
        self.finished = true;
        remove(&self.data.join(UNFINISHED))
    }

    fn place(&mut self, text: &str, beside: &Path) -> Result<(), CannotInit> {
        write_new(beside, text, 0o640)?;
        if let Some((_, group)) = self.owner {
            // The relay's own group reads it, where this run may say so.
            let _ = chown(beside, None, Some(group));
        }
        // An empty folder may be moved over.
        fs::rename(&self.staged, &self.data).map_err(failed(&self.data))?;
        self.moved = true;
        // Unlike a rename this overwrites nothing.
        fs::hard_link(beside, &self.config).map_err(failed(&self.config))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        // What cannot be taken away has no use without a configuration.
        let _ = fs::remove_dir_all(&self.staged);
        if self.moved {
            let _ = fs::remove_dir_all(&self.data);
            if let Some((user, group)) = self.owner {
                let _ = fs::create_dir(&self.data);
                let _ = chown(&self.data, Some(user), Some(group));
            }
        }
        for folder in self.made.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Writes a file that was not there, down to the disk.
pub(super) fn write_new(path: &Path, text: &str, mode: u32) -> Result<(), CannotInit> {
    let mut file = OpenOptions::new();
    let file = file.write(true).create_new(true).mode(mode).open(path);
    let mut file = file.map_err(failed(path))?;
    file.write_all(text.as_bytes()).map_err(failed(path))?;
    file.sync_all().map_err(failed(path))
}

pub(super) fn remove(path: &Path) -> Result<(), CannotInit> {
    fs::remove_file(path).map_err(failed(path))
}

/// Gives the folder and what is in it to whoever owned its place.
fn own(path: &Path, user: u32, group: u32) -> Result<(), CannotInit> {
    let now = fs::metadata(path).map_err(failed(path))?;
    if (now.uid(), now.gid()) != (user, group) {
        chown(path, Some(user), Some(group)).map_err(failed(path))?;
    }
    if now.is_dir() {
        for entry in fs::read_dir(path).map_err(failed(path))? {
            own(&entry.map_err(failed(path))?.path(), user, group)?;
        }
    }
    Ok(())
}

fn there(path: &Path, remedy: &'static str) -> CannotInit {
    let path = path.to_owned();
    CannotInit::There { path, remedy }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> CannotInit {
    let path = path.to_owned();
    move |error| CannotInit::File { path, error }
}

/// Stands in the folder of data until the configuration is written.
const UNFINISHED: &str = ".init-unfinished";
