"""An action between its preview and its end. What was previewed is what is done, once, in a thread of its own."""

import threading
import uuid
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from ops.review import bulk
from ops.review.audit import Verb
from ops.review.bulk import Preview, Result
from ops.review.index import Item
from ops.review.planning import Intent
from ops.review.workbench import Workbench

#: Of previews that nobody confirmed, the oldest go first.
_KEPT = 200
#: Messages a second: as the commands send, and so that a stop comes in time.
SENDING_RATE = 10.0
CLOSING_RATE = 100.0
SENDS = (Verb.RETRY, Verb.DELIVER)


@dataclass(frozen=True)
class Choice:
    """What the operator chose beside the messages; anything else than what was previewed is previewed anew."""

    verb: Verb
    subject: str = ""
    to: str = ""
    even_if_sent: bool = False
    even_if_old: bool = False


@dataclass
class Draft:
    """One action id: what was found, what of it is chosen, and how far it is. Written by its thread alone."""

    action_id: str
    choice: Choice
    found: list[Item]
    preview: Preview
    results: list[Result] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    started: bool = False
    why: str = ""
    #: what AWS refused, if that ended it
    problem: str = ""

    @property
    def done(self) -> list[Result]:
        return [result for result in self.results if result.done]

    @property
    def refused(self) -> list[Result]:
        return [result for result in self.results if not result.done]

    @property
    def left(self) -> int:
        return len(self.preview.chosen) - len(self.results)


class Drafts:
    """All drafts of this process, by action id."""

    def __init__(self) -> None:
        self._drafts: OrderedDict[str, Draft] = OrderedDict()
        self._threads: list[threading.Thread] = []
        self._changing = threading.Lock()

    def get(self, action_id: str) -> Draft | None:
        return self._drafts.get(action_id)

    def new(self, found: Iterable[Item], choice: Choice, changed: Iterable[Item] = ()) -> Draft:
        """`changed` are not as the operator saw them, and so left alone."""
        held = list(found)
        seen = bulk.preview(
            held,
            choice.verb,
            even_if_sent=choice.even_if_sent,
            even_if_old=choice.even_if_old,
            to=choice.to,
        )
        seen.skipped.extend((item, "it has changed since you looked") for item in changed)
        return self._keep(Draft(str(uuid.uuid4()), choice, held, seen))

    def undo_of(self, draft: Draft, found: list[Item]) -> Draft:
        """The same draft every time, so that two clicks take back once."""
        action_id = str(uuid.uuid5(uuid.UUID(draft.action_id), "undo"))
        return self._keep(Draft(action_id, Choice(Verb.UNDO), found, Preview(found, [])))

    def _keep(self, draft: Draft) -> Draft:
        with self._changing:
            kept = self._drafts.setdefault(draft.action_id, draft)
            for old in [key for key, held in self._drafts.items() if not held.started][:-_KEPT]:
                del self._drafts[old]
            return kept

    def start(self, bench: Workbench, draft: Draft, why: str) -> None:
        """Once; another call changes nothing."""
        with self._changing:
            if draft.started:
                return
            draft.started, draft.why = True, why
        thread = threading.Thread(target=_run, args=(bench, draft), name=f"action {draft.choice.verb}")
        self._threads = [running for running in self._threads if running.is_alive()] + [thread]
        thread.start()

    def stop(self) -> None:
        """Each action ends after its current message; return when all have."""
        for draft in self._drafts.values():
            draft.stop.set()
        for thread in self._threads:
            thread.join()


def _run(bench: Workbench, draft: Draft) -> None:
    choice = draft.choice
    intent = Intent(draft.action_id, choice.verb, bench.actor, draft.why, choice.subject, choice.to)
    rate = SENDING_RATE if choice.verb in SENDS else CLOSING_RATE
    try:
        bench.finish_intended()
        for result in bulk.run(bench, draft.preview.chosen, intent, rate, draft.stop):
            draft.results.append(result)
    except (ClientError, BotoCoreError) as problem:
        draft.problem = str(problem)
    finally:
        draft.over.set()
    if not draft.problem and not draft.left:
        _tidy(bench)


def _tidy(bench: Workbench) -> None:
    """Take what was closed out of ReviewQueue; what this leaves, the next action takes."""
    try:
        bench.sweeping().run()
    except (ClientError, BotoCoreError):
        return
