"""Everything the functions raise. The state machine matches the class names: renaming one is a wire change.

ContactFlowError
├── ConditionFailedError        a conditional write did not happen, on purpose
├── RecordUnavailableError      the table did not answer, or has no such message; nothing was sent, retry soon
├── TransientSendError          SES proved that it did not accept the mail; retry with long, jittered waits
├── PermanentSendError          SES refused the mail for good; a person decides
├── OutcomeUnknownError         SES may have accepted the mail; never resend, wait for its event
├── OutcomeUnresolvedError      no event came before the deadline; a person decides
└── NotTakenError               the webhook's receiver did not take an alert; SQS brings it again

Messages hold ids and error codes only: they end up in the execution history.
"""

from schemas.record import MessageRecord


class ContactFlowError(Exception):
    pass


class ConditionFailedError(ContactFlowError):
    """`record` is the item as it stands; None: there is none."""

    def __init__(self, record: MessageRecord | None) -> None:
        super().__init__("the condition did not hold")
        self.record = record


class RecordUnavailableError(ContactFlowError):
    pass


class TransientSendError(ContactFlowError):
    pass


class PermanentSendError(ContactFlowError):
    pass


class OutcomeUnknownError(ContactFlowError):
    pass


class OutcomeUnresolvedError(ContactFlowError):
    pass


class NotTakenError(ContactFlowError):
    pass
