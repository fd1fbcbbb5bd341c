"""Breadth first through every state that the protocol can reach, and back from the good ends.

`python -m tests.model` prints how many there are.
"""

from collections import deque
from dataclasses import dataclass

from tests.model.protocol import Message, Protocol, State


@dataclass(frozen=True)
class Findings:
    states: int
    steps: int
    #: states in which SES has taken two mails for one message and replay
    duplicates: int
    #: states from which no way leads to an end
    hopeless: int


def explore(protocol: Protocol, messages: int, workers: int, faults: int) -> Findings:
    start = protocol.first(messages, workers, faults)
    numbers = {start: 0}
    came_from: list[list[int]] = [[]]
    due = deque([start])
    ends, duplicates, steps = [], 0, 0
    while due:
        state = due.popleft()
        number = numbers[state]
        if any(count > 1 for message in state.messages for count in message.accepted):
            duplicates += 1
            continue
        if protocol.at_rest(state):
            ends.append(number)
        for following in protocol.steps(state):
            if following.faults < 0:
                continue
            steps += 1
            canonical = _canonical(following)
            if canonical not in numbers:
                numbers[canonical] = len(numbers)
                came_from.append([])
                due.append(canonical)
            came_from[numbers[canonical]].append(number)
    return Findings(len(numbers), steps, duplicates, len(numbers) - _reaching(ends, came_from))


def _canonical(state: State) -> State:
    """Messages in another order, or workers, are the same state."""
    order = sorted(range(len(state.messages)), key=lambda number: _key(state.messages[number]))
    place = {number: position for position, number in enumerate(order)}
    workers = [one._replace(message=place[one.message]) if one.does else one for one in state.workers]
    workers.sort(key=lambda one: (one.does, one.message, one.token, one.outcome, one.watched, one.replay))
    return State(tuple(state.messages[number] for number in order), tuple(workers), state.faults)


def _key(one: Message) -> tuple[object, ...]:
    return one.record, one.execution, one.late, one.accepted, sorted(one.events), one.claims


def _reaching(ends: list[int], came_from: list[list[int]]) -> int:
    seen, due = set(ends), deque(ends)
    while due:
        for before in came_from[due.popleft()]:
            if before not in seen:
                seen.add(before)
                due.append(before)
    return len(seen)
