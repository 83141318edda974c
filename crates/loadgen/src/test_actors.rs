//! The bots with webhooks and people with devices that the crash test mentions.

use serde_json::{Value, json};

use crate::Result;
use crate::client::Client;
use crate::fixture::Fixture;
use crate::push_services::PushServices;
use crate::webhook_endpoints::{WebhookEndpoints, replies_with_text, reply_text};

const BOTS: usize = 8;
/// The people who are mentioned: user ID, involvement, number of devices. Those with the lowest IDs
/// also post.
const PEOPLE: [(i64, Involvement, usize); 8] = [
    (2, Involvement::Mentions, 2),
    (3, Involvement::Mentions, 1),
    (4, Involvement::Everything, 1),
    (9, Involvement::Mentions, 2),
    (10, Involvement::Mentions, 1),
    (11, Involvement::Mentions, 1),
    (12, Involvement::Nothing, 1),
    (13, Involvement::Everything, 1),
];
/// The person who also has an expired device.
const WITH_EXPIRED_DEVICE: i64 = 11;
/// People that the fixture must have.
pub const FIXTURE_PEOPLE: usize = 13;

/// Which messages of the room a person is notified of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Involvement {
    Everything,
    Mentions,
    Nothing,
}

impl Involvement {
    fn as_str(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Mentions => "mentions",
            Self::Nothing => "nothing",
        }
    }
}

/// A bot with a webhook.
pub struct Bot {
    pub id: i64,
    name: String,
    /// The signed ID that mentions refer to.
    pub sgid: String,
}

impl Bot {
    /// The text of a notification about the bot's reply to a message, if the bot replies.
    pub fn reply_notification(&self, message: i64) -> Option<String> {
        replies_with_text(self.id).then(|| format!("{}: {}", self.name, reply_text(message)))
    }
}

/// A person with devices.
pub struct Person {
    pub id: i64,
    /// The signed ID that mentions refer to.
    pub sgid: String,
    pub involvement: Involvement,
    /// The indexes of the devices.
    pub devices: Vec<usize>,
    /// The index of a device whose subscription has expired.
    pub expired_device: Option<usize>,
}

/// Everyone who can be mentioned.
pub struct TestActors {
    pub bots: Vec<Bot>,
    pub people: Vec<Person>,
}

impl TestActors {
    /// Creates the bots and subscribes the people's devices; all are in the first room, which is
    /// open.
    pub async fn create(
        client: &mut Client,
        fixture: &Fixture,
        endpoints: &WebhookEndpoints,
        services: &PushServices,
    ) -> Result<Self> {
        let status = client.get("/api/v1/status").await?.json(&[200])?;
        services.set_vapid_key(status["vapid_public_key"].as_str().ok_or("no VAPID key")?);
        let mut bots = Vec::new();
        for index in 1..=BOTS {
            let name = format!("Bot {index}");
            let form = json!({ "name": name }).to_string();
            let created = client.post("/api/v1/bots", &form).await?.json(&[201])?;
            let id = created["id"].as_i64().ok_or("the bot has no ID")?;
            let form = json!({ "webhook_url": endpoints.url(id) }).to_string();
            let changed =
                client.send("PATCH", &format!("/api/v1/bots/{id}"), &form).await?.json(&[200])?;
            endpoints.set_secret(id, changed["webhook_secret"].as_str().ok_or("no secret")?);
            bots.push(Bot { id, name, sgid: String::new() });
        }
        let mut people = Vec::new();
        for (id, involvement, count) in PEOPLE {
            let token = &fixture.tokens[usize::try_from(id - 1)?];
            let mut own = Client::connect(client.address(), token).await?;
            let form = json!({ "involvement": involvement.as_str() }).to_string();
            own.send("PUT", "/api/v1/rooms/1/involvement", &form).await?.json(&[200])?;
            let mut devices = Vec::new();
            let has_expired = id == WITH_EXPIRED_DEVICE;
            for is_expired in std::iter::repeat_n(false, count).chain(has_expired.then_some(true)) {
                let (device, form) = services.add_device(is_expired);
                own.post("/api/v1/push_subscriptions", &form.to_string()).await?.json(&[201])?;
                devices.push(device);
            }
            let expired_device = if has_expired { devices.pop() } else { None };
            people.push(Person { id, sgid: String::new(), involvement, devices, expired_device });
        }
        let users = client.get("/api/v1/users?room_id=1&limit=500").await?.json(&[200])?;
        for (id, sgid) in bots
            .iter_mut()
            .map(|bot| (bot.id, &mut bot.sgid))
            .chain(people.iter_mut().map(|person| (person.id, &mut person.sgid)))
        {
            *sgid = sgid_of(&users, id).ok_or_else(|| format!("{id} cannot be mentioned"))?;
        }
        Ok(Self { bots, people })
    }

    /// The person who has an expired device.
    pub fn person_with_expired_device(&self) -> Option<&Person> {
        self.people.iter().find(|person| person.expired_device.is_some())
    }
}

/// The signed ID of a user in a response of `/api/v1/users`.
pub fn sgid_of(users: &Value, id: i64) -> Option<String> {
    Some(users.as_array()?.iter().find(|user| user["id"] == id)?["sgid"].as_str()?.to_owned())
}
