//! Every mutation, through the gateway: given by somebody who may, given again with the same key, refused to
//! who may not and to who does not serve the customer. A mutation that no step gives fails the test.

mod customer;
mod interaction;
mod loyalty;
mod organisation;
mod planning;
mod story;
mod survey;

use testkit::Place;

use self::story::Story;
use crate::on_both;

async fn all(place: Place) {
    let story = Story::begin(&place).await;
    organisation::tell(&story).await;
    customer::tell(&story).await;
    planning::tell(&story).await;
    interaction::tell(&story).await;
    loyalty::tell(&story).await;
    survey::tell(&story).await;
    assert_eq!(story.untold(), Vec::<String>::new(), "mutations that no step gives: add one");
    story.suite.end().await;
}
on_both!(every_mutation_is_given_and_answers, super::all);
