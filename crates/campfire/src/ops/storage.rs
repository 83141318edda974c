//! The storage directory: its folders, and the secrets that are generated on the first start.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rails_compat::Secret;

use crate::core::config::Config;
use crate::integrations::pushes::vapid::Keys;

/// The file that holds the secret when SECRET_KEY_BASE is not set.
const SECRET_FILE: &str = "secret_key_base";
/// The file that holds the private key for push services when VAPID_PRIVATE_KEY is not set. The
/// public key is derived from it.
const PUSH_KEY_FILE: &str = "vapid_private_key";

/// Why the storage directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A folder or file cannot be created or read.
    #[error("STORAGE_PATH: cannot use {}: {problem}; make it a directory that this user can write to", path.display())]
    Unusable {
        /// The folder or file.
        path: PathBuf,
        /// The system's error.
        problem: io::Error,
    },
    /// The stored secret is damaged.
    #[error("{}: {problem}; restore it from a backup, or delete it to generate a new one (which signs everyone out)", path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The stored key for push services is damaged.
    #[error("{}: not a private key; restore it from a backup, or delete it to generate a new one (notifications must then be turned on again on every device)", path.display())]
    PushKey {
        /// The file.
        path: PathBuf,
    },
}

/// Creates the folders of the storage directory.
///
/// # Errors
/// The folder that cannot be created.
pub fn prepare(config: &Config) -> Result<(), StorageError> {
    let database = config.database_path.parent().unwrap_or(Path::new("."));
    for path in [database, &config.storage_path.join("files"), &config.storage_path.join("backups")]
    {
        fs::create_dir_all(path)
            .map_err(|problem| StorageError::Unusable { path: path.to_owned(), problem })?;
    }
    Ok(())
}

/// The secret from the settings, or the one in the storage directory, generated on the first start.
///
/// # Errors
/// A secret that cannot be read, written or used.
pub fn secret(config: &Config) -> Result<Secret, StorageError> {
    let path = config.storage_path.join(SECRET_FILE);
    let base = match &config.secret_key_base {
        Some(base) => base.clone(),
        None => read_or_generate(&path, rails_compat::generate_secret_key_base)
            .map_err(|problem| StorageError::Unusable { path: path.clone(), problem })?,
    };
    Secret::new(base.trim())
        .map_err(|problem| StorageError::Secret { path, problem: problem.to_string() })
}

/// The keys for push services: those configured, or the ones in the storage directory, generated on
/// the first start.
///
/// # Errors
/// A key that cannot be read, written or used.
pub fn push_keys(config: &Config, configured: Option<Keys>) -> Result<Keys, StorageError> {
    if let Some(keys) = configured {
        return Ok(keys);
    }
    let path = config.storage_path.join(PUSH_KEY_FILE);
    let private = read_or_generate(&path, || Keys::generate().private())
        .map_err(|problem| StorageError::Unusable { path: path.clone(), problem })?;
    Keys::parse(&private).ok_or(StorageError::PushKey { path })
}

/// The content of the file, generated on the first start.
fn read_or_generate(path: &Path, generate: impl FnOnce() -> String) -> io::Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => return found,
    }
    // Written to another file and renamed, so that a crash leaves no partial secret.
    let secret = generate();
    let draft = path.with_extension("new");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    writeln!(file, "{secret}")?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    fs::File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(secret)
}
