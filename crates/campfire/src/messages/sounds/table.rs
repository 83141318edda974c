//! The sounds that `/play` knows, and what is shown beside each button.

use super::{Reaction, Sound};

/// All sounds, sorted by name.
pub static ALL: [Sound; 56] = [
    picture("56k", 79, 33),
    text("ballmer", "developers!"),
    text("bell", "🔔"),
    text("bezos", "😆💭"),
    text("bueller", "anyone?"),
    text("butts", "👐 🚬"),
    picture("clowntown", 210, 150),
    text("cottoneyejoe", "🎶🙉🎶"),
    text("crickets", "hears crickets chirping"),
    picture("curb", 150, 101),
    text("dadgummit", "dad gummit!! 🎣"),
    picture("dangerzone", 157, 32),
    text("danielsan", "🎆 🏆 🎆"),
    picture("deeper", 188, 80),
    picture("donotwant", 150, 150),
    picture("drama", 300, 16),
    text("flawless", "#flawless"),
    text("glados", "🤖💢"),
    text("gogogo", "Go, go, go!"),
    picture("greatjob", 79, 16),
    text("greyjoy", "😖🎺"),
    text("guarantee", "guarantees it 👌"),
    text("heygirl", "✨💁✨"),
    text("honk", "HONK"),
    text("horn", "🐶 ✂️ 🐱"),
    text("horror", "💀 💀 💀 💀 💀 💀 💀"),
    text("inconceivable", "doesn't think it means what you think it means…"),
    text("letitgo", "❄️👩❄️⛄️❄️"),
    text("live", "is DOING IT LIVE"),
    picture("loggins", 200, 151),
    text("makeitso", "make it so 👉"),
    text("noooo", "👸💀😒"),
    picture("nyan", 36, 15),
    text("ohmy", "raises an eyebrow 😏"),
    text("ohyeah", "isn't playing by the rules"),
    picture("pushit", 104, 15),
    text("rimshot", "plays a rimshot"),
    text("rollout", "is rolling out 🚗"),
    picture("rumble", 220, 150),
    text("sax", "🌇🎷🎶"),
    text("secret", "found a secret area 🔑"),
    text("sexyback", "🔞"),
    text("story", "and now you know…"),
    text("tada", "plays a fanfare 🎏"),
    text("tmyk", "✨ ⭐️ The More You Know ✨ ⭐️"),
    text("totes", "😁👍"),
    text("trololo", "трололо"),
    text("trombone", "plays a sad trombone"),
    text("unix", "knows this 💻"),
    text("vuvuzela", "======<() ~ ♪ ~♫"),
    picture("what", 100, 131),
    text("whoomp", "👏‼️😎"),
    text("wups", "wups!"),
    picture("yay", 103, 50),
    picture("yeah", 104, 15),
    text("yodel", "📣🗻🙉"),
];

const fn text(name: &'static str, text: &'static str) -> Sound {
    Sound { name, reaction: Reaction::Text(text) }
}

const fn picture(name: &'static str, width: u16, height: u16) -> Sound {
    Sound { name, reaction: Reaction::Picture { width, height } }
}
