//! The history of a company that never was, as the files that an enterprise would bring: customers,
//! contacts, purchases and answers, in the order of time. The same seed gives the same files on the same day.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// Outlets; each customer belongs to one.
pub(crate) const OUTLETS: u32 = 10;
/// How far back the history goes.
const DAYS: i64 = 3 * 365;
/// How long ago it ends: what is older than seven days moves nobody to do anything.
const ENDED: i64 = 8;

/// What is brought, in the order in which it is.
pub(crate) const KINDS: [&str; 4] = ["customers", "contacts", "purchases", "answers"];

/// The rows of each file.
pub(crate) type Counts = [u64; 4];

struct Happened {
    at: i64,
    customer: u32,
}

/// Writes all files and their mappings into a directory.
pub(crate) fn write(directory: &Path, customers: u32, today: NaiveDate) -> Counts {
    let mut random = StdRng::seed_from_u64(8_360);
    let mut counts = [u64::from(customers), 0, 0, 0];
    std::fs::create_dir_all(directory).expect("a directory");
    for kind in KINDS {
        std::fs::write(directory.join(format!("{kind}.toml")), mapping(kind)).expect("a mapping");
    }
    write_customers(directory, customers);
    let begin = today.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::days(DAYS + ENDED);
    // Means of 20, 8 and 2; the number of each is spread evenly, and some have none.
    for (at, (kind, most)) in KINDS.iter().skip(1).zip([40, 16, 4]).enumerate() {
        let happened = happened(&mut random, customers, most);
        counts[at + 1] = happened.len() as u64;
        let mut file = create(directory, kind);
        writeln!(file, "{}", header(kind)).expect("a line");
        for (number, one) in happened.iter().enumerate() {
            let line = line(kind, number, one, begin + TimeDelta::seconds(one.at), &mut random);
            writeln!(file, "{line}").expect("a line");
        }
        file.flush().expect("written");
    }
    counts
}

fn create(directory: &Path, kind: &str) -> BufWriter<File> {
    BufWriter::new(File::create(directory.join(format!("{kind}.csv"))).expect("a file"))
}

fn happened(random: &mut StdRng, customers: u32, most: u32) -> Vec<Happened> {
    let mut all = Vec::new();
    for customer in 0..customers {
        // Some stay, some left some time ago.
        let last = if random.random_bool(0.6) { DAYS } else { random.random_range(30..DAYS) };
        for _ in 0..random.random_range(0..=most) {
            all.push(Happened { at: random.random_range(0..last * 86_400), customer });
        }
    }
    all.sort_unstable_by_key(|one| (one.at, one.customer));
    all
}

fn write_customers(directory: &Path, customers: u32) {
    const FAMILY: [&str; 10] = ["Li", "Wang", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Huang", "Zhou", "Wu"];
    const GIVEN: [&str; 10] = ["Wei", "Fang", "Na", "Min", "Jing", "Lei", "Jun", "Yan", "Tao", "Mei"];
    let mut file = create(directory, "customers");
    writeln!(file, "{}", header("customers")).expect("a line");
    let first = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap_or_default();
    for number in 0..customers {
        let (family, given) = (FAMILY[number as usize % 10], GIVEN[number as usize / 10 % 10]);
        let born = first + Days::new(u64::from(number) * 7_919 % 20_000);
        let outlet = number % OUTLETS;
        writeln!(
            file,
            "{number},{family} {given},{born},138{number:08},c{number}@example.com,outlet-{outlet}"
        )
        .expect("a line");
    }
    file.flush().expect("written");
}

fn header(kind: &str) -> &'static str {
    match kind {
        "customers" => "customer,name,born,phone,email,unit",
        "contacts" => "number,customer,at,channel,direction,phase,topic,unit",
        "purchases" => "number,customer,at,amount,unit",
        _ => "number,customer,at,score,unit",
    }
}

fn line(kind: &str, number: usize, one: &Happened, at: DateTime<Utc>, random: &mut StdRng) -> String {
    const CHANNELS: [&str; 4] = ["phone", "web", "chat", "counter"];
    const PHASES: [&str; 3] = ["presales", "sales", "aftersales"];
    const TOPICS: [&str; 4] = ["price", "delivery", "quality", "other"];
    let (customer, at) = (one.customer, at.format("%Y-%m-%dT%H:%M:%SZ"));
    let outlet = customer % OUTLETS;
    match kind {
        "contacts" => {
            let direction = if random.random_bool(0.8) { "inbound" } else { "outbound" };
            let channel = CHANNELS[random.random_range(0..CHANNELS.len())];
            let phase = PHASES[random.random_range(0..PHASES.len())];
            let topic = TOPICS[random.random_range(0..TOPICS.len())];
            format!("{number},{customer},{at},{channel},{direction},{phase},{topic},outlet-{outlet}")
        }
        "purchases" => {
            // Most are small; a few are not.
            let minor = random.random_range(500_i64..30_000) * if random.random_bool(0.05) { 10 } else { 1 };
            format!("{number},{customer},{at},{}.{:02},outlet-{outlet}", minor / 100, minor % 100)
        }
        _ => format!("{number},{customer},{at},{},outlet-{outlet}", random.random_range(0..=10)),
    }
}

fn mapping(kind: &str) -> String {
    let begin = format!(
        "kind = \"{kind}\"\nsource = \"bench\"\nsystem = \"bench\"\n\n[columns]\ncustomer = \"customer\"\nunit = \"unit\"\n"
    );
    let rest = match kind {
        "customers" => {
            "name = \"name\"\nbirth_date = \"born\"\nphone = \"phone\"\nemail = \"email\"\n\n\
             [constants]\nkind = \"consumer\"\nlanguage = \"zh-Hans\"\n"
        }
        "contacts" => {
            "reference = \"number\"\noccurred_at = \"at\"\nchannel = \"channel\"\ndirection = \"direction\"\n\
             phase = \"phase\"\ntopic = \"topic\"\n"
        }
        "purchases" => {
            "reference = \"number\"\noccurred_at = \"at\"\namount = \"amount\"\n\n\
             [constants]\ncurrency = \"CNY\"\nsku = \"rice\"\nchannel = \"counter\"\n"
        }
        _ => {
            "reference = \"number\"\noccurred_at = \"at\"\nscore = \"score\"\n\n\
             [constants]\ninstrument = \"nps\"\nchannel = \"email\"\n"
        }
    };
    begin + rest
}
