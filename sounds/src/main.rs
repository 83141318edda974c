//! `cargo run -p sounds [NAME…]` writes the named sounds, or all of them, into `sounds/out`.

use std::path::Path;

#[expect(clippy::print_stdout, reason = "the list of written files is this program's output")]
fn main() -> std::io::Result<()> {
    let wanted = std::env::args().skip(1).collect::<Vec<_>>();
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("out");
    std::fs::create_dir_all(&out)?;
    let mut total = 0;
    for score in sounds::scores()
        .filter(|score| wanted.is_empty() || wanted.iter().any(|name| name == score.name))
    {
        let file = score.file();
        std::fs::write(out.join(format!("{}.flac", score.name)), &file)?;
        total += file.len();
        println!("{:>6} bytes  {}", file.len(), score.name);
    }
    println!("{total:>6} bytes in total");
    Ok(())
}
