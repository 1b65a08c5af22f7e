//! What a person can be told when something does not work: a kind, and for bad input the fields.

use serde::{Deserialize, Serialize};

use crate::time::Day;

/// Why a request was not carried out. The one error type above the store; never carries user input or secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    /// Nobody is signed in (401).
    SignedOut,
    /// Somebody is signed in who has a second factor still to prove, or to set up (401).
    SecondFactor,
    /// This needs a proof of who asks that is at most five minutes old (403).
    Reauthenticate,
    /// The role does not allow it (403).
    Forbidden,
    /// No such object, or one of another workspace: the two look alike (404).
    NotFound,
    /// Somebody else changed the object meanwhile (409).
    Conflict,
    /// The input has errors, each with its field (422).
    Invalid(Vec<FieldError>),
    /// Too many tries (429); seconds until the next one.
    TooMany(u32),
    /// A fault of ours (500), with the number under which the log has the cause.
    Broken {
        /// The number to name when asking for help.
        incident: String,
    },
}

impl Problem {
    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::SignedOut | Self::SecondFactor => 401,
            Self::Forbidden | Self::Reauthenticate => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Invalid(_) => 422,
            Self::TooMany(_) => 429,
            Self::Broken { .. } => 500,
        }
    }

    /// One field error.
    #[must_use]
    pub fn field(field: &str, code: FieldCode) -> Self {
        Self::Invalid(vec![FieldError::new(field, code)])
    }
}

/// One thing that is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: String,
    /// What is wrong with it.
    pub code: FieldCode,
}

impl FieldError {
    /// An error of a field.
    #[must_use]
    pub fn new(field: &str, code: FieldCode) -> Self {
        Self { field: field.to_owned(), code }
    }
}

