//! What the replicas of the gateway tell each other.

use schema::{api::section::Section, ids::CustomerId};

/// Something changed in the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Announcement {
    /// A customer's section is to be fetched again.
    Stale(CustomerId, Section),
    /// A customer's row changed: another reference, or a fresher section.
    Changed(CustomerId),
    /// The tree of units changed, and so who sees whom.
    Organisation,
}

impl Announcement {
    /// The announcement that a text stands for; none when another version said it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        match (words.next()?, words.next(), words.next()) {
            ("stale", Some(id), Some(name)) => {
                let section = Section::ALL.into_iter().find(|section| section.name() == name)?;
                Some(Self::Stale(id.parse().ok()?, section))
            }
            ("changed", Some(id), None) => Some(Self::Changed(id.parse().ok()?)),
            ("organisation", None, None) => Some(Self::Organisation),
            _ => None,
        }
    }
}

impl From<Announcement> for String {
    fn from(announcement: Announcement) -> Self {
        match announcement {
            Announcement::Stale(id, section) => format!("stale {id} {}", section.name()),
            Announcement::Changed(id) => format!("changed {id}"),
            Announcement::Organisation => "organisation".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let id: CustomerId = "01930000-0000-7000-8000-000000000001".parse().expect("an id");
        for one in
            [Announcement::Stale(id, Section::Voice), Announcement::Changed(id), Announcement::Organisation]
        {
            assert_eq!(Announcement::parse(&String::from(one)), Some(one));
        }
        for text in ["", "stale", "stale x voice", "changed", "something else"] {
            assert_eq!(Announcement::parse(text), None, "{text}");
        }
    }
}
