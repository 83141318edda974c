//! Settings: read once at the start from flags and the environment, validated, never changed.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::http::client_ip::TrustedProxies;
use crate::http::network_policy::NetworkPolicy;
use crate::http::private_origins::PrivateOrigins;

/// The settings as given; flags override the environment.
#[derive(Args, Debug, Default, Clone)]
pub struct Settings {
    /// Directory for all data: db/production.sqlite3, files/, backups/ and the secrets
    #[arg(long, env = "STORAGE_PATH", default_value = "./storage")]
    pub storage_path: PathBuf,
    /// Path of the database file, if it is not in the storage directory
    #[arg(long, env = "DATABASE_PATH")]
    pub database_path: Option<PathBuf>,
    /// Address to listen on
    #[arg(long, env = "BIND", default_value = "127.0.0.1")]
    pub bind: String,
    /// Port to listen on; 0 picks a free one and logs it
    #[arg(long, env = "PORT", default_value = "3000")]
    pub port: String,
    /// Secret that signs sessions and links; generated once and stored in the storage directory if
    /// not set
    #[arg(long, env = "SECRET_KEY_BASE", hide_env_values = true)]
    pub secret_key_base: Option<String>,
    /// Public key that identifies this server to push services; a key pair is generated once and
    /// stored in the storage directory if not set
    #[arg(long, env = "VAPID_PUBLIC_KEY")]
    pub vapid_public_key: Option<String>,
    /// Private key that belongs to VAPID_PUBLIC_KEY
    #[arg(long, env = "VAPID_PRIVATE_KEY", hide_env_values = true)]
    pub vapid_private_key: Option<String>,
    /// Contact for push services, a mailto: or https: URL; the first administrator's email address if
    /// not set
    #[arg(long, env = "VAPID_SUBJECT")]
    pub vapid_subject: Option<String>,
    /// Push notifications: on or off
    #[arg(long, env = "PUSH_NOTIFICATIONS", default_value = "on")]
    pub push_notifications: String,
    /// Origins of your own push services, which may have private addresses, separated by commas
    #[arg(long, env = "PUSH_SERVICES")]
    pub push_services: Option<String>,
    /// Bots and webhooks: on or off
    #[arg(long, env = "BOT_INTEGRATIONS", default_value = "on")]
    pub bot_integrations: String,
    /// Whether webhooks may call private addresses, such as this machine: on or off
    #[arg(long, env = "WEBHOOK_PRIVATE_ADDRESSES", default_value = "on")]
    pub webhook_private_addresses: String,
    /// Addresses of proxies whose X-Forwarded-* headers are trusted, separated by commas
    #[arg(long, env = "TRUSTED_PROXIES", default_value = "loopback")]
    pub trusted_proxies: String,
    /// More origins that may open the WebSocket, separated by commas
    #[arg(long, env = "ALLOWED_ORIGINS")]
    pub allowed_origins: Option<String>,
    /// Directory of sound files that replace ours by name, such as tada.mp3
    #[arg(long, env = "SOUNDS_PATH")]
    pub sounds_path: Option<PathBuf>,
    /// Message search: true or false
    #[arg(long, env = "SEARCH_ENABLED", default_value = "true")]
    pub search_enabled: String,
    /// Bearer token for /metrics and /health/detailed; without it only this machine may read them
    #[arg(long, env = "METRICS_TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
    /// Log level: error, warn, info, debug or trace
    #[arg(long, env = "LOG_LEVEL")]
    pub log_level: Option<String>,
    /// Log format: text or json; text on a terminal and json elsewhere if not set
    #[arg(long, env = "LOG_FORMAT")]
    pub log_format: Option<String>,
}

/// Validated settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// See [`Settings::storage_path`].
    pub storage_path: PathBuf,
    pub database_path: PathBuf,
    pub bind: IpAddr,
    /// 0 picks a free port.
    pub port: u16,
    /// `None`: the one in the storage directory is used.
    pub secret_key_base: Option<String>,
    /// VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY, checked when the server starts.
    pub vapid_public_key: Option<String>,
    /// See [`Config::vapid_public_key`].
    pub vapid_private_key: Option<String>,
    pub vapid_subject: Option<String>,
    pub push_notifications: bool,
    /// The operator's own push services. Members choose push endpoints, so all others are called on the
    /// public internet only.
    pub push_services: PrivateOrigins,
    pub bot_integrations: bool,
    /// Time limit for a webhook call; a minute except in tests.
    pub webhook_timeout: Duration,
    /// Administrators choose webhook URLs, so they may call any address unless the operator forbids
    /// it.
    pub webhook_policy: NetworkPolicy,
    pub trusted_proxies: TrustedProxies,
    /// Origins that may open the WebSocket besides our own.
    pub allowed_origins: Vec<String>,
    /// Read when the server starts.
    pub sounds_path: Option<PathBuf>,
    pub search_enabled: bool,
    pub metrics_token: Option<String>,
    pub log: LogConfig,
    /// bcrypt's cost for new password digests; 12 as in Campfire, except in tests.
    pub password_cost: u32,
}

