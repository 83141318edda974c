//! What any route of its kind may answer, whatever it is for, put into the OpenAPI document in one
//! place.

use utoipa::openapi::path::Operation;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, ResponseBuilder};

/// Adds the shared answers to every operation that does not describe them itself.
pub fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let names_something = path.contains('{');
        if path.contains("{bot_key}") {
            let all =
                [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
            all.into_iter().flatten().for_each(keyed);
        }
        let safe = [&mut item.get, &mut item.head, &mut item.options];
        safe.into_iter().flatten().for_each(|operation| shared(operation, names_something, false));
        let unsafe_ = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        unsafe_
            .into_iter()
            .flatten()
            .for_each(|operation| shared(operation, names_something, true));
    }
}

/// What a bot's key in the path brings with it.
fn keyed(operation: &mut Operation) {
    add(operation, "401", "A wrong or revoked key");
    add(
        operation,
        "403",
        "Bots are switched off, it is somebody else's message, or the other one of a direct room does not want it",
    );
    add(operation, "404", "No such room, message or boost, or the bot is not in the room");
}

fn shared(operation: &mut Operation, names_something: bool, changes: bool) {
    let needs_somebody = operation.responses.responses.contains_key("401");
    if operation.request_body.is_some() {
        add(operation, "400", "The body is malformed");
        add(operation, "413", "The body is too large");
        add(operation, "415", "The body has another media type");
        add(operation, "422", "The body is understood and not accepted; `errors` names the fields");
    }
    if names_something {
        add(operation, "404", "There is none, or not for this caller");
    }
    if needs_somebody || changes {
        add(
            operation,
            "403",
            "Not for this kind of caller, or a cookie's request from another site",
        );
    }
    if changes {
        add(operation, "429", "The address is barred, or has tried too often");
    }
    add(
        operation,
        "503",
        "The server is stopping, its disk is full, or too much is asked of it at once",
    );
}

fn add(operation: &mut Operation, status: &str, description: &str) {
    operation.responses.responses.entry(status.to_owned()).or_insert_with(|| {
        let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        RefOr::T(
            ResponseBuilder::new()
                .description(description)
                .content("application/problem+json", problem)
                .build(),
        )
    });
}
