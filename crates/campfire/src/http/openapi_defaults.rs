//! Completes the OpenAPI document with what is the same for many routes, so that handlers only
//! document what is special about them:
//!
//! - every error without a body of its own is a problem (RFC 9457);
//! - every operation answers 401 unless it is public, which it declares with `security(())`;
//! - every operation gets the responses that its shape makes possible (a body, an id in the path,
//!   a change, a bot key).

use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, ContentBuilder, OpenApi, Ref, RefOr, ResponseBuilder};

/// Adds the shared responses to every operation that does not document them itself.
pub fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let reads = [&mut item.get, &mut item.head, &mut item.options];
        reads.into_iter().flatten().for_each(|operation| add_shared(operation, path, false));
        let writes = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        writes.into_iter().flatten().for_each(|operation| add_shared(operation, path, true));
    }
}

fn add_shared(operation: &mut Operation, path: &str, changes: bool) {
    if path.contains("{bot_key}") {
        add(operation, "401", "The bot key is wrong or was revoked");
        add(
            operation,
            "403",
            "Bots are turned off, the message belongs to someone else, or the other person in a direct room blocked this bot",
        );
        add(operation, "404", "No such room, message or boost, or the bot is not in the room");
    }
    let public = operation.security.take().is_some();
    if !public {
        add(operation, "401", "Not signed in");
    }
    if operation.request_body.is_some() {
        add(operation, "400", "The body is malformed");
        add(operation, "413", "The body is too large");
        add(operation, "415", "The body has an unsupported media type");
        add(operation, "422", "Some fields are invalid; `errors` names them");
    }
    if path.contains('{') {
        add(operation, "404", "It does not exist, or the caller may not see it");
    }
    if !public || changes {
        add(
            operation,
            "403",
            "The caller may not do this, or the request came from another site with a cookie",
        );
    }
    if changes {
        add(operation, "429", "The address is banned, or made too many attempts");
    }
    add(operation, "503", "The server is stopping, overloaded, or its disk is full");
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
            && response.content.is_empty()
        {
            response.content.insert("application/problem+json".to_owned(), problem());
        }
    }
}

fn add(operation: &mut Operation, status: &str, description: &str) {
    operation
        .responses
        .responses
        .entry(status.to_owned())
        .or_insert_with(|| RefOr::T(ResponseBuilder::new().description(description).build()));
}

fn problem() -> Content {
    ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build()
}
