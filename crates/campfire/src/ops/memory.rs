//! Memory that only the start needed is given back, so that an idle server holds little.

use std::path::Path;

/// Lets go of the program's own code and constants, of which a start touches nearly everything and
/// an idle server hardly anything. The pages that are needed come back from the file by themselves.
/// Where the system has no `/proc`, nothing happens.
pub fn give_back() {
    let program = std::env::current_exe().ok();
    let maps = std::fs::read_to_string("/proc/self/maps").ok();
    if let (Some(program), Some(maps)) = (program, maps) {
        maps.lines()
            .filter_map(|line| unwritten(line, &program))
            .for_each(|(start, end)| drop_pages(start, end));
    }
}

/// Start and end of a mapping, if it is code of this program, or the constants at the file's
/// beginning: private and never written (proc_pid_maps(5)). Other constants hold addresses that the
/// loader wrote into them, and must stay.
fn unwritten(line: &str, program: &Path) -> Option<(usize, usize)> {
    let mut fields = line.split_ascii_whitespace();
    let (start, end) = fields.next()?.split_once('-')?;
    let (rights, offset) = (fields.next()?, fields.next()?);
    let is_unwritten = rights == "r-xp" || (rights == "r--p" && offset == "00000000");
    let is_ours = fields.nth(2).is_some_and(|path| Path::new(path) == program);
    let parse = |text| usize::from_str_radix(text, 16).ok();
    (is_unwritten && is_ours).then_some((parse(start)?, parse(end)?))
}

#[expect(unsafe_code, reason = "there is no safe way to say this to the system")]
fn drop_pages(start: usize, end: usize) {
    // SAFETY: the range is a whole mapping of this program's file that is private and not writable,
    // so no page of it differs from the file: dropping pages changes nothing that can be read,
    // they are mapped again when they are touched.
    let done =
        unsafe { libc::madvise(start as *mut libc::c_void, end - start, libc::MADV_DONTNEED) };
    if done != 0 {
        tracing::debug!(error = %std::io::Error::last_os_error(), "the system keeps the start's code in memory");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_never_written_is_let_go() {
        let program = Path::new("/usr/bin/campfire");
        let line = |rights: &str, path: &str| {
            format!("55ad71d05000-55ad72308000 {rights} fe:00 10693061    {path}")
        };
        for rights in ["r-xp 003e3000", "r--p 00000000"] {
            assert_eq!(
                unwritten(&line(rights, "/usr/bin/campfire"), program),
                Some((0x55ad_71d0_5000, 0x55ad_7230_8000)),
                "{rights}"
            );
        }
        for (rights, path) in [
            ("rw-p 003e3000", "/usr/bin/campfire"),
            ("r--p 003e3000", "/usr/bin/campfire"),
            ("rw-p 00000000", "/usr/bin/campfire"),
            ("r-xp 003e3000", "/usr/lib/libc.so.6"),
            ("r-xp 003e3000", ""),
        ] {
            assert_eq!(unwritten(&line(rights, path), program), None, "{rights} {path}");
        }
        assert_eq!(unwritten("", program), None);
        assert_eq!(unwritten("nonsense r-xp 0 0 0 /usr/bin/campfire", program), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn its_own_code_is_found_and_can_be_used_after_it_was_let_go() {
        let program = std::env::current_exe().expect("a program");
        let maps = std::fs::read_to_string("/proc/self/maps").expect("mappings");
        assert!(maps.lines().any(|line| unwritten(line, &program).is_some()), "{maps}");
        give_back();
        assert_eq!(maps.lines().filter_map(|line| unwritten(line, &program)).count(), {
            let again = std::fs::read_to_string("/proc/self/maps").expect("mappings");
            again.lines().filter_map(|line| unwritten(line, &program)).count()
        });
    }
}
