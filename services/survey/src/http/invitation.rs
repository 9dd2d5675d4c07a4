//! Invitations and the rules that lead to them.

use std::sync::Arc;

use kit::{
    Input, Result, Routes, Runtime,
    command::{self, Decision},
};
use schema::api::{
    page::Page,
    problem::Problem,
    survey::{
        ChangeInvitationRule, CreateInvitationRule, Invitation, InvitationLink, InvitationToSend, Invite,
        ListInvitationRules, ListInvitations, ListInvitationsToSend, SendInvitation,
    },
};

use crate::{app, domain::token::Secret, storage};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .command::<CreateInvitationRule>(|work, input| Box::pin(app::put_rule::create(work, input)))
        .command::<ChangeInvitationRule>(|work, input| Box::pin(app::put_rule::change(work, input)))
        .read::<ListInvitationRules, _>(|runtime, input| async move {
            storage::rule::page(&runtime.db, &input.query).await
        })
        .command::<Invite>(|work, input| Box::pin(app::invite_by_hand::invite_by_hand(work, input)))
        .read::<ListInvitations, _>(list)
        .read::<ListInvitationsToSend, _>(to_send)
        .read::<SendInvitation, _>(send)
}

async fn list(runtime: Arc<Runtime>, input: Input<ListInvitations>) -> Result<Page<Invitation>> {
    let (customer, scope) = (input.path.customer_id, input.caller.viewer.scope());
    let page = storage::invitation::page(&runtime.db, customer, &scope, &input.query).await?;
    // Of a customer in scope an empty page is the answer; of another it must look like no customer at all.
    if page.items.is_empty()
        && reference::customer::in_scope(&runtime.db, &[customer], &scope).await?.is_empty()
    {
        return Err(Problem::not_found("customer").into());
    }
    Ok(page)
}

async fn to_send(
    runtime: Arc<Runtime>,
    input: Input<ListInvitationsToSend>,
) -> Result<Page<InvitationToSend>> {
    let (scope, now) = (input.caller.viewer.scope(), runtime.clock.now());
    storage::invitation::to_send(&runtime.db, &scope, &input.query, now).await
}

/// Not mounted as a command: those keep their reply under the idempotency key, and a link is kept nowhere.
async fn send(runtime: Arc<Runtime>, input: Input<SendInvitation>) -> Result<InvitationLink> {
    let (viewer, secret) = (input.caller.viewer.clone(), rand::random::<Secret>());
    let pages = runtime.config.public_pages.clone();
    let send: Decision<InvitationLink> = Arc::new(move |work| {
        let (input, pages) = (input.clone(), pages.clone());
        Box::pin(async move { app::send_invitation::send_invitation(work, &input, secret, &pages).await })
    });
    Ok(command::run(&runtime, Some(viewer), None, send).await?.reply)
}
