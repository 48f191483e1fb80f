//! What a video codec makes of a scene: recorded from the X server without loss, then encoded by ffmpeg's libvpx.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde::Serialize;

use crate::figure::median;

/// ffmpeg records a display.
pub(crate) struct Recording {
    process: Child,
    file: PathBuf,
}

/// The scene as a video.
#[derive(Debug, Serialize)]
pub(crate) struct Video {
    /// Bytes of each frame behind the first, which is a whole picture.
    pub(crate) frames: Vec<u32>,
    /// Of the encoder alone, for a frame.
    pub(crate) cpu_ms: f64,
}

impl Recording {
    /// Records this display for some seconds.
    pub(crate) fn start(display: &str, file: &Path, seconds: u32) -> Self {
        let process = Command::new("ffmpeg")
            .args([
                "-loglevel",
                "error",
                "-y",
                "-f",
                "x11grab",
                "-framerate",
                "15",
            ])
            .args([
                "-video_size",
                "1920x1080",
                "-i",
                display,
                "-t",
                &seconds.to_string(),
            ])
            .args(["-c:v", "libx264rgb", "-qp", "0", "-preset", "ultrafast"])
            .arg(file)
            .stdin(Stdio::null())
            .spawn()
            .expect("ffmpeg starts");
        Self {
            process,
            file: file.to_owned(),
        }
    }

    /// Whether it is done.
    pub(crate) fn ended(&mut self) -> bool {
        self.process.try_wait().is_ok_and(|status| status.is_some())
    }

    /// Encodes what was recorded. None if ffmpeg cannot.
    pub(crate) async fn encode(mut self, out: &Path) -> Option<Video> {
        let (file, out) = (self.file.clone(), out.to_owned());
        let encoded = tokio::task::spawn_blocking(move || {
            self.process.wait().ok()?;
            let base = cpu(&file, &["-pix_fmt", "yuv420p", "-f", "null", "-"])?;
            let path = out.to_str()?;
            let whole = cpu(&file, &[VP9, &["-f", "ivf", path]].concat())?;
            let frames = frame_sizes(&fs::read(&out).ok()?);
            let count = frames.len();
            Some(Video {
                frames: frames.into_iter().skip(1).collect(),
                cpu_ms: 1000.0 * (whole - base) / count as f64,
            })
        });
        encoded.await.ok().flatten()
    }
}

impl Video {
    /// A frame, in the middle and on average: the codec goes on sharpening what does not change.
    pub(crate) fn kilobytes(&self) -> (f64, f64) {
        let sizes: Vec<f64> = self
            .frames
            .iter()
            .map(|size| f64::from(*size) / 1000.0)
            .collect();
        (
            median(&sizes),
            sizes.iter().sum::<f64>() / sizes.len().max(1) as f64,
        )
    }
}

/// Processor seconds of an ffmpeg that reads the recording and does this with it.
fn cpu(file: &Path, arguments: &[&str]) -> Option<f64> {
    let output = Command::new("ffmpeg")
        .args(["-benchmark", "-y", "-threads", "1", "-i"])
        .arg(file)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stderr);
    output.status.success().then(|| seconds(&text)).flatten()
}

/// From the line `bench: utime=0.123s stime=0.045s rtime=0.200s`.
fn seconds(text: &str) -> Option<f64> {
    let line = text
        .lines()
        .rev()
        .find(|line| line.contains("bench: utime="))?;
    let of = |name: &str| {
        let (_, rest) = line.split_once(name)?;
        rest.split_once('s')?.0.parse::<f64>().ok()
    };
    Some(of("utime=")? + of("stime=")?)
}

/// Sizes of the frames of an IVF file: a header of 32 bytes, then a header of 12 bytes before each frame, its size first.
fn frame_sizes(ivf: &[u8]) -> Vec<u32> {
    let mut rest = ivf.get(32..).unwrap_or_default();
    let mut sizes = vec![];
    while let Some((size, _)) = rest.split_first_chunk::<4>() {
        let size = u32::from_le_bytes(*size);
        sizes.push(size);
        rest = rest.get(12 + size as usize..).unwrap_or_default();
    }
    sizes
}

const VP9: &[&str] = &[
    "-pix_fmt",
    "yuv420p",
    "-c:v",
    "libvpx-vp9",
    "-deadline",
    "realtime",
    "-cpu-used",
    "8",
    "-b:v",
    "4M",
    "-row-mt",
    "0",
    "-threads",
    "1",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_is_read_from_what_ffmpeg_prints() {
        let text = "frame= 1\nbench: utime=1.250s stime=0.500s rtime=2.000s\nbench: maxrss=1kB\n";
        assert_eq!(seconds(text), Some(1.75));
        assert_eq!(seconds("nothing"), None);
    }

    #[test]
    fn frames_of_an_ivf_file_are_counted() {
        let mut file = vec![0; 32];
        for size in [3_u8, 5] {
            file.extend([size, 0, 0, 0]);
            file.extend(vec![0; 8 + usize::from(size)]);
        }
        assert_eq!(frame_sizes(&file), [3, 5]);
        assert_eq!(frame_sizes(&[]), [0_u32; 0]);
    }
}
