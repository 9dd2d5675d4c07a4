//! An answer that is given again is one that would be given anew: nobody gets it whose scope or roles would
//! give another, and nobody gets it once what it shows has changed.

use std::time::Duration;

use schema::{
    access::Role,
    api::{
        NoParameters,
        customer::{ChangeCustomer, CustomerChange, CustomerPath, MoveOrgUnit, OrgUnitMove, OrgUnitPath},
    },
    ids::CustomerId,
    topology::Service,
};
use serde_json::{Value, json};
use testkit::{Person, Place, Suite, eventually};

use crate::{company::Company, on_both};

const NONE: NoParameters = NoParameters {};
const WITHIN: Duration = Duration::from_secs(10);
/// All of it is out of the view, so it is answered again.
const QUERY: &str = "query ($id: UUID!) { customer(id: $id) { file { name contactPoints { value } } } }";

async fn file(suite: &Suite, who: &Person, id: CustomerId) -> Value {
    suite.ask(who, QUERY, json!({ "id": id })).await["customer"]["file"].take()
}

/// Asks until the file is there, then once more, so that the answer is one that was given before.
async fn known(suite: &Suite, who: &Person, id: CustomerId, name: &str) -> Value {
    eventually("the file is shown", WITHIN, || async {
        (file(suite, who, id).await["name"] == name).then_some(())
    })
    .await;
    file(suite, who, id).await
}

async fn journey(place: Place) {
    let suite = Suite::start(&place).await;
    let company = Company::found(&suite).await;
    let id = company.register(&suite, company.north_1, "First Name", "+8613812349999").await.id;
    let (manager, stranger) = (&company.manager_north_1, &company.manager_south_1);
    let whole = json!({ "name": "First Name", "contactPoints": [{ "value": "+8613812349999" }] });
    assert_eq!(known(&suite, manager, id, "First Name").await, whole);

    // The same words by others: of another unit, of other roles, of a wider scope.
    assert_eq!(file(&suite, stranger, id).await, Value::Null, "it lies outside of their scope");
    let presales = suite.person(Role::Presales, "north-1");
    let masked = file(&suite, &presales, id).await;
    assert_eq!(masked["name"], "First Name");
    assert_ne!(masked["contactPoints"], whole["contactPoints"], "presales sees no whole number");
    assert_eq!(file(&suite, &presales, id).await, masked, "and does not the second time");
    let marketing = file(&suite, &suite.person(Role::Marketing, "hq"), id).await;
    assert_ne!(marketing["name"], whole["name"], "marketing sees no whole name");
    assert_eq!(file(&suite, &company.manager_hq, id).await, whole);
    assert_eq!(file(&suite, manager, id).await, whole);

    // What changed is not shown as it was.
    let change = CustomerChange { name: Some("Second Name".to_owned()), ..CustomerChange::default() };
    let path = CustomerPath { customer_id: id };
    suite
        .call::<ChangeCustomer>(Service::Customer, &company.manager_hq, &path, &NONE, &change)
        .await
        .expect("a change");
    known(&suite, manager, id, "Second Name").await;
    assert_eq!(file(&suite, &presales, id).await["name"], "Second Name", "nobody gets the old answer");

    // Whoever leads the new superior sees what moved; whoever led the old one does not any more.
    let north = suite.person(Role::Manager, "north");
    let south = suite.person(Role::Manager, "south");
    known(&suite, &north, id, "Second Name").await;
    assert_eq!(file(&suite, &south, id).await, Value::Null);
    let (path, to) = (OrgUnitPath { org_unit_id: company.north_1 }, OrgUnitMove { parent_id: company.south });
    suite.call::<MoveOrgUnit>(Service::Customer, &company.admin, &path, &NONE, &to).await.expect("a move");
    known(&suite, &south, id, "Second Name").await;
    eventually("the old superior is out", WITHIN, || async {
        (file(&suite, &north, id).await == Value::Null).then_some(())
    })
    .await;
    suite.end().await;
}
on_both!(an_answer_is_given_again_only_to_whom_it_would_be_given_anew, super::journey);
