//! What a customer buys, summed up by currency.

use schema::{
    api::{interaction::Turnover, problem::FieldError},
    value::{Currency, Minor},
};

use super::{line, mistake};

/// The most currencies in which one customer buys: what the view holds of them is whole, and small.
const MOST: usize = 20;

/// The turnover in the currency of a purchase, with the purchase.
pub(crate) fn bought(all: Vec<Turnover>, currency: &Currency, total: Minor) -> Result<Turnover, FieldError> {
    let full = all.len() >= MOST;
    let Some(turnover) = find(all, currency) else {
        if full {
            return Err(mistake("/currency", format!("a customer buys in at most {MOST} currencies")));
        }
        let returned_minor = Minor::new(0);
        return Ok(Turnover { currency: currency.clone(), purchases: 1, total_minor: total, returned_minor });
    };
    match (turnover.purchases.checked_add(1), line::sum([turnover.total_minor, total])) {
        (Some(purchases), Some(total_minor)) => Ok(Turnover { purchases, total_minor, ..turnover }),
        _ => Err(mistake("/lines", "all purchases of the customer add up to more than can be counted")),
    }
}

/// The turnover in the currency of a return, with the return. `None` when there is none to return from.
pub(crate) fn gave_back(all: Vec<Turnover>, currency: &Currency, total: Minor) -> Option<Turnover> {
    let turnover = find(all, currency)?;
    let returned_minor = line::sum([turnover.returned_minor, total])?;
    (returned_minor <= turnover.total_minor).then_some(Turnover { returned_minor, ..turnover })
}

fn find(all: Vec<Turnover>, currency: &Currency) -> Option<Turnover> {
    all.into_iter().find(|turnover| turnover.currency == *currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::try_from(code.to_owned()).expect("a currency")
    }

    #[test]
    fn each_currency_has_its_own_sum() {
        let euro = bought(Vec::new(), &currency("EUR"), Minor::new(100)).expect("the first");
        let yuan = bought(vec![euro.clone()], &currency("CNY"), Minor::new(7)).expect("another");
        assert_eq!((yuan.purchases, yuan.total_minor), (1, Minor::new(7)));
        let euro = bought(vec![yuan, euro], &currency("EUR"), Minor::new(20)).expect("the second");
        assert_eq!((euro.purchases, euro.total_minor), (2, Minor::new(120)));
        let euro = gave_back(vec![euro], &currency("EUR"), Minor::new(50)).expect("a return");
        assert_eq!((euro.purchases, euro.returned_minor), (2, Minor::new(50)));
    }

    #[test]
    fn what_cannot_be_counted_is_a_mistake() {
        let euro = bought(Vec::new(), &currency("EUR"), Minor::new(i64::MAX)).expect("as much as can be");
        let wrong = bought(vec![euro.clone()], &currency("EUR"), Minor::new(1)).expect_err("too much");
        assert_eq!(wrong.pointer, "/lines");
        let often = Turnover { purchases: i32::MAX, total_minor: Minor::new(0), ..euro };
        assert!(bought(vec![often], &currency("EUR"), Minor::new(1)).is_err());
    }

    #[test]
    fn nothing_is_given_back_that_was_not_paid() {
        assert_eq!(gave_back(Vec::new(), &currency("EUR"), Minor::new(1)), None);
        let euro = bought(Vec::new(), &currency("EUR"), Minor::new(1)).expect("the first");
        assert_eq!(gave_back(vec![euro], &currency("EUR"), Minor::new(2)), None);
    }

    #[test]
    fn currencies_are_few() {
        let all: Vec<Turnover> = (b'A'..b'A' + 20)
            .map(|letter| format!("X{}X", char::from(letter)))
            .map(|code| bought(Vec::new(), &currency(&code), Minor::new(1)).expect("the first"))
            .collect();
        assert_eq!(
            bought(all.clone(), &currency("EUR"), Minor::new(1)).expect_err("one more").pointer,
            "/currency"
        );
        assert!(bought(all, &currency("XAX"), Minor::new(1)).is_ok());
    }
}