/// Log settings.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// The least severe level that is logged.
    pub level: tracing::Level,
    /// JSON lines or text; `None`: text on a terminal, JSON elsewhere.
    pub json: Option<bool>,
}

/// An invalid setting, in one line that names it and shows a valid value.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{name}: {problem}; for example {name}={example}")]
pub struct ConfigError {
    /// The environment variable.
    pub name: &'static str,
    /// What is wrong with its value.
    pub problem: String,
    /// A valid value.
    pub example: &'static str,
}

/// bcrypt's cost in Campfire.
const PASSWORD_COST: u32 = 12;

/// Time limit for a webhook call, from connecting to the last byte.
const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(60);

/// The shortest secret that is accepted, in bytes.
const MIN_SECRET: usize = 32;

/// The shortest metrics token that is accepted, in bytes.
const MIN_TOKEN: usize = 16;

impl Settings {
    /// Validates all settings.
    ///
    /// # Errors
    /// The first invalid setting.
    pub fn check(self) -> Result<Config, ConfigError> {
        let wrong = |name, problem: String, example| ConfigError { name, problem, example };
        let bind = self.bind.parse().map_err(|_| {
            wrong("BIND", format!("'{}' is not an IP address", self.bind), "0.0.0.0")
        })?;
        let port = self.port.parse().map_err(|_| {
            wrong("PORT", format!("'{}' is not a number from 0 to 65535", self.port), "3000")
        })?;
        let trusted_proxies = TrustedProxies::parse(&self.trusted_proxies).map_err(|entry| {
            wrong("TRUSTED_PROXIES", format!("'{entry}' is not an IP address"), "loopback,10.0.0.1")
        })?;
        let secret_key_base = self.secret_key_base.filter(|secret| !secret.is_empty());
        if secret_key_base.as_ref().is_some_and(|secret| secret.len() < MIN_SECRET) {
            let problem = format!("shorter than {MIN_SECRET} characters, which is not safe");
            return Err(wrong("SECRET_KEY_BASE", problem, "$(openssl rand -hex 64)"));
        }
        let vapid_subject = vapid_subject(self.vapid_subject)?;
        let push_notifications = switch("PUSH_NOTIFICATIONS", &self.push_notifications)?;
        let push_services =
            PrivateOrigins::parse(self.push_services.as_deref().unwrap_or_default())
                .map_err(|problem| wrong("PUSH_SERVICES", problem, "https://push.example.com"))?;
        let bot_integrations = switch("BOT_INTEGRATIONS", &self.bot_integrations)?;
        let private = switch("WEBHOOK_PRIVATE_ADDRESSES", &self.webhook_private_addresses)?;
        let allowed_origins = allowed_origins(self.allowed_origins.as_deref().unwrap_or(""))?;
        let search_enabled = switch("SEARCH_ENABLED", &self.search_enabled)?;
        let metrics_token = self
            .metrics_token
            .map(|token| token.trim().to_owned())
            .filter(|token| !token.is_empty());
        if metrics_token.as_ref().is_some_and(|token| token.len() < MIN_TOKEN) {
            return Err(wrong(
                "METRICS_TOKEN",
                format!("shorter than {MIN_TOKEN} characters, which is easy to guess"),
                "$(openssl rand -hex 16)",
            ));
        }
        let log =
            LogConfig { level: level(self.log_level)?, json: json(self.log_format.as_deref())? };
        let database_path =
            self.database_path.unwrap_or_else(|| self.storage_path.join("db/production.sqlite3"));
        Ok(Config {
            storage_path: self.storage_path,
            database_path,
            bind,
            port,
            secret_key_base,
            vapid_public_key: self.vapid_public_key,
            vapid_private_key: self.vapid_private_key,
            vapid_subject,
            push_notifications,
            push_services,
            bot_integrations,
            webhook_timeout: WEBHOOK_TIMEOUT,
            webhook_policy: if private { NetworkPolicy::Any } else { NetworkPolicy::PublicOnly },
            trusted_proxies,
            allowed_origins,
            sounds_path: self.sounds_path.filter(|path| !path.as_os_str().is_empty()),
            search_enabled,
            metrics_token,
            log,
            password_cost: PASSWORD_COST,
        })
    }
}

/// An on/off setting; on if empty.
fn switch(name: &'static str, text: &str) -> Result<bool, ConfigError> {
    match text.to_ascii_lowercase().as_str() {
        "" | "on" | "true" | "yes" | "1" => Ok(true),
        "off" | "false" | "no" | "0" => Ok(false),
        _ => Err(ConfigError {
            name,
            problem: format!("'{text}' is neither on nor off"),
            example: "off",
        }),
    }
}

