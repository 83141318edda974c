//! What the operator decides: read once at the start from flags and the environment, checked as a
//! whole, never changed after.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::http::client_ip::TrustedProxies;
use crate::http::network_policy::NetworkPolicy;
use crate::http::private_origins::PrivateOrigins;

/// The settings as the operator wrote them; flags override the environment.
#[derive(Args, Debug, Default, Clone)]
pub struct Settings {
    /// Directory with everything that must survive: db/production.sqlite3, files/, backups/,
    /// secrets
    #[arg(long, env = "STORAGE_PATH", default_value = "./storage")]
    pub storage_path: PathBuf,
    /// The database file, when it is to live elsewhere than in the storage directory
    #[arg(long, env = "DATABASE_PATH")]
    pub database_path: Option<PathBuf>,
    /// Address to listen on
    #[arg(long, env = "BIND", default_value = "127.0.0.1")]
    pub bind: String,
    /// Port to listen on; 0 takes a free one and logs it
    #[arg(long, env = "PORT", default_value = "3000")]
    pub port: String,
    /// What sign-ins are signed with; made once and kept in the storage directory when absent
    #[arg(long, env = "SECRET_KEY_BASE", hide_env_values = true)]
    pub secret_key_base: Option<String>,
    /// What push services know this server by, with its private part; a pair is made once and kept
    /// in the storage directory when absent
    #[arg(long, env = "VAPID_PUBLIC_KEY")]
    pub vapid_public_key: Option<String>,
    /// The private part of VAPID_PUBLIC_KEY
    #[arg(long, env = "VAPID_PRIVATE_KEY", hide_env_values = true)]
    pub vapid_private_key: Option<String>,
    /// Where push services reach the operator: a mailto: or https: address; the first
    /// administrator's when absent
    #[arg(long, env = "VAPID_SUBJECT")]
    pub vapid_subject: Option<String>,
    /// Whether devices are notified while nobody looks: on or off
    #[arg(long, env = "PUSH_NOTIFICATIONS", default_value = "on")]
    pub push_notifications: String,
    /// Origins of push services of one's own, which may be on private addresses, separated by
    /// commas
    #[arg(long, env = "PUSH_SERVICES")]
    pub push_services: Option<String>,
    /// Whether there are bots, with their keys, hooks and webhooks: on or off
    #[arg(long, env = "BOT_INTEGRATIONS", default_value = "on")]
    pub bot_integrations: String,
    /// Whether webhooks may call private addresses, such as a program on this machine: on or off
    #[arg(long, env = "WEBHOOK_PRIVATE_ADDRESSES", default_value = "on")]
    pub webhook_private_addresses: String,
    /// Addresses of proxies whose X-Forwarded-* headers are believed, separated by commas
    #[arg(long, env = "TRUSTED_PROXIES", default_value = "loopback")]
    pub trusted_proxies: String,
    /// Further origins whose pages may open the WebSocket, separated by commas
    #[arg(long, env = "ALLOWED_ORIGINS")]
    pub allowed_origins: Option<String>,
    /// Directory of sound files that replace ours by name, such as tada.mp3
    #[arg(long, env = "SOUNDS_PATH")]
    pub sounds_path: Option<PathBuf>,
    /// Whether messages can be searched: true or false
    #[arg(long, env = "SEARCH_ENABLED", default_value = "true")]
    pub search_enabled: String,
    /// Who brings it as a bearer token may read /metrics and /health/detailed from elsewhere;
    /// without it only this machine may
    #[arg(long, env = "METRICS_TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
    /// How much to log: error, warn, info, debug or trace
    #[arg(long, env = "LOG_LEVEL")]
    pub log_level: Option<String>,
    /// How to log: text or json; text on a terminal and json elsewhere when absent
    #[arg(long, env = "LOG_FORMAT")]
    pub log_format: Option<String>,
}

