//! Which of the two media types a client takes, by the rules of HTTP: the most specific range decides a
//! type's weight, the heavier type wins, then the one named first.

/// The media types of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/json`: status 200 whatever the answer says.
    Json,
    /// `application/graphql-response+json`: the status tells whether anything was executed.
    GraphqlResponse,
}

impl MediaType {
    /// The type with its charset.
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }

    const fn essence(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::GraphqlResponse => "application/graphql-response+json",
        }
    }
}

/// One range of an `Accept` header.
struct Range<'a> {
    essence: String,
    /// In thousandths.
    weight: u32,
    charset: Option<&'a str>,
}

/// The type to answer with; none when the client takes neither. Without a header it is JSON.
pub(super) fn negotiate(header: Option<&str>) -> Option<MediaType> {
    let Some(header) = header.filter(|header| !header.trim().is_empty()) else {
        return Some(MediaType::Json);
    };
    let ranges: Vec<Range<'_>> = header.split(',').filter_map(range).collect();
    // JSON first: it wins where only a wildcard is given.
    let mut best: Option<(u32, usize, MediaType)> = None;
    for media_type in [MediaType::Json, MediaType::GraphqlResponse] {
        let Some((weight, position)) = weigh(&ranges, media_type) else { continue };
        let wins = best.is_none_or(|(held, at, _)| weight > held || (weight == held && position < at));
        if weight > 0 && wins {
            best = Some((weight, position, media_type));
        }
    }
    best.map(|(_, _, media_type)| media_type)
}

/// The weight of a type, and where its range stands.
fn weigh(ranges: &[Range<'_>], media_type: MediaType) -> Option<(u32, usize)> {
    [media_type.essence(), "application/*", "*/*"].into_iter().find_map(|essence| {
        ranges
            .iter()
            .position(|range| range.essence == essence && range.charset.is_none_or(is_utf8))
            .and_then(|at| ranges.get(at).map(|range| (range.weight, at)))
    })
}

fn range(text: &str) -> Option<Range<'_>> {
    let mut parts = text.split(';').map(str::trim);
    let essence = parts.next()?.to_ascii_lowercase();
    let mut range = Range { essence, weight: 1000, charset: None };
    for parameter in parts {
        let (name, value) = parameter.split_once('=')?;
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => range.weight = weight(value.trim())?,
            "charset" => range.charset = Some(value.trim().trim_matches('"')),
            _ => {}
        }
    }
    Some(range)
}

/// A weight of 0 to 1 with at most three decimals, in thousandths.
fn weight(text: &str) -> Option<u32> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u32 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

/// Whether a charset is the one that we speak.
pub(super) fn is_utf8(charset: &str) -> bool {
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::{
        MediaType::{GraphqlResponse, Json},
        *,
    };

    #[test]
    fn who_does_not_say_gets_json() {
        for header in [None, Some(""), Some("*/*"), Some("application/*"), Some("text/html, */*;q=0.1")] {
            assert_eq!(negotiate(header), Some(Json), "{header:?}");
        }
    }

    #[test]
    fn the_heavier_type_wins_then_the_first() {
        let cases = [
            ("application/graphql-response+json", GraphqlResponse),
            ("application/graphql-response+json, application/json;q=0.9", GraphqlResponse),
            ("application/graphql-response+json;q=0.5, application/json;q=0.9", Json),
            ("application/json, application/graphql-response+json", Json),
            (
                "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
                GraphqlResponse,
            ),
            ("application/json;q=0, */*", GraphqlResponse),
            ("Application/JSON", Json),
            ("application/json;q=0.001", Json),
        ];
        for (header, expected) in cases {
            assert_eq!(negotiate(Some(header)), Some(expected), "{header}");
        }
    }

    #[test]
    fn who_takes_neither_gets_nothing() {
        for header in
            ["text/html", "application/json;q=0", "application/json;charset=utf-16", "application/xml"]
        {
            assert_eq!(negotiate(Some(header)), None, "{header}");
        }
    }
}
