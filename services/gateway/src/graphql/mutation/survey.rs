//! Mutations of what customers think: single answers, questionnaires and the answers to them, invitations,
//! their rules, and waves.

use schema::{
    api::survey::{
        AnswerQuestionnaire, ChangeInvitationRule, CloseWave, CreateInvitationRule, CreateQuestionnaire,
        CreateWave, InvitationTerms, Invite, NewAnswer, NewInvitation, NewInvitationRule, NewQuestionnaire,
        NewQuestionnaireAnswer, NewWave, OpenWave, RecordAnswer,
    },
    ids::{CustomerId, WaveId},
};

use super::table::mutations;

mutations! {
    /// Answers, questionnaires, invitations and waves.
    SurveyMutation of Voice;

    /// Records a customer's answer.
    record_answer [customer_id: CustomerId] (input: NewAnswer) => RecordAnswer;
    /// Creates the next version of a questionnaire; the first version of a new code is 1.
    create_questionnaire (input: NewQuestionnaire) => CreateQuestionnaire;
    /// Records a customer's answer to a questionnaire; items may be left out.
    answer_questionnaire [customer_id: CustomerId] (input: NewQuestionnaireAnswer) => AnswerQuestionnaire;
    /// Invites a customer by hand, by a rule whose trigger is `manual`. Refused while the customer was
    /// invited within the rule's days of cooling off.
    invite [customer_id: CustomerId] (input: NewInvitation) => Invite;
    /// Creates a rule of invitation.
    create_invitation_rule (input: NewInvitationRule) => CreateInvitationRule;
    /// Replaces the terms of a rule. Invitations that were proposed before keep theirs.
    change_invitation_rule [code: String] (input: InvitationTerms) => ChangeInvitationRule;
    /// Plans a wave.
    create_wave (input: NewWave) => CreateWave;
    /// Opens a planned wave: customers are invited, a batch after the other.
    open_wave [wave_id: WaveId] => OpenWave;
    /// Closes a wave: nobody is invited any more, and what was not answered runs out.
    close_wave [wave_id: WaveId] => CloseWave;
}
