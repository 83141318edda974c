//! Who is mentioned in the run with crashes: bots with webhooks, and people with devices.

use serde_json::{Value, json};

use crate::Outcome;
use crate::client::Client;
use crate::push_services::PushServices;
use crate::receivers::{Receivers, answer_to, answers};
use crate::world::World;

/// Bots.
const BOTS: usize = 8;
/// People that are mentioned: who, what they want to hear of, on how many devices. Those with small
/// numbers also write.
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
/// Who has a further device, which is gone.
const LOST_ONE: i64 = 11;
/// People there must be.
pub const ALL: usize = 13;

/// What a person wants to hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Involvement {
    Everything,
    Mentions,
    Nothing,
}

impl Involvement {
    fn word(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Mentions => "mentions",
            Self::Nothing => "nothing",
        }
    }
}

/// A bot that can be mentioned.
pub struct Bot {
    /// Its number.
    pub id: i64,
    /// What it is called.
    name: String,
    /// What it is mentioned by.
    pub sgid: String,
}

impl Bot {
    /// What notifications say of its answer to a message, if it answers.
    pub fn answer(&self, message: i64) -> Option<String> {
        answers(self.id).then(|| format!("{}: {}", self.name, answer_to(message)))
    }
}

/// A person who can be mentioned.
pub struct Person {
    /// Their number.
    pub id: i64,
    /// What they are mentioned by.
    pub sgid: String,
    /// What they want to hear of.
    pub involvement: Involvement,
    /// Their devices.
    pub devices: Vec<usize>,
    /// A device that its push service does not know any more.
    pub gone: Option<usize>,
}

/// Everybody who can be mentioned.
pub struct Cast {
    /// Bots with webhooks.
    pub bots: Vec<Bot>,
    /// People with devices.
    pub people: Vec<Person>,
}

impl Cast {
    /// Makes the bots and gives the people their devices; all are in the first room, which is open.
    pub async fn gather(
        client: &mut Client,
        world: &World,
        receivers: &Receivers,
        services: &PushServices,
    ) -> Outcome<Self> {
        let status = client.get("/api/v1/status").await?.json(&[200])?;
        services.expect(status["vapid_public_key"].as_str().ok_or("no key for push services")?);
        let mut bots = Vec::new();
        for number in 1..=BOTS {
            let name = format!("Bot {number}");
            let made = client
                .post("/api/v1/bots", &json!({ "name": name }).to_string())
                .await?
                .json(&[201])?;
            let id = made["id"].as_i64().ok_or("no id")?;
            let form = json!({ "webhook_url": receivers.url(id) }).to_string();
            let changed =
                client.send("PATCH", &format!("/api/v1/bots/{id}"), &form).await?.json(&[200])?;
            receivers.expect(id, changed["webhook_secret"].as_str().ok_or("no secret")?);
            bots.push(Bot { id, name, sgid: String::new() });
        }
        let mut people = Vec::new();
        for (id, involvement, count) in PEOPLE {
            let token = &world.tokens[usize::try_from(id - 1)?];
            let mut own = Client::connect(client.address(), token).await?;
            let form = json!({ "involvement": involvement.word() }).to_string();
            own.send("PUT", "/api/v1/rooms/1/involvement", &form).await?.json(&[200])?;
            let mut devices = Vec::new();
            for is_gone in std::iter::repeat_n(false, count).chain((id == LOST_ONE).then_some(true))
            {
                let (device, form) = services.device(is_gone);
                own.post("/api/v1/push_subscriptions", &form.to_string()).await?.json(&[201])?;
                devices.push(device);
            }
            let gone = if id == LOST_ONE { devices.pop() } else { None };
            people.push(Person { id, sgid: String::new(), involvement, devices, gone });
        }
        let known = client.get("/api/v1/users?room_id=1&limit=500").await?.json(&[200])?;
        for (id, sgid) in bots
            .iter_mut()
            .map(|bot| (bot.id, &mut bot.sgid))
            .chain(people.iter_mut().map(|one| (one.id, &mut one.sgid)))
        {
            *sgid = found(&known, id).ok_or_else(|| format!("{id} cannot be mentioned"))?;
        }
        Ok(Self { bots, people })
    }

    /// The person with a device that is gone.
    pub fn lost_one(&self) -> Option<&Person> {
        self.people.iter().find(|person| person.gone.is_some())
    }
}

fn found(known: &Value, id: i64) -> Option<String> {
    Some(known.as_array()?.iter().find(|person| person["id"] == id)?["sgid"].as_str()?.to_owned())
}
