//! Compiles what stands between libvpx and Rust, against the headers of the libvpx that is there.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=src/libvpx/shim.c");
    #[cfg(feature = "vp9")]
    shim()?;
    Ok(())
}

#[cfg(feature = "vp9")]
fn shim() -> Result<(), Box<dyn Error>> {
    let library = pkg_config::Config::new()
        .atleast_version("1.8")
        .cargo_metadata(false)
        .probe("vpx")
        .map_err(|error| format!("libvpx with its headers is needed: install libvpx-dev, or build without the feature vp9\n{error}"))?;
    cc::Build::new()
        .file("src/libvpx/shim.c")
        .includes(&library.include_paths)
        .warnings(true)
        .extra_warnings(true)
        .warnings_into_errors(true)
        .compile("handrail_vpx");
    // After our part, which needs it: a linker looks from left to right.
    for path in &library.link_paths {
        println!("cargo:rustc-link-search=native={}", path.display());
    }
    for name in &library.libs {
        println!("cargo:rustc-link-lib={name}");
    }
    Ok(())
}
