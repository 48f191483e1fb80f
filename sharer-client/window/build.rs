//! Compiles the windows, with every catalogue of `lang/` inside.

use slint_build::{CompilerConfiguration, DefaultTranslationContext, EmbedResourcesKind};

fn main() -> Result<(), slint_build::CompileError> {
    println!("cargo:rerun-if-changed=lang");
    let configuration = CompilerConfiguration::new()
        .with_style("fluent".to_owned())
        .with_bundled_translations("lang")
        .with_default_translation_context(DefaultTranslationContext::None)
        .embed_resources(EmbedResourcesKind::EmbedFiles);
    slint_build::compile_with_config("ui/app.slint", configuration)
}
