//! How a value is masked, and how a type says the class of each of its fields.

use chrono::NaiveDate;

use super::{Class, Level, Viewer};

/// A type whose fields have classes; what a viewer may not see is taken out in place.
pub trait Mask {
    /// Every classified field of this type, for documentation and for tests made from the table.
    const FIELDS: &'static [ClassifiedField];
    /// Masks or removes what the viewer may not see whole.
    fn mask(&mut self, viewer: &Viewer);
}

/// One field of a classified type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassifiedField {
    /// The field's name in JSON.
    pub name: &'static str,
    /// Its class; `None` is plain, or a nested type with classes of its own.
    pub class: Option<Class>,
}

/// A value that can be shown whole, masked or not at all.
pub trait MaskField {
    /// Reduces the value to what this level shows.
    fn reduce(&mut self, level: Level);
}

impl MaskField for Option<String> {
    fn reduce(&mut self, level: Level) {
        *self = match level {
            Level::Whole => self.take(),
            Level::Masked => self.take().map(|text| masked(&text)),
            Level::None => None,
        };
    }
}

/// A masked text: its length is hidden, and the same text always gives the same mask.
fn masked(text: &str) -> String {
    if let Some((name, domain)) = text.split_once('@') {
        return format!("{}****@{domain}", name.chars().take(1).collect::<String>());
    }
    let letters: Vec<char> = text.chars().collect();
    let is_number = letters.len() >= 8 && letters.iter().all(|c| c.is_ascii_digit() || *c == '+');
    let (head, tail) = if is_number { (3, 2) } else { (1, 0) };
    let start: String = letters.iter().take(head).collect();
    let end: String = letters.iter().skip(letters.len().saturating_sub(tail)).collect();
    format!("{start}****{end}")
}

macro_rules! whole_or_nothing {
    ($($type:ty),+ $(,)?) => {$(
        impl MaskField for Option<$type> {
            fn reduce(&mut self, level: Level) {
                if level != Level::Whole {
                    *self = None;
                }
            }
        }
    )+};
}

// A masked date or number would be a false one, and how many texts there are says something too, so these
// are whole or absent.
whole_or_nothing!(
    Vec<String>,
    NaiveDate,
    i32,
    i64,
    crate::value::Points,
    crate::value::Minor,
    crate::api::loyalty::Tier,
    crate::api::survey::NpsCategory,
);

impl<T: Mask> Mask for Vec<T> {
    const FIELDS: &'static [ClassifiedField] = T::FIELDS;
    fn mask(&mut self, viewer: &Viewer) {
        self.iter_mut().for_each(|item| item.mask(viewer));
    }
}

impl<T: Mask> Mask for Option<T> {
    const FIELDS: &'static [ClassifiedField] = T::FIELDS;
    fn mask(&mut self, viewer: &Viewer) {
        self.iter_mut().for_each(|item| item.mask(viewer));
    }
}

impl Mask for () {
    const FIELDS: &'static [ClassifiedField] = &[];
    fn mask(&mut self, _: &Viewer) {}
}

/// Declares the class of every field of a struct and so implements [`Mask`] for it.
///
/// Rules: `plain`, `nested` (the field's type is itself classified), or a class in lower case. The
/// struct is taken apart without `..`, so a field that is not named here is a compile error.
#[macro_export]
macro_rules! classified {
    ($type:ident { $($field:ident: $rule:ident),* $(,)? }) => {
        impl $crate::access::Mask for $type {
            const FIELDS: &'static [$crate::access::ClassifiedField] = &[$(
                $crate::access::ClassifiedField {
                    name: stringify!($field),
                    class: $crate::classified!(@class $rule),
                },
            )*];
            fn mask(&mut self, viewer: &$crate::access::Viewer) {
                let Self { $($field),* } = self;
                let _ = viewer;
                $($crate::classified!(@apply $rule, $field, viewer);)*
            }
        }
    };
    (@class plain) => { None };
    (@class nested) => { None };
    (@class identity) => { Some($crate::access::Class::Identity) };
    (@class contact) => { Some($crate::access::Class::Contact) };
    (@class sensitive) => { Some($crate::access::Class::Sensitive) };
    (@class value) => { Some($crate::access::Class::Value) };
    (@class standing) => { Some($crate::access::Class::Standing) };
    (@apply plain, $field:ident, $viewer:ident) => { let _ = $field; };
    (@apply nested, $field:ident, $viewer:ident) => { $crate::access::Mask::mask($field, $viewer); };
    (@apply identity, $field:ident, $viewer:ident) => { $crate::classified!(@reduce Identity, $field, $viewer); };
    (@apply contact, $field:ident, $viewer:ident) => { $crate::classified!(@reduce Contact, $field, $viewer); };
    (@apply sensitive, $field:ident, $viewer:ident) => { $crate::classified!(@reduce Sensitive, $field, $viewer); };
    (@apply value, $field:ident, $viewer:ident) => { $crate::classified!(@reduce Value, $field, $viewer); };
    (@apply standing, $field:ident, $viewer:ident) => { $crate::classified!(@reduce Standing, $field, $viewer); };
    (@reduce $class:ident, $field:ident, $viewer:ident) => {
        $crate::access::MaskField::reduce($field, $viewer.level($crate::access::Class::$class))
    };
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn masks_are_stable_and_hide_the_length() {
        assert_eq!(masked("+8613812341234"), "+86****34");
        assert_eq!(masked("li.ming@example.com"), "l****@example.com");
        assert_eq!(masked("王小明"), "王****");
        assert_eq!(masked(""), "****");
    }
}
