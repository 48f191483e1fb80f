//! End to end: real programs, a real provider, a real X server. One binary, so that it links once.

mod administration;
mod attacks;
mod blind;
mod carriers;
mod codes;
mod company;
mod console;
mod desktop;
mod door;
mod ends;
mod entra;
mod hostile;
mod lines;
mod monitors;
mod native;
mod networks;
mod picture_file;
mod records;
mod revocation;
mod setup;
mod share;
mod step_up;
mod thread;
mod trouble;
mod trust;
mod windows;
