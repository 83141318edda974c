//! Memory, CPU time and open files of this process, from proc(5); Linux only.

/// Resource usage of this process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Process {
    /// Resident memory in bytes.
    pub resident_bytes: u64,
    /// CPU time since the start, user and system, in seconds.
    pub cpu_seconds: f64,
    /// Open files and sockets.
    pub open_files: usize,
}

/// Reads the usage; `None` on other systems.
pub fn read() -> Option<Process> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = resident.trim().trim_end_matches("kB").trim().parse().ok()?;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let cpu_seconds = cpu_time(&stat)?;
    Some(Process {
        resident_bytes: kilobytes * 1024,
        cpu_seconds,
        open_files: std::fs::read_dir("/proc/self/fd").ok()?.count(),
    })
}

/// User and system time in seconds: the 14th and 15th field. The program's name may contain spaces;
/// it ends with the last parenthesis.
fn cpu_time(stat: &str) -> Option<f64> {
    let fields = stat.rsplit(')').next()?.split_whitespace().collect::<Vec<_>>();
    let ticks = |field: usize| fields.get(field).and_then(|text| text.parse::<u64>().ok());
    // USER_HZ is 100 on every architecture that we build for.
    Some(ticks(11)?.saturating_add(ticks(12)?) as f64 / 100.0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn this_process_has_memory_and_files() {
        let process = super::read().expect("Linux tells");
        assert!(
            process.resident_bytes > 1_000_000
                && process.open_files > 2
                && process.cpu_seconds >= 0.0,
            "{process:?}"
        );
    }

    #[test]
    fn cpu_time_is_read_after_any_program_name() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 1 2 3 4 4294967295 4294967295 0 0 20 0";
        assert_eq!(super::cpu_time(stat), Some(85_899_345.9));
        assert_eq!(super::cpu_time("7 (a) S 1"), None);
    }
}
