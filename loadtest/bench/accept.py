"""Side by side: how long a visitor waits, while SES is quick, slow and refusing."""

from dataclasses import dataclass
from functools import partial

from loadtest.bench import client, sides
from loadtest.bench.client import Posts
from loadtest.bench.figures import Answer, figure, ratios, rounds, spread
from tests.flow.stack import LocalStack, started

_ROUNDS = 3
_TARGET = 0.1
#: Visitors at once in the widest condition, below SCALE=1 fewer. The synchronous handler has one environment for
#: each of them, as it would need them from AWS.
_MOST = 100
#: Visitors a second who come whether or not the others were answered; both sides can serve so many.
_ARRIVALS = 50
_QUICK, _SLOW, _THROTTLING = "quick", "answers after 200 ms", "refuses every call"


@dataclass(frozen=True)
class Condition:
    ses: str
    clients: int
    posts: int
    #: None: each client posts again when it is answered
    per_second: int | None = None

    def __str__(self) -> str:
        return f"{self.clients}" if self.per_second is None else f"{self.per_second} a second"

    def post(self, url: str) -> Posts:
        if self.per_second is None:
            return client.post(url, self.clients, self.posts)
        return client.arrive(url, self.per_second, self.clients, self.posts)


@dataclass
class Both:
    """One stack and one front; `mails` counts what both have given to SES so far, or will have."""

    stack: LocalStack
    front: str
    environments: int
    drain: sides.Drain
    mails: int = 0

    def ours(self, condition: Condition) -> Posts:
        """The backlog drains meanwhile, on the same cores; what is left of it is waited for afterwards."""
        posts = self._under(condition, self.stack.api)
        self.drain.wait(self.mails)
        return posts

    def theirs(self, condition: Condition) -> Posts:
        return self._under(condition, self.front)

    def _under(self, condition: Condition, url: str) -> Posts:
        if condition.ses == _SLOW:
            sides.order(self.stack, outcome="slow")
        if condition.ses == _THROTTLING:
            sides.order(self.stack, outcome="throttle", seconds=3600)
        posts = condition.post(url)
        sides.clear(self.stack)
        self.mails += posts.taken
        return posts

    def warm_up(self) -> None:
        """Start every environment on both sides, so that no cold start is measured here."""
        sides.order(self.stack, outcome="slow")
        self.mails = client.post(self.front, self.environments, self.environments * 2).taken
        sides.clear(self.stack)
        self.mails += client.post(self.stack.api, 10, 50).taken
        self.drain.wait(self.mails)


def conditions(scale: float) -> list[Condition]:
    def posts(number: int) -> int:
        return max(5, round(number * scale))

    most = _most(scale)
    return [
        *(Condition(_QUICK, clients, posts(number)) for clients, number in ((1, 30), (10, 100), (most, 200))),
        *(Condition(_SLOW, clients, posts(number)) for clients, number in ((1, 10), (10, 60), (most, 150))),
        *(Condition(ses, most, posts(250), _ARRIVALS) for ses in (_QUICK, _SLOW)),
        Condition(_THROTTLING, 10, posts(40)),
    ]


def _most(scale: float) -> int:
    return min(_MOST, max(10, round(_MOST * scale)))


def run(scale: float) -> Answer:
    environments = _most(scale)
    with started() as stack, sides.synchronous(stack.aws, environments) as front:
        both = Both(stack, front, environments, sides.Drain(stack))
        both.warm_up()
        found = {condition: _measure(both, condition) for condition in conditions(scale)}
    return _answer(found, environments)


def _measure(both: Both, condition: Condition) -> dict[str, list[Posts]]:
    pair = {"ours": partial(both.ours, condition), "synchronous": partial(both.theirs, condition)}
    return rounds(_ROUNDS if condition.ses != _THROTTLING else 1, pair)


def _answer(found: dict[Condition, dict[str, list[Posts]]], environments: int) -> Answer:
    rows = []
    for condition, pair in found.items():
        p99 = ratios([posts.p99 for posts in pair["ours"]], [posts.p99 for posts in pair["synchronous"]])
        for name, all_posts in pair.items():
            rows.append(
                [
                    condition.ses,
                    str(condition),
                    name,
                    str(spread([posts.p50 for posts in all_posts])),
                    str(spread([posts.p99 for posts in all_posts])),
                    str(spread([posts.per_second for posts in all_posts])),
                    _share(all_posts),
                    str(p99) if name == "ours" else "",
                ]
            )
    return Answer(
        "A visitor's wait, beside the synchronous handler",
        ["SES", "clients", "side", "p50, ms", "p99, ms", "taken/s", "taken", "p99 by the synchronous one's"],
        rows,
        {
            f"{condition.ses}, {condition} clients": {
                name: [vars(posts) for posts in all_posts] for name, all_posts in pair.items()
            }
            for condition, pair in found.items()
        },
        (
            f"Middle (least to most) of {_ROUNDS} interleaved rounds, one where SES refuses. Ours answers 202 when the "
            "message is stored and its backlog drains on the same cores meanwhile; the synchronous handler answers "
            f"200 when SES has the mail. It has {environments} warm environments, ours 2 a function. All that ours "
            "took was delivered before the next round. Where clients come so many a second, each is timed from "
            "when it was due; else each posts again when it is answered."
        ),
        f"Target: the last column at most {figure(_TARGET)} under load.",
    )


def _share(all_posts: list[Posts]) -> str:
    taken = sum(posts.taken for posts in all_posts)
    return f"{taken} of {sum(len(posts.milliseconds) for posts in all_posts)}"
