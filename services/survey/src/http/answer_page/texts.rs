//! The page's own words, in each language.

use schema::api::survey::{Instrument, InvitationTrigger};

/// What a page says.
pub(super) struct Texts {
    pub(super) tag: &'static str,
    /// The language's name in itself.
    pub(super) name: &'static str,
    pub(super) languages: &'static str,
    pub(super) title: &'static str,
    pub(super) intro: &'static str,
    pub(super) intro_many: &'static str,
    pub(super) expected: &'static str,
    pub(super) perceived: &'static str,
    pub(super) words: &'static str,
    pub(super) words_hint: &'static str,
    pub(super) followed_up: &'static str,
    pub(super) send: &'static str,
    pub(super) later: &'static str,
    pub(super) error: &'static str,
    pub(super) problem: &'static str,
    pub(super) missing_one: &'static str,
    pub(super) missing_many: &'static str,
    pub(super) missing_perceived: &'static str,
    pub(super) wrong_words: &'static str,
    pub(super) thanks: &'static str,
    pub(super) thanks_text: &'static str,
    pub(super) saved: &'static str,
    pub(super) saved_text: &'static str,
    pub(super) go_on: &'static str,
    pub(super) gone: &'static str,
    pub(super) gone_texts: [&'static str; 2],
    pub(super) wait: &'static str,
    pub(super) wait_texts: [&'static str; 2],
    pub(super) trouble: &'static str,
    pub(super) trouble_text: &'static str,
}

pub(super) const ENGLISH: Texts = Texts {
    tag: "en",
    name: "English",
    languages: "Language",
    title: "Your opinion counts",
    intro: "One question, half a minute.",
    intro_many: "You may leave out questions that do not apply.",
    expected: "What you had expected",
    perceived: "How it was",
    words: "Would you like to tell us more?",
    words_hint: "Optional, at most 2,000 characters.",
    followed_up: "Your answer is kept with your customer file, so that we can put right what was not good.",
    send: "Send answer",
    later: "Save and go on later",
    error: "Error",
    problem: "Please check your answer",
    missing_one: "Choose a number.",
    missing_many: "Answer at least one question.",
    missing_perceived: "Say how it was, too, or take back what you had expected.",
    wrong_words: "Write at most 2,000 characters, without control characters.",
    thanks: "Thank you!",
    thanks_text: "Your answer has arrived. You can close this page.",
    saved: "Saved",
    saved_text: "Nothing is sent yet. You can come back with the same link and go on.",
    go_on: "Go on now",
    gone: "This link cannot be used",
    gone_texts: [
        "It was used already, has run out, or is not complete. If you have answered: thank you, your answer has \
         arrived.",
        "If you have not, open the latest link that you got from us, or talk to us where you are served.",
    ],
    wait: "Please wait a moment",
    wait_texts: [
        "Too many links that cannot be used were opened from your network.",
        "Please try again in a minute. If you have answered already: thank you, your answer has arrived.",
    ],
    trouble: "Something went wrong",
    trouble_text: "Your answer was not taken. Please go back and try again in a few minutes.",
};

pub(super) const CHINESE: Texts = Texts {
    tag: "zh-Hans",
    name: "简体中文",
    languages: "语言",
    title: "您的意见很重要",
    intro: "只有一个问题，半分钟即可完成。",
    intro_many: "不适用的问题可以不答。",
    expected: "您原来的期望",
    perceived: "实际的感受",
    words: "您还想告诉我们什么？",
    words_hint: "选填，最多 2,000 字。",
    followed_up: "您的回答会与您的客户档案一起保存，以便我们改进做得不好的地方。",
    send: "提交回答",
    later: "保存，稍后继续",
    error: "错误",
    problem: "请检查您的回答",
    missing_one: "请选择一个分数。",
    missing_many: "请至少回答一个问题。",
    missing_perceived: "请同时选择实际的感受，或取消所选的期望。",
    wrong_words: "最多填写 2,000 字，且不能包含控制字符。",
    thanks: "谢谢您！",
    thanks_text: "您的回答已收到。您可以关闭此页面。",
    saved: "已保存",
    saved_text: "回答尚未提交。您可以用同一链接返回并继续。",
    go_on: "现在继续",
    gone: "此链接无法使用",
    gone_texts: [
        "链接可能已经使用过、已过期或不完整。如果您已经回答：谢谢，我们已收到您的回答。",
        "如果您还没有回答，请打开我们最近发给您的链接，或在为您服务的网点与我们联系。",
    ],
    wait: "请稍等片刻",
    wait_texts: [
        "从您的网络打开了太多无法使用的链接。",
        "请一分钟后再试。如果您已经回答：谢谢，我们已收到您的回答。",
    ],
    trouble: "出了点问题",
    trouble_text: "您的回答未能提交。请返回并在几分钟后重试。",
};

impl Texts {
    /// The texts of a language of ours.
    pub(super) fn of(language: &str) -> &'static Self {
        if language == CHINESE.tag { &CHINESE } else { &ENGLISH }
    }

    const fn is_chinese(&self) -> bool {
        self.tag.len() == CHINESE.tag.len()
    }

    /// The question of an instrument, by what it is asked after.
    pub(super) const fn question(&self, instrument: Instrument, trigger: InvitationTrigger) -> &'static str {
        let about_case = matches!(trigger, InvitationTrigger::CaseClosed | InvitationTrigger::Recovery);
        match (self.is_chinese(), instrument) {
            (false, Instrument::Nps) => "How likely are you to recommend us to a friend or colleague?",
            (false, Instrument::Csat) if about_case => {
                "How satisfied are you with the way we took care of your matter?"
            }
            (false, Instrument::Csat) if matches!(trigger, InvitationTrigger::Purchase) => {
                "How satisfied are you with your latest purchase?"
            }
            (false, Instrument::Csat) => "How satisfied are you with us?",
            (false, Instrument::Ces) => "How far do you agree: “It was easy to get done what I wanted.”",
            (true, Instrument::Nps) => "您有多大可能向朋友或同事推荐我们？",
            (true, Instrument::Csat) if about_case => "您对我们处理您的问题的方式满意吗？",
            (true, Instrument::Csat) if matches!(trigger, InvitationTrigger::Purchase) => {
                "您对最近一次购买满意吗？"
            }
            (true, Instrument::Csat) => "总的来说，您对我们满意吗？",
            (true, Instrument::Ces) => "您在多大程度上同意：“办好我要办的事很轻松。”",
        }
    }

    /// What the ends of an instrument's scale mean.
    pub(super) const fn ends(&self, instrument: Instrument) -> (&'static str, &'static str) {
        match (self.is_chinese(), instrument) {
            (false, Instrument::Nps) => ("not at all likely", "extremely likely"),
            (false, Instrument::Csat) => ("very dissatisfied", "very satisfied"),
            (false, Instrument::Ces) => ("strongly disagree", "strongly agree"),
            (true, Instrument::Nps) => ("完全不可能", "非常可能"),
            (true, Instrument::Csat) => ("非常不满意", "非常满意"),
            (true, Instrument::Ces) => ("完全不同意", "完全同意"),
        }
    }

    /// What the ends of a questionnaire's scale mean.
    pub(super) const fn plain_ends(&self) -> (&'static str, &'static str) {
        if self.is_chinese() { ("最低", "最高") } else { ("lowest", "highest") }
    }

    /// What is on a scale.
    pub(super) fn on_scale(&self, lo: i32, hi: i32) -> String {
        if self.is_chinese() {
            format!("请选择 {lo} 到 {hi} 之间的整数。")
        } else {
            format!("Give a whole number from {lo} to {hi}.")
        }
    }
}