/// The settings, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// See [`Settings::storage_path`].
    pub storage_path: PathBuf,
    /// The database file.
    pub database_path: PathBuf,
    /// Where to listen.
    pub bind: IpAddr,
    /// 0 means any free port.
    pub port: u16,
    /// From the environment; otherwise kept in the storage directory.
    pub secret_key_base: Option<String>,
    /// VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY, checked when the server starts.
    pub vapid_public_key: Option<String>,
    /// See [`Config::vapid_public_key`].
    pub vapid_private_key: Option<String>,
    /// Where push services reach the operator.
    pub vapid_subject: Option<String>,
    /// Whether devices are notified.
    pub push_notifications: bool,
    /// Push services of the operator's own; members name them, so others are called on the public
    /// internet only.
    pub push_services: PrivateOrigins,
    /// Whether there are bots.
    pub bot_integrations: bool,
    /// How long a webhook's receiver may take in all; a minute except in tests.
    pub webhook_time: Duration,
    /// Which addresses webhooks may call: administrators name them, so any, unless the operator
    /// wants it otherwise.
    pub webhook_policy: NetworkPolicy,
    /// Whose forwarding headers are believed.
    pub trusted_proxies: TrustedProxies,
    /// Origins that may open the WebSocket besides the host itself.
    pub allowed_origins: Vec<String>,
    /// The operator's own sounds; read when the server starts.
    pub sounds_path: Option<PathBuf>,
    /// Whether messages can be searched.
    pub search_enabled: bool,
    /// Opens the figures of the server to whoever brings it.
    pub metrics_token: Option<String>,
    /// How much and how to log.
    pub log: LogConfig,
    /// bcrypt's cost for new digests; Campfire's 12 except in tests.
    pub password_cost: u32,
}

/// How much and how to log.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// The least level that is written.
    pub level: tracing::Level,
    /// JSON lines, or text; decided by the terminal when `None`.
    pub json: Option<bool>,
}

/// A setting that cannot be used, in one line that names it and shows one that could.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{name}: {problem}; for example {name}={example}")]
pub struct ConfigError {
    /// The environment variable.
    pub name: &'static str,
    /// What is wrong with its value.
    pub problem: String,
    /// A value that works.
    pub example: &'static str,
}

/// bcrypt's cost in Campfire.
const PASSWORD_COST: u32 = 12;

/// How long a webhook's receiver may take, from connecting to the last byte.
const WEBHOOK_TIME: Duration = Duration::from_secs(60);

/// The least length of a secret that is worth the name.
const MIN_SECRET: usize = 32;

/// The least length of a token that opens the server's figures.
const MIN_TOKEN: usize = 16;

impl Settings {
    /// Checks all settings.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn check(self) -> Result<Config, ConfigError> {
        let wrong = |name, problem: String, example| ConfigError { name, problem, example };
        let bind = self
            .bind
            .parse()
            .map_err(|_| wrong("BIND", format!("'{}' is no IP address", self.bind), "0.0.0.0"))?;
        let port = self.port.parse().map_err(|_| {
            wrong("PORT", format!("'{}' is no number from 0 to 65535", self.port), "3000")
        })?;
        let trusted_proxies = TrustedProxies::parse(&self.trusted_proxies).map_err(|entry| {
            wrong("TRUSTED_PROXIES", format!("'{entry}' is no IP address"), "loopback,10.0.0.1")
        })?;
        let secret_key_base = self.secret_key_base.filter(|secret| !secret.is_empty());
        if secret_key_base.as_ref().is_some_and(|secret| secret.len() < MIN_SECRET) {
            let problem = format!("shorter than {MIN_SECRET} characters, too short to be safe");
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
                format!("shorter than {MIN_TOKEN} characters, easily guessed"),
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
            webhook_time: WEBHOOK_TIME,
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

/// On unless switched off.
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
                problem: format!("'{subject}' is no mailto: or https: address"),
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
                problem: format!("'{origin}' is no origin"),
                example: "https://chat.example.com",
            }),
        })
        .collect()
}

/// Rails' variable of the same meaning is honoured, so that an existing installation's environment
/// can be kept.
fn level(text: Option<String>) -> Result<tracing::Level, ConfigError> {
    let text =
        text.or_else(|| std::env::var("RAILS_LOG_LEVEL").ok()).unwrap_or_else(|| "info".into());
    match text.to_ascii_lowercase().as_str() {
        "fatal" | "unknown" => Ok(tracing::Level::ERROR),
        other => other.parse().map_err(|_| ConfigError {
            name: "LOG_LEVEL",
            problem: format!("'{text}' is none of error, warn, info, debug, trace"),
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
    fn a_wrong_value_is_named_with_its_problem_and_an_example() {
        let error = Settings { port: "eighty".into(), ..settings() }.check().expect_err("no port");
        assert_eq!(
            error.to_string(),
            "PORT: 'eighty' is no number from 0 to 65535; for example PORT=3000"
        );
    }

    #[test]
    fn a_short_secret_is_refused_without_being_repeated() {
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
    fn a_variable_that_is_set_to_nothing_is_not_set() {
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
    fn origins_are_origins_and_not_addresses() {
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
