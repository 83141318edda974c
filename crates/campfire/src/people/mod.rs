//! People joining, leaving and being managed. Above `rooms` and `messages`, because joining grants
//! rooms and removing somebody purges what they wrote.

pub mod admin;
pub mod bots;
pub mod devices;
pub mod directory;
pub mod preferences;
pub mod signup;
