"""One defect each, put into the safety code as text, and the tests that must notice."""

from dataclasses import dataclass

_SENDING = "handlers/core/sending.py"
_DELIVERY = "handlers/core/delivery.py"
_START = "handlers/start_delivery.py"
_CLIENTS = "handlers/aws/clients.py"
_TABLE = "handlers/aws/table.py"
_MAIL = "handlers/aws/mail.py"
_CHANGE = "handlers/core/change.py"

_UNIT_SENDING = "tests/unit/test_sending.py"
_UNIT_LATTICE = "tests/unit/test_delivery_lattice.py"
_UNIT_INTAKE = "tests/unit/test_intake.py"
_CONTRACT_SEND = "tests/contract/test_send_email.py"
_CONTRACT_START = "tests/contract/test_start_delivery.py"
_SHOWED = "tests/mutants/test_what_mutants_showed.py"
_SIMULATION = "tests/simulation/test_simulation.py"


@dataclass(frozen=True)
class Mutant:
    name: str
    path: str
    before: str
    after: str
    #: arguments of pytest
    killers: tuple[str, ...]
    #: its killers need neither moto nor many seeds
    cheap: bool = True


MUTANTS = (
    Mutant(
        "a change makes a record that is not there",
        _CHANGE,
        'conditions = ["attribute_exists(pk)"]',
        "conditions: list[str] = []",
        (_SHOWED,),
    ),
    Mutant(
        "a change happens in any status",
        _CHANGE,
        """conditions.append(f"{name('status')} IN ({', '.join(statuses)})")""",
        """conditions.append(f"({name('status')} IN ({', '.join(statuses)}) OR attribute_exists(pk))")""",
        (_SHOWED,),
    ),
    Mutant(
        "an event is written down twice",
        _CHANGE,
        'conditions.append("attribute_not_exists(#events.#event)")',
        'conditions.append("attribute_exists(#events)")',
        (_SHOWED,),
    ),
    Mutant(
        "a record replaces the one that is there",
        _TABLE,
        'Item=record_key(record.messageId) | item,\n            ConditionExpression="attribute_not_exists(pk)",',
        "Item=record_key(record.messageId) | item,",
        (_CONTRACT_START, "-k", "both_kept or redrives"),
        cheap=False,
    ),
    Mutant(
        "a message that is being sent can be claimed",
        _SENDING,
        "allowed=(Status.QUEUED,),",
        "allowed=(Status.QUEUED, Status.SENDING),",
        (_UNIT_SENDING,),
    ),
    Mutant(
        "a server error of SES counts as not accepted",
        _SENDING,
        "    return OutcomeUnknownError(code)",
        "    return TransientSendError(code)",
        (_UNIT_SENDING,),
    ),
    Mutant(
        "an unknown outcome is released",
        _SENDING,
        "OutcomeUnknownError: Status.OUTCOME_UNKNOWN,",
        "OutcomeUnknownError: Status.QUEUED,",
        (_UNIT_SENDING,),
    ),
    Mutant(
        "an unread answer of SES counts as not accepted",
        _MAIL,
        "raise OutcomeUnknownError(type(error).__name__) from None",
        "raise TransientSendError(type(error).__name__) from None",
        (_CONTRACT_SEND, "-k", "answer_is_lost"),
        cheap=False,
    ),
    Mutant(
        "the SDK repeats a send",
        _CLIENTS,
        'Config(retries={"total_max_attempts": 1},',
        'Config(retries={"total_max_attempts": 3},',
        (_CONTRACT_SEND, "-k", "answer_is_lost"),
        cheap=False,
    ),
    Mutant(
        "a failed claim sends all the same",
        "handlers/send_email.py",
        "if record.claim != token:",
        "if record.claim == token:",
        (_SIMULATION, "-k", "nothing_is_lost"),
    ),
    Mutant(
        "a lost claim releases another's",
        _SENDING,
        'allowed=(Status.SENDING,),\n        equals={"claim": token},',
        "allowed=(Status.SENDING,),",
        (_UNIT_SENDING,),
    ),
    Mutant(
        "a delivery hides a bounce",
        _DELIVERY,
        "    Status.DELIVERED,\n    Status.REJECTED,\n    Status.SUPPRESSED,\n    Status.BOUNCED,\n",
        "    Status.BOUNCED,\n    Status.REJECTED,\n    Status.SUPPRESSED,\n    Status.DELIVERED,\n",
        (_UNIT_LATTICE, "-k", "not length_seven"),
    ),
    Mutant(
        "an event of another mail counts",
        _DELIVERY,
        'ours = {"sesMessageId": event.mail.messageId}',
        "ours: dict[str, str] = {}",
        (_UNIT_LATTICE, "-k", "not length_seven"),
    ),
    Mutant(
        "an event of an earlier replay counts",
        _DELIVERY,
        'equals={"replays": replay},\n                equals_if_present=ours,',
        "equals_if_present=ours,",
        (_UNIT_LATTICE, "-k", "not length_seven"),
    ),
    Mutant(
        "two delays of one mail are one event",
        _DELIVERY,
        'f"{event.mail.messageId}\\n{identity}"',
        'f"{event.mail.messageId}"',
        (_SHOWED,),
    ),
    Mutant(
        "the content's hash stands for the message, not its id",
        "handlers/core/intake.py",
        "if re.fullmatch(MESSAGE_ID_PATTERN, attributes.messageId):",
        "if not attributes.messageId:",
        (_UNIT_INTAKE,),
    ),
    Mutant(
        "another content under a taken id is dropped",
        _START,
        'there.contentHash not in ("", record.contentHash):',
        'there.contentHash == "":',
        (_SIMULATION, "-k", "nothing_is_lost"),
    ),
    Mutant(
        "a replay runs under its first execution's name",
        "handlers/core/acceptance.py",
        'return f"{message_id}-r{replays}" if replays else message_id',
        "return message_id",
        (_CONTRACT_START, "-k", "both_kept or redrives"),
        cheap=False,
    ),
    Mutant(
        "the starter swallows what goes wrong",
        _START,
        "        except ConditionFailedError as refused:\n            if refused.record is None:\n"
        "                raise\n            return refused.record\n",
        "        except Exception:\n            return record\n",
        (_SIMULATION, "-k", "nothing_is_lost"),
    ),
    Mutant(
        "an execution starts before its record is there",
        _START,
        "        there = self._put(record)\n        # A forgotten",
        "        self._go_on(record)\n        there = self._put(record)\n        # A forgotten",
        (_SHOWED,),
    ),
    Mutant(
        "a redelivered message starts nothing",
        _START,
        "            self._go_on(there)\n",
        "            return\n",
        (_SIMULATION, "-k", "nothing_is_lost"),
    ),
    Mutant(
        "a redrive happens in any status",
        "handlers/core/acceptance.py",
        'allowed=(Status.REVIEW,),\n        equals={"replays": held.replays},',
        "allowed=tuple(Status),",
        (_SHOWED,),
    ),
    Mutant(
        "a message of an unknown form goes to the stack's owner",
        "handlers/core/routing.py",
        "    if form is None and not record.form and not record.recipient:\n",
        "    if form is None:\n",
        ("tests/unit/test_forms.py",),
    ),
    Mutant(
        "a form may be filled in on any page of the stack",
        "handlers/core/screening.py",
        "    if not form:\n        return rules.allowed_origin\n",
        "    if not form or form in (rules.form_origins or {}):\n        return rules.allowed_origin\n",
        (_UNIT_INTAKE,),
    ),
    Mutant(
        "an operator may send to another form's owner",
        "ops/forms.py",
        "for form in (known,) if known else forms:",
        "for form in forms:",
        ("tests/unit/test_forms.py",),
    ),
    Mutant(
        "a recipient that SES may have had a mail for is sent another without a word",
        "ops/review/index.py",
        'return untold or attempt == "open" or fingerprint(address) in told',
        "return fingerprint(address) in told",
        ("tests/unit/test_review_index.py",),
    ),
    Mutant(
        "a webhook passes on the text of an alert that it does not know",
        "handlers/core/alert.py",
        '("other", {}, "An alert of an unknown kind.")',
        '("other", {}, told.Message)',
        ("tests/unit/test_webhook.py",),
    ),
    Mutant(
        "a webhook's signature leaves out id and time",
        "handlers/core/webhook.py",
        'signed = f"{alert_id}.{timestamp}.".encode() + content',
        "signed = content",
        ("tests/unit/test_webhook.py",),
    ),
    Mutant(
        "a webhook trusts any certificate",
        "handlers/webhook_call.py",
        "return ssl.create_default_context()",
        "return ssl._create_unverified_context()",
        ("tests/unit/test_notify_webhook.py",),
    ),
    Mutant(
        "a plain form's trap is one more line of the message",
        "handlers/core/plain_form.py",
        '"website": ("website", "_gotcha", "botcheck", "bot-field"),',
        '"website": ("website",),',
        ("tests/unit/test_plain_form.py",),
    ),
    Mutant(
        "an instruction to a hosted service is passed on",
        "handlers/core/plain_form.py",
        "if value and name.lower() not in _INSTRUCTIONS]",
        "if value]",
        ("tests/unit/test_plain_form.py",),
    ),
    Mutant(
        "every plain form is the first owner's",
        "handlers/core/intake.py",
        '({"form": form} if form else {})',
        "{}",
        (_UNIT_INTAKE,),
    ),
    Mutant(
        "a page that hides its origin is taken for ours",
        "handlers/core/screening.py",
        "if origin and allowed and origin != allowed:",
        'if origin and allowed and origin not in (allowed, "null"):',
        (_UNIT_INTAKE,),
    ),
    Mutant(
        "an unknown outcome is retried by the state machine",
        "statemachine/delivery.asl.json",
        '"ErrorEquals": ["TransientSendError"]',
        '"ErrorEquals": ["TransientSendError", "OutcomeUnknownError"]',
        ("tests/contract/test_asl.py",),
        cheap=False,
    ),
)
