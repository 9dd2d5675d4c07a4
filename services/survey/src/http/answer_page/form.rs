//! The form: scales as groups of radio buttons with a legend each, one text, and what is wrong with both.

use std::fmt::Write as _;

use schema::api::survey::{InvitationTrigger, LocalText, Questionnaire};

use super::{
    html::{self, Page, escape},
    language::{OURS, Visitor},
    texts::Texts,
};
use crate::domain::{
    form::{Asked, Filled, Mistake, Wrong},
    instrument::scale,
};

/// The most steps that are shown as buttons; a longer scale takes a number.
const BUTTONS_MOST: i32 = 11;

/// One scale on the page.
struct Scale<'a> {
    field: &'a str,
    /// The legend, as HTML.
    legend: &'a str,
    lo: i32,
    hi: i32,
    ends: (&'a str, &'a str),
}

/// What a form is made of.
struct Form<'a> {
    texts: &'static Texts,
    filled: &'a Filled,
    mistakes: &'a [Mistake],
    html: String,
}

/// The page with the form.
pub(super) fn page(
    visitor: &Visitor,
    trigger: InvitationTrigger,
    asked: &Asked,
    filled: &Filled,
    mistakes: &[Mistake],
) -> Page {
    let texts = html::texts(visitor);
    let mut form = Form { texts, filled, mistakes, html: String::new() };
    let (title, offered) = match asked {
        Asked::One(instrument) => {
            form.begin(visitor, texts.title, texts.intro);
            let (lo, hi) = scale(*instrument);
            let legend = texts.question(*instrument, trigger);
            form.scale(&Scale { field: "score", legend, lo, hi, ends: texts.ends(*instrument) });
            (texts.title.to_owned(), OURS.to_vec())
        }
        Asked::Many(asked) => {
            let offered: Vec<&str> = asked.titles.iter().map(|title| title.language.as_str()).collect();
            let language = visitor.best(&offered);
            let title = text_in(&asked.titles, language);
            form.begin(visitor, title, texts.intro_many);
            form.items(asked, language);
            (title.to_owned(), offered)
        }
    };
    form.words();
    form.end(matches!(asked, Asked::Many(_)));
    let shown = if mistakes.is_empty() { title } else { format!("{}: {title}", texts.error) };
    // Ours are offered also when the questions are in another language: the frame follows.
    let mut choice = offered;
    choice.retain(|one| OURS.contains(one));
    let nav = if choice.len() > 1 { html::languages(texts, &choice) } else { String::new() };
    Page { language: texts.tag, html: html::frame(texts, &shown, &format!("{nav}{}", form.html)) }
}

/// The text in this language, or the first one.
fn text_in<'a>(texts: &'a [LocalText], language: &str) -> &'a str {
    let found = texts.iter().find(|one| one.language == language).or_else(|| texts.first());
    found.map(|one| one.text.as_str()).unwrap_or_default()
}

