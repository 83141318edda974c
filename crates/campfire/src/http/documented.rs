//! What any route of its kind may answer, whatever it is for, put into the OpenAPI document in one place.

use utoipa::openapi::path::Operation;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, ResponseBuilder};

/// Adds the shared answers to every operation that does not describe them itself.
pub fn complete(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        let safe = [&mut item.get, &mut item.head, &mut item.options];
        safe.into_iter().flatten().for_each(|operation| shared(operation, false));
        let unsafe_ = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        unsafe_.into_iter().flatten().for_each(|operation| shared(operation, true));
    }
}

fn shared(operation: &mut Operation, changes: bool) {
    let needs_somebody = operation.responses.responses.contains_key("401");
    if operation.request_body.is_some() {
        add(operation, "400", "The body is malformed");
        add(operation, "413", "The body is too large");
        add(operation, "415", "The body has another media type");
        add(operation, "422", "The body is understood and not accepted; `errors` names the fields");
    }
    if needs_somebody || changes {
        add(operation, "403", "Not for this kind of caller, or a cookie's request from another site");
    }
    if changes {
        add(operation, "429", "The address is barred, or has tried too often");
    }
    add(operation, "503", "The server is stopping, its disk is full, or too much is asked of it at once");
}

fn add(operation: &mut Operation, status: &str, description: &str) {
    operation.responses.responses.entry(status.to_owned()).or_insert_with(|| {
        let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        RefOr::T(ResponseBuilder::new().description(description).content("application/problem+json", problem).build())
    });
}