/// What can be wrong with a field. [`FieldCode::advice`] says what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldCode {
    /// Nothing was entered.
    Missing,
    /// Longer than so many characters.
    TooLong(u32),
    /// Shorter than so many characters.
    TooShort(u32),
    /// Not one of the values of the list.
    NotInList,
    /// No such object in the workspace.
    NoSuchObject,
    /// A requirement that no standard and no framework of the workspace lists.
    NoSuchRequirement,
    /// A requirement that the standard excludes from the customised approach.
    AsWritten,
    /// Another object has this key already.
    Taken,
    /// Not a whole number, or below zero.
    NotANumber,
    /// Not a day such as 2026-11-21.
    NotADay,
    /// Not an instant such as 2026-11-21T09:30.
    NotAnInstant,
    /// What happened cannot lie ahead.
    InTheFuture,
    /// No key of a framework of one's own.
    NotAFrameworkKey,
    /// An instant before the incident was detected.
    BeforeDetection,
    /// An incident cannot have begun after somebody detected it.
    AfterDetection,
    /// Something stands in the way of closing the incident.
    IncidentUnfinished,
    /// The incident is closed.
    IncidentClosed,
    /// Several things where one is asked for.
    OneInEachRow,
    /// Control characters in a key.
    ControlCharacter,
    /// Something other than `d` and `*` in a mask.
    NotAMask,
    /// Neither a JSON object nor a JSON list.
    NotAStructure,
    /// A flow from a system to itself that carries nothing says nothing.
    SameSystem,
    /// A link joins two segments.
    SameSegment,
    /// There is a link between these two segments already.
    LinkExists,
    /// Not a day from today until the end of the time for which a decision may hold.
    NotWithinAYear,
    /// Not a day from today until in so many days.
    NotWithinDays(u32),
    /// Who wrote a decision cannot approve it.
    OwnDecision,
    /// Who answers for something cannot approve a decision about it.
    AnswersForIt,
    /// The approval tier does not reach so far.
    TierTooLow,
    /// A finding does not stand so that this can be done about it.
    NotInThisState,
    /// A risk of this level is not accepted beyond this day.
    NotBeyond(Day),
    /// A risk of the highest level was accepted as often as it may be.
    RenewedTooOften,
    /// The same person approved already.
    ApprovedAlready,
    /// Of one risk one acceptance at a time is asked for.
    AskedAlready,
    /// A higher step of a scale would become a lower one, or one that the other scale does not have.
    NotInOrder,
    /// The same person answered for the other end of the flow.
    OtherEndIsYours,
    /// Somebody else answers for this end of the flow.
    NotYourEnd,
    /// What a decision rests on changed since it was written.
    FactsChanged,
    /// The account is linked to no person of the workspace, so nobody could be named.
    NobodyToName,
    /// Not an e-mail address.
    NotAnAddress,
    /// One of the most common passwords, or made of the account's own words.
    CommonPassword,
    /// Wrong name or wrong password.
    WrongCredentials,
    /// Wrong password, asked of somebody who is signed in.
    WrongPassword,
    /// Neither the code of now nor a recovery code that is left.
    WrongCode,
    /// No account has this address.
    NoSuchAccount,
    /// The link was used already or is too old.
    LinkUsedOrOld,
    /// Something looks like a full card number, which this product never stores.
    CardNumber,
    /// The object is still used by others.
    StillUsed,
    /// The workspace would be left without an owner.
    LastOwner,
    /// The instance would be left without an administrator, or a person would lock themselves out.
    LastAdministrator,
    /// Not the name that is to be typed as a confirmation.
    NotTheName,
    /// The workspace is archived and can only be read.
    Archived,
    /// The form has a field that the page does not have, or one of its fields twice.
    UnknownField,
    /// The person is a member already.
    MemberAlready,
    /// The last day lies before the first.
    EndsBeforeItBegins,
    /// It would have ended before it was collected.
    ExpiresBeforeCollected,
    /// Somebody else has this address.
    AddressTaken,
    /// Not a flow in one line.
    NotAFlow,
    /// Not a list of elements, as a flow in one line has them.
    NotElements,
    /// More of these are kept already than there may be.
    TooMany,
    /// A proposal holds more than it may.
    TooMuch,
    /// People, settings and decisions are not changed by proposals.
    NotForProposals,
    /// A proposal without an edit.
    NothingInIt,
    /// Who asks for something cannot approve it.
    OwnProposal,
    /// The proposal is not in review.
    NotInReview,
    /// A gate of the proposal is open.
    GateOpen,
    /// Who signs was fixed when the review was opened.
    NotNamed,
    /// A review does not do what the schedule asks for.
    OtherCover,
    /// An approval of the proposal is missing.
    ApprovalMissing,
    /// The proposal was merged or withdrawn.
    Closed,
    /// The workspace changes what is in scope through proposals only.
    Protected,
    /// A rating lies above the one before it, and nobody said why.
    AboveTheOneBefore,
    /// A higher level cannot be accepted for longer than the one below it.
    LongerThanBelow,
    /// Neither a link of the web nor the name of a ticket.
    NotATicket,
    /// Not a number of days such as 2.5.
    NotPersonDays,
    /// Not an amount of money such as EUR 1200.50.
    NotMoney,
    /// What comes before it in the end comes after it.
    WaitsForItself,
    /// Not how often something is done, such as 90d or 3m.
    NotACadence,
    /// Not the name of a time zone.
    NotATimeZone,
    /// Earlier than the last time that is noted.
    BeforeTheLast,
    /// Not an address of the web.
    NotAWebLink,
    /// A name that no file may have here.
    NotAFileName,
    /// Files of this type are not taken.
    FileTypeNotTaken,
    /// The first bytes are those of something else than the name says.
    FileNotWhatItSays,
    /// A file has at most so many MiB.
    FileTooLarge(u32),
    /// The file has no bytes.
    EmptyFile,
    /// The file has a full card number, the first in this line.
    CardNumberInFile(u32),
    /// The files of the workspace take as much room as they may.
    StorageFull,
    /// A legal hold keeps it as it is.
    OnHold,
    /// The file of an evidence item is not in the folder of this machine.
    FileGone,
    /// The file of an evidence item has other bytes than it had when it was taken in.
    FileAltered,
    /// A sample that is frozen is not changed any more.
    Frozen,
    /// Nothing was signed yet, and this is drawn from what was.
    NothingSigned,
    /// No object passes the filter.
    NothingPasses,
    /// Nothing fits what was asked for.
    NothingFits,
}

