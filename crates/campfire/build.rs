//! Makes the folder that the web client is built into, so that the server compiles before the
//! client does; and compiles again when what is inside the program changes.

fn main() {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    if let Err(error) = std::fs::create_dir_all(&dist) {
        println!("cargo::warning=cannot make {}: {error}", dist.display());
    }
    println!("cargo::rerun-if-changed=../../web/dist");
    println!("cargo::rerun-if-changed=../../sounds/out");
    println!("cargo::rerun-if-changed=../../sounds/pictures");
    println!("cargo::rerun-if-env-changed=GIT_REVISION");
}
