//! The rules of the house, as far as a machine can see them: rooms and their names, who may use whom,
//! how long a file may be, and that the kit names no business noun.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The rooms of a service. The gateway's door speaks GraphQL, which has a room of its own.
const ROOMS: [&str; 8] = ["lib", "http", "events", "jobs", "app", "domain", "storage", "graphql"];
/// The services.
const SERVICES: [&str; 5] = ["customer", "interaction", "loyalty", "survey", "gateway"];
/// What a room may not use: the rooms above it.
const FORBIDDEN: [(&str, &[&str]); 5] = [
    (
        "domain",
        &["kit::", "sea_orm", "crate::app", "crate::storage", "crate::http", "crate::events", ".await"],
    ),
    ("storage", &["crate::app", "crate::http", "crate::events", "crate::jobs", "crate::graphql"]),
    ("app", &["crate::http", "crate::events", "crate::jobs", "crate::graphql", "actix_web"]),
    ("events", &["crate::http", "crate::jobs", "crate::graphql", "actix_web"]),
    ("jobs", &["crate::http", "crate::events", "crate::graphql", "actix_web"]),
];
/// Words of the business that the kit must not know.
const NOUNS: [&str; 12] = [
    "customer",
    "purchase",
    "loyalty",
    "survey",
    "interaction",
    "points",
    "tier",
    "household",
    "consent",
    "outlet",
    "nps",
    "contact",
];
/// The longest file without a reason.
const LONGEST: usize = 500;
/// The median must stay below this.
const MEDIAN: usize = 120;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("tests/e2e lies in the workspace")
        .to_owned()
}

pub(crate) fn sources(under: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![under.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of ours").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn all_sources() -> Vec<PathBuf> {
    ["schema/src", "services", "tests"].iter().flat_map(|folder| sources(&root().join(folder))).collect()
}

/// The code of a file, without comments and without its tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("readable");
    let product = text.split("#[cfg(test)]").next().unwrap_or("");
    product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The room of a file: the first part of its path below `src`.
fn room(path: &Path, source: &Path) -> String {
    let below = path.strip_prefix(source).expect("below src");
    let first = below.iter().next().expect("a first part").to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn services_have_the_same_rooms() {
    for service in SERVICES {
        let source = root().join("services").join(service).join("src");
        for path in sources(&source) {
            let room = room(&path, &source);
            assert!(ROOMS.contains(&room.as_str()), "{service} has a room of its own: {room}");
            assert!(room != "graphql" || service == "gateway", "{service} has no business with GraphQL");
            assert!(!path.ends_with("mod.rs"), "{}: foo.rs beside foo/, never mod.rs", path.display());
        }
    }
}

#[test]
fn arrows_point_downward() {
    for service in SERVICES {
        let source = root().join("services").join(service).join("src");
        for path in sources(&source) {
            let room = room(&path, &source);
            let code = code(&path);
            for (above, words) in FORBIDDEN.iter().filter(|(name, _)| *name == room) {
                for word in *words {
                    assert!(!code.contains(word), "{}: {above} must not use {word}", path.display());
                }
            }
        }
    }
}

#[test]
fn services_do_not_know_each_other() {
    for service in SERVICES {
        let manifest = root().join("services").join(service).join("Cargo.toml");
        let manifest = fs::read_to_string(manifest).expect("a manifest");
        for other in SERVICES.iter().filter(|other| **other != service) {
            let dependency = format!("\n{other}.workspace");
            assert!(
                !manifest.contains(&dependency),
                "{service} depends on {other}: they speak by events only"
            );
        }
    }
}

#[test]
fn the_kit_names_no_business_noun() {
    for path in sources(&root().join("services/kit/src")) {
        let code = code(&path).to_lowercase().replace("customer360", "").replace("customer 360", "");
        for noun in NOUNS {
            let named = code.match_indices(noun).any(|(at, _)| {
                let before = code[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
                let after = code[at + noun.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
                before && after
            });
            assert!(!named, "{} names {noun}", path.display());
        }
    }
}

#[test]
fn every_module_says_what_it_owns() {
    for path in all_sources() {
        let text = fs::read_to_string(&path).expect("readable");
        assert!(text.starts_with("//!"), "{} does not open with //!", path.display());
    }
}

#[test]
fn files_are_short() {
    let mut lengths = Vec::new();
    for path in all_sources() {
        let text = fs::read_to_string(&path).expect("readable");
        let product = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).count();
        assert!(product <= LONGEST, "{} has {product} lines", path.display());
        lengths.push(product);
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median < MEDIAN, "the median file has {median} lines");
}

#[test]
fn no_room_is_a_drawer() {
    for path in all_sources() {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let drawer = ["util", "utils", "common", "helper", "helpers", "misc"].contains(&name.as_str());
        assert!(!drawer, "{}: a name explains itself", path.display());
    }
}

/// Queues are bound by the event table: a reaction that the table does not know would never be called,
/// and an event without a reaction would be lost in silence.
#[test]
fn reactions_are_those_of_the_event_table() {
    use std::collections::BTreeSet;

    use schema::{event::EVENTS, topology::Service};

    let config = kit::Config::defaults(Path::new("data")).expect("defaults");
    for service in Service::ALL {
        let declared = testkit::suite::declare(service, &config);
        let reactions: BTreeSet<&str> = declared.reactions.types().map(|event| event.name).collect();
        let table: BTreeSet<&str> = EVENTS
            .iter()
            .filter(|event| event.consumers.contains(&service))
            .map(|event| event.name)
            .collect();
        assert_eq!(reactions, table, "{service}");
    }
}

/// Commands that GraphQL does not offer, each with its reason.
const NO_MUTATION: [(&str, &str); 2] = [
    ("UpdateProfilesInternally", "the gateway's ingestion gives it by itself, for nobody"),
    ("MarkOutreachSent", "connectors give it, over REST, like that of invitations"),
];

/// The commands that a service has mounted, as its contract tells: those that take an idempotency key. Batches
/// take none and are no mutations: they are for programs that bring data in, which call the owner of the data.
fn commands(contract: &serde_json::Value) -> Vec<String> {
    let paths = contract["paths"].as_object().expect("paths");
    let operations = paths.values().flat_map(|path| path.as_object().expect("operations").values());
    operations
        .filter(|operation| {
            let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
            parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key")
        })
        .map(|operation| operation["operationId"].as_str().expect("a name").to_owned())
        .collect()
}

/// A command that the front office cannot give is a part of the product that is not there.
#[test]
fn every_command_is_a_mutation() {
    use schema::topology::Service;

    let sdl = testkit::suite::sdl();
    let mutations = sdl.split("\ntype Mutation {").nth(1).expect("mutations");
    let mutations = mutations.split("\n}").next().unwrap_or_default();
    let config = kit::Config::defaults(Path::new("data")).expect("defaults");
    let mut count = 0;
    for service in Service::ALL.into_iter().filter(|service| *service != Service::Gateway) {
        let declared = testkit::suite::declare(service, &config);
        let contract = kit::openapi::Document::of(service, &declared.routes).json().expect("a contract");
        let contract = serde_json::from_str(&contract).expect("JSON");
        for command in commands(&contract) {
            count += 1;
            let (first, rest) = command.split_at(1);
            let field = format!("\n  {}{rest}(", first.to_lowercase());
            let excused = NO_MUTATION.iter().any(|(name, _)| *name == command);
            assert!(
                mutations.contains(&field) != excused,
                "{service}: {command} is either a mutation (graphql/mutation/*.rs) or in NO_MUTATION"
            );
        }
    }
    assert!(count > 30, "the contracts name only {count} commands");
}
