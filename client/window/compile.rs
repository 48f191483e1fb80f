//! The build script of both windows: compiles the caller's `ui/`, with both catalogues as one.

use std::path::{Path, PathBuf};
use std::{fs, io};

use slint_build::{CompilerConfiguration, DefaultTranslationContext, EmbedResourcesKind};

/// Compiles `ui/app.slint` of the package that is built. `shared` is this folder, seen from there.
pub(crate) fn compile(shared: &str) -> Result<(), Box<dyn std::error::Error>> {
    let shared = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join(shared);
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("lang");
    let package = std::env::var("CARGO_PKG_NAME")?;
    let ours = shared.join("lang");
    for folder in [Path::new("lang"), &ours] {
        println!("cargo:rerun-if-changed={}", folder.display());
    }
    join(Path::new("lang"), &ours, &out, &package)?;
    let configuration = CompilerConfiguration::new()
        .with_style("fluent".to_owned())
        .with_bundled_translations(out)
        .with_default_translation_context(DefaultTranslationContext::None)
        .embed_resources(EmbedResourcesKind::EmbedFiles);
    slint_build::compile_with_config("ui/app.slint", configuration)?;
    Ok(())
}

/// The toolkit takes one catalogue for a language and package.
fn join(own: &Path, shared: &Path, out: &Path, package: &str) -> io::Result<()> {
    for entry in fs::read_dir(own)? {
        let folder = Path::new(&entry?.file_name()).join("LC_MESSAGES");
        let own = fs::read_to_string(own.join(&folder).join(package).with_extension("po"))?;
        let shared = fs::read_to_string(shared.join(&folder).join("client-window.po"))?;
        let entries = shared.split_once("\n\n").map_or("", |(_, entries)| entries);
        fs::create_dir_all(out.join(&folder))?;
        let joined = out.join(&folder).join(package).with_extension("po");
        fs::write(joined, format!("{own}\n{entries}"))?;
    }
    Ok(())
}