fn vapid_subject(text: Option<String>) -> Result<Option<String>, ConfigError> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match &text {
        Some(subject)
            if !(subject.starts_with("mailto:") || subject.starts_with("https://"))
                || subject.len() > 500 =>
        {
            Err(ConfigError {
                name: "VAPID_SUBJECT",
                problem: format!("'{subject}' is not a mailto: or https: URL"),
                example: "mailto:operator@example.com",
            })
        }
        _ => Ok(text),
    }
}

fn allowed_origins(text: &str) -> Result<Vec<String>, ConfigError> {
    text.split(',')
        .map(str::trim)
        .filter(|origin| !origin.is_empty())
        .map(|origin| match origin.split_once("://") {
            Some(("http" | "https", host)) if !host.is_empty() && !host.contains('/') => {
                Ok(origin.to_ascii_lowercase())
            }
            _ => Err(ConfigError {
                name: "ALLOWED_ORIGINS",
                problem: format!("'{origin}' is not an origin"),
                example: "https://chat.example.com",
            }),
        })
        .collect()
}

/// Rails' RAILS_LOG_LEVEL is honored as well, so that the environment of an existing installation
/// keeps working.
fn level(text: Option<String>) -> Result<tracing::Level, ConfigError> {
    let text =
        text.or_else(|| std::env::var("RAILS_LOG_LEVEL").ok()).unwrap_or_else(|| "info".into());
    match text.to_ascii_lowercase().as_str() {
        "fatal" | "unknown" => Ok(tracing::Level::ERROR),
        other => other.parse().map_err(|_| ConfigError {
            name: "LOG_LEVEL",
            problem: format!("'{text}' is not one of error, warn, info, debug, trace"),
            example: "info",
        }),
    }
}

fn json(text: Option<&str>) -> Result<Option<bool>, ConfigError> {
    match text {
        None | Some("") => Ok(None),
        Some("text") => Ok(Some(false)),
        Some("json") => Ok(Some(true)),
        Some(other) => Err(ConfigError {
            name: "LOG_FORMAT",
            problem: format!("'{other}' is neither text nor json"),
            example: "json",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            bind: "127.0.0.1".into(),
            port: "3000".into(),
            trusted_proxies: "loopback".into(),
            search_enabled: "true".into(),
            ..Settings::default()
        }
    }

    #[test]
    fn an_error_names_the_variable_and_shows_a_valid_value() {
        let error = Settings { port: "eighty".into(), ..settings() }.check().expect_err("no port");
        assert_eq!(
            error.to_string(),
            "PORT: 'eighty' is not a number from 0 to 65535; for example PORT=3000"
        );
    }

    #[test]
    fn a_short_secret_is_rejected_without_being_shown() {
        let error = Settings { secret_key_base: Some("hunter2".into()), ..settings() }
            .check()
            .expect_err("too short");
        assert!(!error.to_string().contains("hunter2"));
        let error = Settings { metrics_token: Some("hunter2".into()), ..settings() }
            .check()
            .expect_err("too short");
        assert!(
            error.to_string().starts_with("METRICS_TOKEN")
                && !error.to_string().contains("hunter2")
        );
    }

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let check = |path: &str| {
            Settings { sounds_path: Some(path.into()), ..settings() }
                .check()
                .expect("settings")
                .sounds_path
        };
        assert_eq!(check(""), None);
        assert_eq!(check("/srv/sounds"), Some("/srv/sounds".into()));
    }

    #[test]
    fn a_flag_is_on_or_off() {
        let check = |text: &str| {
            Settings { search_enabled: text.into(), ..settings() }
                .check()
                .map(|config| config.search_enabled)
        };
        assert_eq!((check("on").ok(), check("0").ok()), (Some(true), Some(false)));
        assert!(
            check("maybe").expect_err("neither").to_string().starts_with("SEARCH_ENABLED: 'maybe'")
        );
    }

    #[test]
    fn allowed_origins_have_no_path() {
        let check =
            |text: &str| Settings { allowed_origins: Some(text.into()), ..settings() }.check();
        assert!(check("https://a.example.com/path").is_err());
        assert_eq!(
            check("https://A.example.com, http://b:3000").expect("origins").allowed_origins.len(),
            2
        );
    }

    #[test]
    fn switches_are_on_or_off_and_subjects_are_addresses() {
        let pushes =
            |text: &str| Settings { push_notifications: text.into(), ..settings() }.check();
        assert!(
            pushes("on").expect("on").push_notifications
                && !pushes("OFF").expect("off").push_notifications
        );
        assert_eq!(pushes("maybe").expect_err("neither").name, "PUSH_NOTIFICATIONS");
        let subject =
            |text: &str| Settings { vapid_subject: Some(text.into()), ..settings() }.check();
        assert_eq!(subject(" ").expect("none").vapid_subject, None);
        assert!(subject("mailto:operator@example.com").is_ok());
        assert_eq!(subject("operator@example.com").expect_err("no address").name, "VAPID_SUBJECT");
    }
}
