//! Reads whose answer is a file: written piece by piece, so that its size does not matter.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Bytes},
};
use futures::{StreamExt as _, stream::BoxStream};
use schema::api::{
    Endpoint,
    problem::{Code, Problem},
};

use super::{Handle, Input, RouteName, Routes, problem_response, take};
use crate::{
    error::{Chain, Result},
    openapi::Operation,
    service::Runtime,
};

/// A file to send. Whoever writes it masks it for the viewer: it is not JSON, and passes as it is.
pub struct Download {
    /// What it is, with its character set.
    pub content_type: &'static str,
    /// What a browser calls it: visible ASCII without quotes.
    pub file_name: String,
    /// Its pieces. After an error the connection is broken off, so that half a file is not taken for one.
    pub pieces: BoxStream<'static, Result<Vec<u8>>>,
}

impl Routes {
    /// Mounts a read that answers with a file. The reply that its declaration names is not used.
    #[must_use]
    pub fn download<E: Endpoint, F>(
        self,
        write: impl Fn(Arc<Runtime>, Input<E>) -> F + Send + Sync + Copy + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Download>> + Send + 'static,
    {
        let handle: Handle = Arc::new(move |request, payload| {
            Box::pin(async move { answer::<E, F>(&request, payload, write).await })
        });
        self.with_operation::<E>(handle, Operation::of_file::<E>())
    }
}

async fn answer<E: Endpoint, F>(
    request: &HttpRequest,
    payload: web::Payload,
    write: impl Fn(Arc<Runtime>, Input<E>) -> F,
) -> HttpResponse
where
    F: Future<Output = Result<Download>>,
{
    RouteName::set(request, E::NAME);
    let Some(runtime) = request.app_data::<web::Data<Runtime>>().map(|data| Arc::clone(data)) else {
        return problem_response(&Problem::new(Code::Internal, "the service is not set up"));
    };
    let (input, _) = match take::<E>(&runtime, request, payload).await {
        Ok(taken) => taken,
        Err(problem) => return problem_response(&problem),
    };
    let download = match write(runtime, input).await {
        Ok(download) => download,
        Err(error) => return problem_response(&error.into_problem()),
    };
    let status = StatusCode::from_u16(E::STATUS).unwrap_or(StatusCode::OK);
    let pieces = download.pieces.inspect(|piece| {
        if let Err(error) = piece {
            tracing::error!(error = %Chain(error), "a file is broken off");
        }
    });
    HttpResponse::build(status)
        .content_type(download.content_type)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", download.file_name),
        ))
        .streaming(
            pieces.map(|piece| {
                piece.map(Bytes::from).map_err(|error| std::io::Error::other(error.to_string()))
            }),
        )
}
