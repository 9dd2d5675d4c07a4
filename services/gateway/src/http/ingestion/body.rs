//! The body of a request: whole, in time, unpacked, and small enough before and after.

use std::{io::Read as _, time::Duration};

use actix_web::{
    HttpRequest,
    http::header,
    web::{self, Bytes},
};
use flate2::read::MultiGzDecoder;
use kit::{Runtime, http::read_body};
use schema::api::problem::{Code, Problem};

/// The largest body, in bytes, packed and unpacked.
pub(super) const BODY_MOST: usize = 500 * 1024;

/// The body as text.
pub(super) async fn read(
    runtime: &Runtime,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<String, Problem> {
    let encoding = request.headers().get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let is_packed = match encoding.unwrap_or("identity").trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => true,
        "identity" | "" => false,
        _ => {
            let detail = "the body is packed in a way that is not read here; use gzip, or none";
            return Err(Problem::new(Code::UnsupportedMediaType, detail));
        }
    };
    let deadline = Duration::from_millis(runtime.config.http.body_deadline_ms);
    let body = read_body(payload, BODY_MOST, deadline).await?;
    let body = if is_packed { unpack(&body)? } else { body };
    String::from_utf8(body.into()).map_err(|error| {
        let detail = format!("the body is not UTF-8 from byte {}", error.utf8_error().valid_up_to());
        Problem::new(Code::MalformedRequest, detail)
    })
}

/// Unpacks, and stops as soon as it becomes too large.
fn unpack(packed: &Bytes) -> Result<Bytes, Problem> {
    let mut body = Vec::new();
    let mut unpacked = MultiGzDecoder::new(packed.as_ref()).take(BODY_MOST as u64 + 1);
    unpacked
        .read_to_end(&mut body)
        .map_err(|_| Problem::new(Code::MalformedRequest, "the body says that it is gzip and is not"))?;
    if body.len() > BODY_MOST {
        let detail = format!("unpacked, the body is larger than {BODY_MOST} bytes; send less at a time");
        return Err(Problem::new(Code::PayloadTooLarge, detail));
    }
    Ok(body.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn packed(text: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).expect("packs");
        encoder.finish().expect("packs").into()
    }

    #[test]
    fn a_small_body_that_unpacks_to_a_huge_one_is_refused() {
        assert_eq!(unpack(&packed(b"{}")).expect("a body").as_ref(), b"{}");
        let bomb = packed(&vec![b' '; 200 * BODY_MOST]);
        assert!(bomb.len() < BODY_MOST);
        assert_eq!(unpack(&bomb).map_err(|problem| problem.status), Err(413));
        assert_eq!(unpack(&Bytes::from_static(b"{}")).map_err(|problem| problem.status), Err(400));
    }
}
