"""5,000 random histories of two operators, a moving world and kills between steps: see _check for what holds."""

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from ops.forms import Target
from ops.review import actions, planning
from ops.review.audit import Row, State, Verb, Version
from ops.review.planning import Intent, NotAllowedError
from schemas.record import MessageRecord, Status
from tests.fakes.ledger import FakeLedger
from tests.fakes.records import record

HISTORIES = 5_000
SLICES = 10
VERBS = (Verb.RETRY, Verb.DELIVER, Verb.RESOLVE, Verb.DISCARD, Verb.UNDO)


@dataclass
class History:
    """One seed's run; `moves` are the versions between which the world, not an operator, moved a message."""

    seed: int
    ledger: FakeLedger = field(default_factory=FakeLedger)
    moves: list[tuple[Version, Version]] = field(default_factory=list)
    firsts: dict[str, Version] = field(default_factory=dict)
    running: list[Iterator[State]] = field(default_factory=list)
    actions: int = 0

    def run(self) -> "History":
        chance = random.Random(self.seed)  # noqa: S311 - a seed, not a secret
        for number in range(chance.randint(1, 3)):
            held = record(Status.REVIEW, messageId=f"m{number}", reason="x")
            held = held.model_copy(update={"updatedAt": f"{held.updatedAt[:-4]}{number:03d}Z"})
            self.ledger.cloud.items[held.messageId] = held
            self.firsts[held.messageId] = _version(held)
        for _ in range(chance.randint(5, 25)):
            chance.choice(
                (self._begin, self._begin, self._step, self._step, self._step, self._kill, self._move)
            )(chance)
        self.recover()
        return self

    def recover(self) -> None:
        """What every acting command does first: finish whatever is intended."""
        for row in list(self.ledger.rows.values()):
            if row.state is State.INTENDED:
                actions.perform(self.ledger, row)

    def _begin(self, chance: random.Random) -> None:
        """An operator decides on what they see now; others act before the first step, or between two."""
        seen = chance.choice(list(self.ledger.cloud.items.values()))
        self.actions += 1
        again = chance.random() < 0.1 and self.ledger.rows
        if again:
            self.running.append(actions.steps(self.ledger, chance.choice(list(self.ledger.rows.values()))))
            return
        intent = Intent(f"a{self.actions}", chance.choice(VERBS), chance.choice("bc"))
        target = chance.choice((None, Target("sales", ""), Target("sales", "fallback")))
        closed = [
            row for row in self.ledger.rows.values() if row.target == seen.messageId and _closed(row, seen)
        ]
        try:
            undone = closed[0] if closed else None
            row = planning.plan(seen, intent, self.ledger.now(), undone=undone, target=target)
        except NotAllowedError:
            return
        self.running.append(actions.steps(self.ledger, row))

    def _step(self, chance: random.Random) -> None:
        if self.running and next(running := chance.choice(self.running), None) is None:
            self.running.remove(running)

    def _kill(self, chance: random.Random) -> None:
        if self.running:
            self.running.pop(chance.randrange(len(self.running)))

    def _move(self, chance: random.Random) -> None:
        """A started execution delivers its message, or not, or gives it back; an unstarted one gets stuck."""
        queued = [held for held in self.ledger.cloud.items.values() if held.status is Status.QUEUED]
        if not queued:
            return
        held = chance.choice(queued)
        started = f"{held.messageId}-r{held.replays}" in self.ledger.started
        status = (
            chance.choice((Status.DELIVERED, Status.BOUNCED, Status.REVIEW)) if started else Status.REVIEW
        )
        at = self.ledger.now().isoformat()
        moved = held.model_copy(update={"status": status, "reason": "again", "updatedAt": at})
        self.ledger.cloud.items[held.messageId] = moved
        self.moves.append((_version(held), _version(moved)))


def _version(held: MessageRecord) -> Version:
    return Version(
        status=held.status,
        updatedAt=held.updatedAt,
        replays=held.replays,
        reason=held.reason,
        form=held.form,
        recipient=held.recipient,
    )


def _closed(row: Row, seen: MessageRecord) -> bool:
    return row.after is not None and row.after.updatedAt == seen.updatedAt


def _check(history: History) -> None:
    """Replayed from the first version, audit and moves give the table: each fits once, none is left over."""
    ledger = history.ledger
    rows = ledger.rows.values()
    assert all(row.state in (State.DONE, State.REFUSED) for row in rows)
    done = [row for row in rows if row.state is State.DONE]
    for message_id, version in history.firsts.items():
        edges = [
            (row.before, row.after) for row in done if row.target == message_id and row.before and row.after
        ]
        edges += [move for move in history.moves if _about(move, message_id, history)]
        now = version
        while edges:
            [edge] = [edge for edge in edges if edge[0] == now]
            edges.remove(edge)
            now = edge[1]
        held = ledger.cloud.items[message_id]
        assert now == _version(held)
        sent_again = [row for row in done if row.target == message_id and row.verb in VERBS[:2]]
        assert held.replays == len(sent_again)
        entries = {key for key in held.events if key.startswith("operator-")}
        assert entries == {f"operator-{row.actionId}" for row in done if row.target == message_id}
    assert len(ledger.started) == len(set(ledger.started))
    waiting = [held for held in ledger.cloud.items.values() if held.status is Status.QUEUED]
    assert all(f"{held.messageId}-r{held.replays}" in ledger.started for held in waiting)


def _about(move: tuple[Version, Version], message_id: str, history: History) -> bool:
    """The message that a move belongs to: the one whose action led to the version it starts from."""
    return any(row.after == move[0] and row.target == message_id for row in history.ledger.rows.values())


@pytest.mark.parametrize("part", range(SLICES))
def test_audit_and_state_agree_after_every_history(part: int) -> None:
    done = 0
    for seed in range(part, HISTORIES, SLICES):
        history = History(seed).run()
        _check(history)
        state = copy.deepcopy(vars(history.ledger))
        for row in list(history.ledger.rows.values()):
            actions.perform(history.ledger, row)
        history.recover()
        assert state | {"clock": None} == vars(history.ledger) | {"clock": None}
        again = History(seed).run()
        assert vars(again.ledger) == state
        done += sum(row.state is State.DONE for row in history.ledger.rows.values())
    assert done > HISTORIES // SLICES
