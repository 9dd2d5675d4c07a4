//! Changes what to know before the first word with a customer.

use kit::{Input, Result, Work};
use schema::{
    access::{Class, Level, Viewer},
    api::{
        customer::{ChangeServiceBrief, CustomerFile},
        problem::{Code, Problem},
    },
};

use crate::{
    domain::{brief, person::Mistakes, words},
    storage::{self, service_brief::Written},
};

pub(crate) async fn change_service_brief(
    work: &mut Work,
    input: Input<ChangeServiceBrief>,
) -> Result<CustomerFile> {
    let change = &input.body;
    let replaces = change.habits.is_some() || change.dos.is_some() || change.donts.is_some();
    if replaces && !sees_texts(&input.caller.viewer) {
        let detail = "your roles do not see habits, dos and don'ts, so you cannot replace them";
        return Err(Problem::new(Code::Forbidden, detail).into());
    }
    let mut mistakes = Mistakes::default();
    let address = change.form_of_address.as_deref().map(|text| match text.trim() {
        "" => None,
        text => words::short(text).or_else(|| {
            mistakes.add("/form_of_address", words::RULE);
            None
        }),
    });
    let mut kept = |texts: &Option<Vec<String>>, pointer: &str| {
        texts.as_ref().map(|texts| brief::keep(texts, pointer, &mut mistakes))
    };
    let habits = kept(&change.habits, "/habits");
    let dos = kept(&change.dos, "/dos");
    let donts = kept(&change.donts, "/donts");
    mistakes.none_or_problem()?;

    let file = super::file_to_change(work, input.path.customer_id, input.if_match).await?;
    let held = storage::conduct::of(work.tx(), file.id).await?.brief;
    let written = Written {
        form_of_address: address.unwrap_or(held.form_of_address),
        habits: habits.or(held.habits).unwrap_or_default(),
        dos: dos.or(held.dos).unwrap_or_default(),
        donts: donts.or(held.donts).unwrap_or_default(),
    };
    storage::service_brief::put(work, file.id, &written).await?;
    super::changed(work, "customer.service_brief.change", None, &file).await
}

/// Whoever replaces a list must see the one that is there.
fn sees_texts(viewer: &Viewer) -> bool {
    viewer.level(Class::Sensitive) == Level::Whole
}
