//! The frame of every page, and the pages that only say something.

use std::{fmt::Write as _, sync::LazyLock};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use super::{
    language::{OURS, Visitor},
    texts::Texts,
};

/// The one style sheet, in the page itself: nothing else is loaded.
const STYLE: &str = include_str!("style.css");

/// Allows the style sheet and sending the form back here, nothing else.
pub(super) static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
});

/// A page.
pub(super) struct Page {
    /// Its language.
    pub(super) language: &'static str,
    /// Its text.
    pub(super) html: String,
}

/// Text that stands for itself in HTML, also within an attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The page's own texts for this visitor.
pub(super) fn texts(visitor: &Visitor) -> &'static Texts {
    Texts::of(visitor.best(&OURS))
}

/// A page with this title; `body` is HTML.
pub(super) fn frame(texts: &Texts, title: &str, body: &str) -> String {
    let (language, title) = (texts.tag, escape(title));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex, nofollow\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

/// The choice of language: one of ours is in use.
pub(super) fn languages(texts: &Texts, offered: &[&str]) -> String {
    let mut html = format!("<nav aria-label=\"{}\">\n", texts.languages);
    for tag in offered {
        let name = if OURS.contains(tag) { Texts::of(tag).name.to_owned() } else { escape(tag) };
        let tag = escape(tag);
        let _ = if tag == texts.tag {
            writeln!(html, "<span lang=\"{tag}\" aria-current=\"true\">{name}</span>")
        } else {
            writeln!(html, "<a href=\"?lang={tag}\" hreflang=\"{tag}\" lang=\"{tag}\">{name}</a>")
        };
    }
    html.push_str("</nav>\n");
    html
}

/// The query that keeps the language chosen.
pub(super) fn query(visitor: &Visitor, texts: &Texts) -> String {
    if visitor.chosen.is_some() { format!("?lang={}", texts.tag) } else { "?".to_owned() }
}

/// It was answered.
pub(super) fn thanks(visitor: &Visitor) -> Page {
    let texts = texts(visitor);
    says(texts, texts.thanks, &[texts.thanks_text], "")
}

/// A part was kept.
pub(super) fn saved(visitor: &Visitor) -> Page {
    let texts = texts(visitor);
    let link = format!("<p><a class=\"button\" href=\"{}\">{}</a></p>\n", query(visitor, texts), texts.go_on);
    says(texts, texts.saved, &[texts.saved_text], &link)
}

/// The link opens nothing.
pub(super) fn gone(visitor: &Visitor) -> Page {
    let texts = texts(visitor);
    says(texts, texts.gone, &texts.gone_texts, "")
}

/// Too many links opened nothing.
pub(super) fn later(visitor: &Visitor) -> Page {
    let texts = texts(visitor);
    says(texts, texts.wait, &texts.wait_texts, "")
}

/// We failed.
pub(super) fn trouble(visitor: &Visitor) -> Page {
    let texts = texts(visitor);
    says(texts, texts.trouble, &[texts.trouble_text], "")
}

fn says(texts: &'static Texts, title: &str, paragraphs: &[&str], more: &str) -> Page {
    let mut body = format!("<h1>{title}</h1>\n");
    for paragraph in paragraphs {
        let _ = writeln!(body, "<p>{paragraph}</p>");
    }
    body.push_str(more);
    Page { language: texts.tag, html: frame(texts, title, &body) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(escape("<b a=\"'&'\">好"), "&lt;b a=&quot;&#39;&amp;&#39;&quot;&gt;好");
    }

    #[test]
    fn the_policy_allows_the_style_that_the_page_has() {
        let page = gone(&Visitor::default()).html;
        let style =
            page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).expect("a style");
        let hash = STANDARD.encode(Sha256::digest(style.as_bytes()));
        assert!(POLICY.contains(&format!("'sha256-{hash}'")));
        assert!(!page.contains("<script") && !page.contains("style="));
    }
}