impl Form<'_> {
    fn add(&mut self, html: &str) {
        self.html.push_str(html);
    }

    fn begin(&mut self, visitor: &Visitor, title: &str, intro: &str) {
        let _ = write!(self.html, "<h1>{}</h1>\n<p>{intro}</p>\n", escape(title));
        if !self.mistakes.is_empty() {
            let texts = self.texts;
            let _ = write!(
                self.html,
                "<div class=\"errors\" role=\"alert\" tabindex=\"-1\" autofocus>\n<h2>{}</h2>\n<ul>\n",
                texts.problem
            );
            for mistake in self.mistakes {
                let (field, says) = (escape(&mistake.field), self.says(mistake));
                let _ = writeln!(self.html, "<li><a href=\"#{field}\">{says}</a></li>");
            }
            self.add("</ul>\n</div>\n");
        }
        let action = html::query(visitor, self.texts);
        let _ = writeln!(self.html, "<form method=\"post\" action=\"{action}\" novalidate>");
    }

    /// What is wrong, in words.
    fn says(&self, mistake: &Mistake) -> String {
        let texts = self.texts;
        match mistake.what {
            Wrong::Words => texts.wrong_words.to_owned(),
            Wrong::OffScale { lo, hi } => texts.on_scale(lo, hi),
            Wrong::Missing if mistake.field == "score" => texts.missing_one.to_owned(),
            Wrong::Missing if self.filled.get(&mistake.field.replacen("p-", "e-", 1)).is_some() => {
                texts.missing_perceived.to_owned()
            }
            Wrong::Missing => texts.missing_many.to_owned(),
        }
    }

    fn items(&mut self, asked: &Questionnaire, language: &str) {
        let texts = self.texts;
        for item in &asked.items {
            let text = escape(text_in(&item.texts, language));
            let text = if language == texts.tag {
                text
            } else {
                format!("<span lang=\"{}\">{text}</span>", escape(language))
            };
            let scale =
                |field, legend| Scale { field, legend, lo: item.lo, hi: item.hi, ends: texts.plain_ends() };
            let (expected, perceived) = (format!("e-{}", item.code), format!("p-{}", item.code));
            self.add("<div class=\"item\">\n");
            if item.with_expectation {
                let _ = write!(self.html, "<fieldset>\n<legend>{text}</legend>\n");
                self.scale(&scale(&expected, texts.expected));
                self.scale(&scale(&perceived, texts.perceived));
                self.add("</fieldset>\n");
            } else {
                self.scale(&scale(&perceived, &text));
            }
            self.add("</div>\n");
        }
    }

    /// A scale: radio buttons with a legend, or a number with a label.
    fn scale(&mut self, scale: &Scale<'_>) {
        let field = scale.field;
        let mistake = self.mistakes.iter().find(|one| one.field == field).map(|one| self.says(one));
        let wrong = if mistake.is_some() { " class=\"wrong\"" } else { "" };
        let described =
            if mistake.is_some() { format!("{field}-mistake {field}-ends") } else { format!("{field}-ends") };
        let mistake = mistake
            .map(|says| {
                format!("<p class=\"mistake\" id=\"{field}-mistake\">{}: {says}</p>\n", self.texts.error)
            })
            .unwrap_or_default();
        let (low, high) = scale.ends;
        let ends = format!(
            "<p class=\"ends\" id=\"{field}-ends\"><span>{} = {low}</span> <span>{} = {high}</span></p>\n",
            scale.lo, scale.hi
        );
        let steps = scale.hi - scale.lo + 1;
        let _ = write!(
            self.html,
            "<fieldset{wrong} aria-describedby=\"{described}\">\n<legend>{}</legend>\n{mistake}",
            scale.legend
        );
        if steps > BUTTONS_MOST {
            let value = escape(self.filled.get(field).unwrap_or_default());
            let _ = writeln!(
                self.html,
                "<input class=\"number\" type=\"number\" inputmode=\"numeric\" id=\"{field}\" name=\"{field}\" \
                 min=\"{}\" max=\"{}\" value=\"{value}\" aria-label=\"{}\">",
                scale.lo,
                scale.hi,
                self.texts.on_scale(scale.lo, scale.hi)
            );
        } else {
            let _ = writeln!(self.html, "<div class=\"steps c{steps}\">");
            for step in scale.lo..=scale.hi {
                let value = step.to_string();
                let checked = if self.filled.get(field) == Some(value.as_str()) { " checked" } else { "" };
                // The first one has the field's own name as its id: there the list of mistakes leads to.
                let id = if step == scale.lo { field.to_owned() } else { format!("{field}-{value}") };
                let _ = writeln!(
                    self.html,
                    "<div class=\"step\"><input type=\"radio\" id=\"{id}\" name=\"{field}\" value=\"{value}\"\
                     {checked}><label for=\"{id}\">{value}</label></div>"
                );
            }
            self.add("</div>\n");
        }
        self.add(&ends);
        self.add("</fieldset>\n");
    }

    fn words(&mut self) {
        let texts = self.texts;
        let mistake = self.mistakes.iter().find(|one| one.field == "words");
        let (wrong, described, mistake) = match mistake.map(|one| self.says(one)) {
            Some(says) => (
                " wrong",
                "words-mistake words-hint",
                format!("<p class=\"mistake\" id=\"words-mistake\">{}: {says}</p>\n", texts.error),
            ),
            None => ("", "words-hint", String::new()),
        };
        let _ = write!(
            self.html,
            "<div class=\"words{wrong}\">\n<label for=\"words\">{}</label>\n<p class=\"hint\" id=\"words-hint\">{}</p>\n\
             {mistake}<textarea id=\"words\" name=\"words\" rows=\"4\" maxlength=\"2000\" \
             aria-describedby=\"{described}\">\n{}</textarea>\n</div>\n",
            texts.words,
            texts.words_hint,
            escape(self.filled.get("words").unwrap_or_default())
        );
    }

    fn end(&mut self, several: bool) {
        let texts = self.texts;
        let _ = write!(
            self.html,
            "<p class=\"hint kept\">{}</p>\n<div class=\"actions\">\n\
             <button type=\"submit\" name=\"do\" value=\"send\">{}</button>\n",
            texts.followed_up, texts.send
        );
        if several {
            let _ = writeln!(
                self.html,
                "<button class=\"second\" type=\"submit\" name=\"do\" value=\"later\">{}</button>",
                texts.later
            );
        }
        self.add("</div>\n</form>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use schema::api::survey::{Instrument, QuestionnaireItem};

    fn questionnaire() -> Asked {
        let text =
            |language: &str, text: &str| LocalText { language: language.to_owned(), text: text.to_owned() };
        let item = |code: &str, hi| QuestionnaireItem {
            code: code.to_owned(),
            texts: vec![text("zh-Hans", "怎么样？"), text("en", "<How> was it?")],
            lo: 1,
            hi,
            with_expectation: code == "speed",
            weight: None,
        };
        Asked::Many(Box::new(Questionnaire {
            code: "service".to_owned(),
            version: 1,
            titles: vec![text("zh-Hans", "服务"), text("en", "Service & care")],
            items: vec![item("speed", 7), item("share", 100)],
            created_at: DateTime::UNIX_EPOCH,
        }))
    }

    fn shown(asked: &Asked, filled: &Filled, mistakes: &[Mistake]) -> String {
        let visitor = Visitor { chosen: Some("en".to_owned()), ..Visitor::default() };
        page(&visitor, InvitationTrigger::Purchase, asked, filled, mistakes).html
    }

    #[test]
    fn every_step_has_a_label_and_what_was_filled_in_is_shown_again() {
        let asked = Asked::One(Instrument::Nps);
        let sent = vec![("score".to_owned(), "7".to_owned()), ("words".to_owned(), "<b>".to_owned())];
        let html = shown(&asked, &Filled::of(&asked, sent), &[]);
        assert_eq!(html.matches("type=\"radio\"").count(), 11);
        for step in 1..=10 {
            assert!(html.contains(&format!("for=\"score-{step}\"")), "{step}");
        }
        assert!(html.contains("value=\"7\" checked") && html.contains("&lt;b&gt;</textarea>"));
        assert_eq!(html.matches(" checked").count(), 1);
        assert!(!html.contains("value=\"later\""), "one question needs no second visit");
    }

    #[test]
    fn mistakes_lead_to_their_fields() {
        let asked = Asked::One(Instrument::Csat);
        let filled = Filled::default();
        let mistakes = filled.read(&asked).expect_err("nothing was chosen");
        let html = shown(&asked, &filled, &mistakes);
        assert!(html.contains("role=\"alert\"") && html.contains("href=\"#score\""));
        assert!(
            html.contains("id=\"score\"") && html.contains("aria-describedby=\"score-mistake score-ends\"")
        );
        assert!(html.contains("<title>Error: "));
    }

    #[test]
    fn a_questionnaire_asks_each_item_in_the_language_wanted() {
        let html = shown(&questionnaire(), &Filled::default(), &[]);
        assert!(html.contains("<h1>Service &amp; care</h1>") && html.contains("&lt;How&gt; was it?"));
        assert!(html.contains("name=\"e-speed\"") && html.contains("name=\"p-speed\""));
        assert!(!html.contains("name=\"e-share\"") && html.contains("type=\"number\""));
        assert!(html.contains("value=\"later\""));
    }
}
