"""Visitors and the gateway before the queue: lost answers, double clicks, reused ids, bots, things by hand."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.world import World

ORIGIN = "https://example.com"


@dataclass
class Visitors:
    """`stored` and `accepted` hold marks: each content has a mark of its own in its text."""

    world: "World"
    stored: set[str] = field(default_factory=set)
    #: mark → whether the post was answered with 2xx
    accepted: set[str] = field(default_factory=set)
    _marks: int = 0
    _requests: int = 0

    def arrive(self) -> None:
        """One message, in one of the ways that people and programs send one."""
        ways: tuple[Callable[[], None], ...] = (
            self._person,
            self._person,
            self._person,
            self.api_client,
            self._double_click,
            self._reused_id,
            self._bot,
            self._garbage,
            self._by_hand,
        )
        self.world.pick(ways)()

    def post(self, mark: str, text: str, submission_id: str = "", origin: str = "") -> bool:
        """The gateway: store it, then answer. Return whether the visitor saw the 2xx."""
        world = self.world
        self._requests += 1
        request_id = f"request-{self._requests}"
        lost = world.chance() < world.faults.lost_answer
        if lost and world.chance() < 0.5:
            return False
        attributes = {
            "messageId": submission_id or request_id,
            "requestId": request_id,
            "receivedAt": str(int(world.clock.now().timestamp() * 1000)),
            "origin": origin,
        }
        world.intake.put(text, {name: value for name, value in attributes.items() if value})
        self.stored.add(mark)
        # The gateway said yes, whether or not the answer arrives: from here on it is ours.
        self.accepted.add(mark)
        return not lost

    def _mark(self) -> str:
        self._marks += 1
        return f"mark-{self._marks:05d}"

    def _uuid(self) -> str:
        return f"{self.world.scheduler.random.getrandbits(32):08x}-0000-4000-8000-000000000000"

    def _body(self, mark: str, **more: object) -> str:
        return json.dumps({"email": "ann@example.com", "subject": "Hello", "message": f"Hi {mark}"} | more)

    def _insist(self, mark: str, text: str, submission_id: str, tries: int = 4) -> None:
        """A form posts again under the same id until it sees a 2xx."""
        if not self.post(mark, text, submission_id, ORIGIN) and tries > 1:
            wait = self.world.chance() * 60
            self.world.scheduler.after(wait, lambda: self._insist(mark, text, submission_id, tries - 1))

    def _person(self) -> None:
        mark, submission_id = self._mark(), self._uuid()
        text = self._body(mark, submissionId=submission_id, fillMilliseconds=9000)
        self._insist(mark, text, submission_id)

    def api_client(self) -> None:
        mark = self._mark()
        self.post(mark, self._body(mark))

    def _double_click(self) -> None:
        mark, submission_id = self._mark(), self._uuid()
        for milliseconds in (9000, 9150):
            text = self._body(mark, submissionId=submission_id, fillMilliseconds=milliseconds)
            self._insist(mark, text, submission_id)

    def _reused_id(self) -> None:
        submission_id = self._uuid()
        for mark in (self._mark(), self._mark()):
            text = self._body(mark, submissionId=submission_id)
            self.world.scheduler.after(
                self.world.chance() ** 3 * 300,
                lambda mark=mark, text=text: self._insist(mark, text, submission_id),  # type: ignore[misc] # bound now
            )

    def _bot(self) -> None:
        mark, submission_id = self._mark(), self._uuid()
        signs: tuple[dict[str, object], ...] = ({"website": "https://x.example"}, {"fillMilliseconds": 5})
        text = self._body(mark, submissionId=submission_id, **self.world.pick(signs))
        self.post(mark, text, submission_id, self.world.pick((ORIGIN, "https://other.example")))

    def _garbage(self) -> None:
        mark = self._mark()
        texts = (f"{mark} is no JSON", '{"message": "' + mark + '"}', '{"a": NaN, "m": "' + mark + '"}')
        self.post(mark, self.world.pick(texts))

    def _by_hand(self) -> None:
        """Somebody with access puts a message into the queue, twice, without any attribute."""
        mark = self._mark()
        text = self._body(mark)
        for _ in range(2):
            self.world.intake.put(text, {})
        self.stored.add(mark)
        self.accepted.add(mark)
