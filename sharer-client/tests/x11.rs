//! Capture and injection on real X servers (Xvfb).
#![cfg(test)]

#[path = "x11/capture.rs"]
mod capture;
#[path = "x11/figures.rs"]
mod figures;
#[path = "x11/inject.rs"]
mod inject;
#[path = "x11/server.rs"]
mod server;
#[path = "x11/viewer.rs"]
mod viewer;
