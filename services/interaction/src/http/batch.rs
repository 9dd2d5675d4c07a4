//! Batches: for whoever may give the single commands, and for services.

use kit::Routes;
use schema::api::interaction::{
    OpenCases, OpenCasesInternally, RecordContacts, RecordContactsInternally, RecordPurchases,
    RecordPurchasesInternally,
};

use crate::app::{
    open_cases::open_cases, record_contacts::record_contacts, record_purchases::record_purchases,
};

pub(super) fn mount(routes: Routes) -> Routes {
    routes
        .batch::<RecordContacts>(|work, batch| Box::pin(async move { record_contacts(work, &batch).await }))
        .batch::<RecordContactsInternally>(|work, batch| {
            Box::pin(async move { record_contacts(work, &batch).await })
        })
        .batch::<RecordPurchases>(|work, batch| Box::pin(async move { record_purchases(work, &batch).await }))
        .batch::<RecordPurchasesInternally>(|work, batch| {
            Box::pin(async move { record_purchases(work, &batch).await })
        })
        .batch::<OpenCases>(|work, batch| Box::pin(async move { open_cases(work, &batch).await }))
        .batch::<OpenCasesInternally>(|work, batch| Box::pin(async move { open_cases(work, &batch).await }))
}
