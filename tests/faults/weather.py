"""What goes wrong during a run, and when."""

from collections.abc import Callable
from threading import Timer

from ops.local.faults import NAMES
from ops.local.faults.queues import QUEUE_FAULTS
from ops.local.faults.tasks import TASK_FAULTS
from tests.faults.project import Running

#: Faults that come as a period in which nothing works; the others strike single calls.
_PERIODS = {"SES answers 429", "gateway cut off"}
#: Seconds. The waits for SES are 75 times shorter than they are (project.FASTER), so these stand for five minutes.
_THROTTLED = 4.0
#: Seconds for each message of a run: at 2,000 messages the network is gone for a minute.
_CUT_OFF = 0.03
#: Of a hundred messages, how many meet it; 0.35 for what is not listed, and one at least in a run.
_PER_HUNDRED = {
    "DynamoDB throttles": 10,
    "DynamoDB loses its answer": 10,
    "StartExecution throttles": 3,
    "StartExecution loses its answer": 3,
    "SES accepts, resets": 3,
    "gateway loses SQS's answer": 3,
} | dict.fromkeys(QUEUE_FAULTS, 15)
#: An occasion's odds until then, high enough that a limit is reached. Kills come rarely enough in a long run
#: that no message meets five in a row, after which SQS would give it up to the review queue.
_RATE = 0.06
#: Messages that go to review are few, so the first ones meet them.
_RARE = {"SQS loses the answer to a review item", *TASK_FAULTS}
_KILLS_RATE = 18
#: Outcomes of mails that somebody scripted in the mailbox.
_OUTCOMES = ("soft_bounce", "reject", "bounce", "complaint")


def begin(running: Running, messages: int) -> None:
    """Every fault that strikes single calls, at least once each."""
    for name in sorted(NAMES - _PERIODS):
        limit = max(1, round(_PER_HUNDRED.get(name, 0.35) * messages / 100))
        rate = min(_RATE, _KILLS_RATE / messages) if "killed" in name else _RATE
        running.inject(name, rate=1.0 if name in _RARE else rate, limit=limit)


def course(running: Running, messages: int) -> Callable[[int], None]:
    """What to call with the number of messages done: it starts a period each, and lets SES say no."""
    acts: dict[int, Callable[[], None]] = {
        messages * 2 // 10: lambda: _period(running, "SES answers 429", _THROTTLED),
        messages * 4 // 10: lambda: _trouble(running),
        messages * 5 // 10: lambda: forgive(running),
        messages * 7 // 10: lambda: _period(running, "gateway cut off", _CUT_OFF * messages),
    }

    def act(done: int) -> None:
        if done in acts:
            acts[done]()

    return act


def end(running: Running) -> None:
    for name in NAMES:
        running.inject(name, rate=0.0, limit=None)


def forgive(running: Running) -> None:
    """The owner's address bounced, so SES suppresses it: somebody takes it off the list."""
    ses = running.stack.client("sesv2")
    for listed in ses.list_suppressed_destinations()["SuppressedDestinationSummaries"]:
        ses.delete_suppressed_destination(EmailAddress=listed["EmailAddress"])


def _trouble(running: Running) -> None:
    for outcome in _OUTCOMES:
        running.stack.play_next(outcome)


def _period(running: Running, fault: str, seconds: float) -> None:
    running.inject(fault, rate=1.0, limit=None)
    Timer(seconds, lambda: running.inject(fault, rate=0.0, limit=None)).start()
