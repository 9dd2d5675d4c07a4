//! In which language somebody is asked: the one that they chose on the page, else the rule's, else the browser's.

use actix_web::{HttpRequest, http::header};

/// The languages of the page's own texts. A questionnaire brings its own.
pub(super) const OURS: [&str; 2] = ["zh-Hans", "en"];

/// What is known of whoever looks at the page: only which languages they read, the best one first.
#[derive(Clone, Debug, Default)]
pub(super) struct Visitor {
    /// The language chosen on the page.
    pub(super) chosen: Option<String>,
    pub(super) rule: Option<String>,
    pub(super) accepted: Vec<String>,
}

impl Visitor {
    /// What the request says.
    pub(super) fn of(request: &HttpRequest) -> Self {
        let query: Vec<(String, String)> =
            serde_urlencoded::from_str(request.query_string()).unwrap_or_default();
        let chosen = query.into_iter().find(|(name, _)| name == "lang").map(|(_, value)| value);
        let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Self { chosen, rule: None, accepted: accept(accepted.unwrap_or_default()) }
    }

    /// The same with the rule's language.
    pub(super) fn with_rule(&self, rule: Option<&str>) -> Self {
        Self { rule: rule.map(str::to_owned), ..self.clone() }
    }

    /// The best of these languages; the first one when none is wanted.
    pub(super) fn best<'a>(&self, offered: &[&'a str]) -> &'a str {
        let wanted = self.chosen.iter().chain(&self.rule).chain(&self.accepted);
        wanted
            .filter_map(|wanted| matching(offered, wanted))
            .next()
            .or_else(|| offered.first().copied())
            .unwrap_or("en")
    }
}

/// The language itself, or one that shares its first subtag: whoever reads `zh-CN` reads `zh-Hans`.
fn matching<'a>(offered: &[&'a str], wanted: &str) -> Option<&'a str> {
    let first = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let exact = offered.iter().find(|one| one.eq_ignore_ascii_case(wanted));
    exact.or_else(|| offered.iter().find(|one| first(one) == first(wanted))).copied()
}

/// The languages of `Accept-Language`, the best one first.
fn accept(header: &str) -> Vec<String> {
    let mut all: Vec<(u32, String)> = Vec::new();
    for part in header.split(',').take(20) {
        let mut fields = part.split(';').map(str::trim);
        let tag = fields.next().unwrap_or_default();
        let quality = fields.find_map(|field| field.strip_prefix("q=")).and_then(|q| q.parse::<f32>().ok());
        let thousandths = (quality.unwrap_or(1.0).clamp(0.0, 1.0) * 1_000.0) as u32;
        if !tag.is_empty() && tag != "*" && thousandths > 0 {
            all.push((thousandths, tag.to_owned()));
        }
    }
    // Stable: of equals, the one named first.
    all.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
    all.into_iter().map(|(_, tag)| tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(chosen: Option<&str>, rule: Option<&str>, header: &str) -> Visitor {
        Visitor { chosen: chosen.map(str::to_owned), rule: rule.map(str::to_owned), accepted: accept(header) }
    }

    #[test]
    fn the_page_before_the_rule_before_the_browser() {
        assert_eq!(visitor(None, None, "").best(&OURS), "zh-Hans");
        assert_eq!(visitor(None, None, "de, en;q=0.5").best(&OURS), "en");
        assert_eq!(visitor(None, Some("zh-Hans"), "en").best(&OURS), "zh-Hans");
        assert_eq!(visitor(Some("en"), Some("zh-Hans"), "zh").best(&OURS), "en");
        assert_eq!(visitor(Some("xx"), None, "en-GB").best(&OURS), "en");
    }

    #[test]
    fn a_browser_says_which_it_likes_best() {
        assert_eq!(accept("en;q=0.2, zh-CN, *;q=0.1, fr;q=0"), ["zh-CN", "en"]);
        assert_eq!(visitor(None, None, "zh-TW").best(&OURS), "zh-Hans");
        assert_eq!(visitor(None, None, ",;;q=x,").best(&["de"]), "de");
    }
}
