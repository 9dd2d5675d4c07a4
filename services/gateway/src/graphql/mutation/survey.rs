//! Mutations of what customers think: single answers, questionnaires and the answers to them.

use schema::{
    api::survey::{
        AnswerQuestionnaire, CreateQuestionnaire, NewAnswer, NewQuestionnaire, NewQuestionnaireAnswer,
        RecordAnswer,
    },
    ids::CustomerId,
};

use super::table::mutations;

mutations! {
    /// Answers and questionnaires.
    SurveyMutation of Voice;

    /// Records a customer's answer.
    record_answer [customer_id: CustomerId] (input: NewAnswer) => RecordAnswer;
    /// Creates the next version of a questionnaire; the first version of a new code is 1.
    create_questionnaire (input: NewQuestionnaire) => CreateQuestionnaire;
    /// Records a customer's answer to a questionnaire; items may be left out.
    answer_questionnaire [customer_id: CustomerId] (input: NewQuestionnaireAnswer) => AnswerQuestionnaire;
}