impl FieldCode {
    /// What to do, as a sentence.
    #[must_use]
    pub fn advice(self) -> String {
        match self {
            Self::Missing => "Fill in this field.".to_owned(),
            Self::TooLong(most) => format!("Shorten this to at most {most} characters."),
            Self::TooShort(least) => format!("Enter at least {least} characters."),
            Self::NotInList => "Choose one of the values offered.".to_owned(),
            Self::NoSuchRequirement => {
                "One of these is no requirement of PCI DSS, the OWASP lists or your own frameworks. Write ids such as 11.3.2 or \
                 asvs:6.2.1."
                    .to_owned()
            }
            Self::NoSuchObject => "There is nothing with this key in the workspace. Choose one of the list.".to_owned(),
            Self::AsWritten => {
                "PCI DSS excludes this requirement from the customised approach: it is met as it is written.".to_owned()
            }
            Self::Taken => "Another object has this key already. Choose a different one.".to_owned(),
            Self::NotANumber => "Enter a whole number that is not negative, for example 30.".to_owned(),
            Self::NotADay => "Enter a day as year-month-day, for example 2026-11-21.".to_owned(),
            Self::NotAnInstant => "Enter day and time in UTC, for example 2026-11-21T09:30.".to_owned(),
            Self::NotAFrameworkKey => {
                "Write lower-case letters, digits and dashes, at most 40, and not the key of a standard.".to_owned()
            }
            Self::BeforeDetection => {
                "This lies before it was detected. Correct it, or the time of detection.".to_owned()
            }
            Self::InTheFuture => "This lies ahead. Enter when it happened.".to_owned(),
            Self::AfterDetection => "It cannot have begun after it was detected. Correct one of the two.".to_owned(),
            Self::IncidentUnfinished => {
                "Something stands in the way of closing this incident. See the list beside the button.".to_owned()
            }
            Self::OneInEachRow => "Write one in each row, without a semicolon.".to_owned(),
            Self::IncidentClosed => "This incident is closed. Reopen it first.".to_owned(),
            Self::ControlCharacter => "Remove line breaks and other control characters.".to_owned(),
            Self::NotAMask => {
                "Write a mask with d for a digit that is kept and * for one that is removed, for example dddddd******dddd."
                    .to_owned()
            }
            Self::NotAStructure => {
                "Write the parts as a JSON object or list, for example {\"min_length\": 12}.".to_owned()
            }
            Self::SameSystem => "Choose two different systems.".to_owned(),
            Self::SameSegment => "Choose two different segments.".to_owned(),
            Self::LinkExists => {
                "There is a link between these two segments already. Change that one instead.".to_owned()
            }
            Self::NotWithinAYear => {
                "Choose a day from today until a year from now, or half a year for a service provider.".to_owned()
            }
            Self::NotWithinDays(days) => format!("Choose a day from today until in {days} days."),
            Self::AnswersForIt => {
                "Whoever answers for this does not approve a decision about it. Ask somebody else to.".to_owned()
            }
            Self::TierTooLow => {
                "Your approval tier does not reach this level. Ask a member whose tier does.".to_owned()
            }
            Self::NotInThisState => {
                "This cannot be done as it stands now. Look at its history, then choose again.".to_owned()
            }
            Self::NotBeyond(day) => format!("A risk of this level can be accepted until {day} at most."),
            Self::RenewedTooOften => {
                "A very high risk is accepted once and renewed once. Now it has to be treated.".to_owned()
            }
            Self::ApprovedAlready => "You have approved this already. A second approval comes from somebody else.".to_owned(),
            Self::NotInOrder => {
                "Choose a step of the register for each, a higher one never below a lower one.".to_owned()
            }
            Self::AskedAlready => {
                "Somebody has asked for the acceptance of this risk already. Approve, reject or withdraw that first.".to_owned()
            }
            Self::OwnDecision => "Nobody approves their own decision. Ask somebody else to.".to_owned(),
            Self::OtherEndIsYours => {
                "You answered for the other end of this flow. Somebody else confirms this one.".to_owned()
            }
            Self::NotYourEnd => {
                "Somebody else answers for the system at this end. Ask its owner or deputy, or change them there."
                    .to_owned()
            }
            Self::FactsChanged => {
                "What this rests on changed since it was written. Look at it again and save it once more.".to_owned()
            }
            Self::NobodyToName => {
                "Your account is linked to no person of this workspace. Link it under People, then try again.".to_owned()
            }
            Self::NotAnAddress => "Enter an e-mail address, for example name@shop.example.".to_owned(),
            Self::CommonPassword => "This password is easy to guess. Choose a longer or less common one.".to_owned(),
            Self::WrongCredentials => "The e-mail address or the password is wrong. Check both and try again.".to_owned(),
            Self::WrongPassword => "This is not your password. Try again.".to_owned(),
            Self::WrongCode => {
                "This code is wrong, too old, or was used already. Enter the one that your app shows now.".to_owned()
            }
            Self::NoSuchAccount => "No account has this address. Check the spelling.".to_owned(),
            Self::LinkUsedOrOld => {
                "This link was used already or is older than 30 minutes. Ask for a new one with `plumbline setup-token`."
                    .to_owned()
            }
            Self::CardNumber => {
                "This looks like a full card number. Plumbline never stores one: write the mask instead.".to_owned()
            }
            Self::StillUsed => "Other objects still refer to this one. Remove those references first.".to_owned(),
            Self::LastOwner => {
                "This is the last owner of the workspace. Make another member an owner first.".to_owned()
            }
            Self::LastAdministrator => {
                "The instance needs an administrator. Ask another administrator, or make one first.".to_owned()
            }
            Self::NotTheName => "Type the name of the workspace exactly as it stands above.".to_owned(),
            Self::Archived => {
                "This workspace is archived and can only be read. An owner can restore it under Settings.".to_owned()
            }
            Self::UnknownField => {
                "This form holds something that its page does not have. Reload the page and try again.".to_owned()
            }
            Self::MemberAlready => "This person is a member already. Change their role instead.".to_owned(),
            Self::ExpiresBeforeCollected => "Choose a day that is not before the one on which it was collected.".to_owned(),
            Self::EmptyFile => "The file is empty. Choose another one.".to_owned(),
            Self::CardNumberInFile(line) => format!(
                "The file has what looks like a card number, first in line {line}. Mask it, then choose the file again: card \
                 numbers are kept nowhere here."
            ),
            Self::EndsBeforeItBegins => "Choose a last day that is not before the first.".to_owned(),
            Self::NotAFlow => "This line is not understood as a flow. See below what is missing.".to_owned(),
            Self::LongerThanBelow => "A higher level is accepted for no longer than the one below it.".to_owned(),
            Self::AboveTheOneBefore => {
                "This is rated worse than before the controls or actions. Lower it, or say below why it is right.".to_owned()
            }
            Self::NotATicket => {
                "Enter a link that begins with https://, or the name of a ticket such as PAY-123.".to_owned()
            }
            Self::NotPersonDays => "Enter days of one person with at most one decimal, for example 2.5.".to_owned(),
            Self::NotMoney => "Enter a currency and an amount, for example EUR 1200.50.".to_owned(),
            Self::WaitsForItself => {
                "These actions wait for each other, so none could begin. Take one of them out.".to_owned()
            }
            Self::NotACadence => {
                "Write how often as days (90d), months (3m), monthly 15, quarterly 3 15 or yearly 12 31.".to_owned()
            }
            Self::NotATimeZone => "Enter the name of a time zone, for example Europe/Berlin.".to_owned(),
            Self::BeforeTheLast => "It was done later than this already. Enter a later day.".to_owned(),
            Self::NotAWebLink => {
                "Enter an address that begins with https://, without a user name in it.".to_owned()
            }
            Self::NotAFileName => {
                "Rename the file: letters, digits, blanks, dashes and one ending, no folder in front.".to_owned()
            }
            Self::FileTypeNotTaken => {
                "Choose a PDF, a picture (PNG, JPEG, GIF, WebP), a text, a CSV table, JSON, a Word document or an Excel \
                 workbook."
                    .to_owned()
            }
            Self::FileNotWhatItSays => {
                "The content of this file is not what its name says. Save it again in the type of its ending.".to_owned()
            }
            Self::FileTooLarge(most) => format!("A file has at most {most} MiB. Split it, or give a link to it."),
            Self::StorageFull => {
                "The files of this workspace take as much room as they may. Ask an administrator for more.".to_owned()
            }
            Self::OnHold => "A legal hold keeps this as it is. Lift the hold first.".to_owned(),
            Self::FileGone => {
                "This file is not in the data folder of this machine. Where several servers share a database, give them one \
                 folder for evidence too; otherwise put the file back from a backup."
                    .to_owned()
            }
            Self::FileAltered => {
                "This file was altered on the disk since it was taken in, and is not given out. Put it back from a backup."
                    .to_owned()
            }
            Self::NothingSigned => {
                "Nothing was signed yet, and samples are drawn from what was. Sign a review first.".to_owned()
            }
            Self::NothingPasses => "Nothing that was signed passes this filter. Use another one.".to_owned(),
            Self::Frozen => "This sample is frozen. Draw another one.".to_owned(),
            Self::NothingFits => "Nothing fits these criteria. Widen them.".to_owned(),
            Self::NotElements => {
                "Divide the elements by commas and write each by its key, its name or its chip, for example pan, cvv, LAST4. \
                 A form stands behind: pan encrypted."
                    .to_owned()
            }
            Self::TooMany => "There are as many of these as there may be. Delete one first.".to_owned(),
            Self::TooMuch => "A proposal holds at most 500 objects. Make another one for the rest.".to_owned(),
            Self::NotForProposals => {
                "People, settings and scope decisions are not changed by proposals. Save this directly.".to_owned()
            }
            Self::NothingInIt => "Nothing is changed by this proposal yet. Add an edit first.".to_owned(),
            Self::OwnProposal => "Nobody approves or reviews what they asked for. Ask somebody else to.".to_owned(),
            Self::NotInReview => "This proposal is not in review. Its requester sends it to review first.".to_owned(),
            Self::OtherCover => {
                "The schedule asks for everything of its topic: choose what it is about, and limit it to nobody's.".to_owned()
            }
            Self::NotNamed => "Only those who were named when the review was opened sign it.".to_owned(),
            Self::GateOpen => "A gate is still open. Pass each of them first.".to_owned(),
            Self::ApprovalMissing => "An approval is still missing. Ask whoever may give it.".to_owned(),
            Self::Closed => "This proposal was merged or withdrawn. Make a new one.".to_owned(),
            Self::Protected => {
                "This workspace changes what is in scope through proposals only. Save this to a proposal.".to_owned()
            }
            Self::AddressTaken => {
                "There is an account with this address. Sign in with it, then open the link again.".to_owned()
            }
        }
    }
}
