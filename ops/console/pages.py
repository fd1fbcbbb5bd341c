"""The console's pages: each method answers one fragment, and changes nothing."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from handlers import clock
from handlers.core import times
from ops.console import chart, cost, listing, overview
from ops.console.room import Room
from ops.console.view import fragment, problem
from ops.review import index, suppression
from ops.review.audit import State
from ops.review.index import Item

_AUDIT_PAGE = 50


class Pages:
    """Each public method answers one route of `app`."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def overview(self, request: Request) -> Response:
        desk, now = self._room.desk, clock.now()
        name = request.query_params.get("window", "day")
        window = overview.WINDOWS.get(name, overview.WINDOWS["day"])
        entries = desk.tally.entries(now)
        within = overview.within(entries, window, now)
        buckets = overview.buckets(within, window, now)
        oldest = overview.oldest_in_review(entries)
        speed = {
            "median": [bucket.median for bucket in buckets],
            "slowest": [bucket.slowest for bucket in buckets],
        }
        return fragment(
            request,
            "overview.html",
            counts=overview.counts(entries),
            waiting=desk.bench.deployment.depth("IntakeQueueUrl"),
            rates=overview.rates(overview.counts(within)),
            lines=(overview.BOUNCE_LINE, overview.COMPLAINT_LINE),
            oldest=oldest and now - times.parse(oldest.accepted_at),
            cost=cost.so_far(entries, now),
            month=f"{now:%B}",
            window=window,
            windows=overview.WINDOWS,
            shown=name,
            buckets=buckets,
            kinds=list(overview.KINDS),
            bars=chart.bars(buckets),
            speed=chart.lines(speed),
        )

    def review(self, request: Request) -> Response:
        asked = listing.query(request.query_params)
        page = self._room.desk.listing.page(asked, clock.now())
        return fragment(
            request, "review.html", asked=asked, page=page, group_of=listing.as_group, size=listing.PAGE
        )

    def message(self, request: Request) -> Response:
        item = self._item(request)
        if item is None:
            return self._missing(request)
        record = item.record
        start = times.parse(record.acceptedAt)
        story = [(entry, (times.parse(entry.at) - start).total_seconds()) for entry in index.timeline(record)]
        raw = record.model_dump(mode="json", exclude={"submission"})
        return fragment(
            request,
            "message.html",
            item=item,
            story=story,
            events=[(key, _pretty(entry.model_dump())) for key, entry in sorted(record.events.items())],
            raw=_pretty({key: value for key, value in raw.items() if key != "events"}),
            recipients=self._room.desk.bench.recipients,
        )

    def text(self, request: Request) -> Response:
        """What the visitor wrote: only when the operator asks for it."""
        item = self._item(request)
        if item is None:
            return self._missing(request)
        return fragment(request, "text.html", item=item, sent=index.submission(item.record))

    def audit(self, request: Request) -> Response:
        target = request.query_params.get("message", "")
        page = listing.number(request.query_params.get("page", "1"))
        wanted = page * _AUDIT_PAGE + 1
        # One message's rows may be any, so all are read for it.
        rows = list(self._room.desk.bench.table.audit_rows(*State, newest=None if target else wanted))
        if target:
            rows = [row for row in rows if row.target == target]
        newest = sorted(rows, key=lambda row: row.at, reverse=True)
        start = (page - 1) * _AUDIT_PAGE
        return fragment(
            request,
            "audit.html",
            rows=newest[start : start + _AUDIT_PAGE],
            target=target,
            page=page,
            more=len(newest) > start + _AUDIT_PAGE,
            is_message=lambda row: row.before is not None,
        )

    def suppression(self, request: Request) -> Response:
        bench = self._room.desk.bench
        return fragment(
            request,
            "suppression.html",
            entries=list(suppression.entries(bench)),
            recipients=bench.recipients,
        )

    def job(self, request: Request) -> Response:
        draft = self._room.drafts.get(request.path_params["action_id"])
        if draft is None:
            return problem(request, 404, "This action is not known here. The audit knows what was done.")
        return fragment(request, "job.html", draft=draft)

    def _item(self, request: Request) -> Item | None:
        return self._room.desk.bench.item(request.path_params["message_id"])

    def _missing(self, request: Request) -> Response:
        return problem(
            request, 404, "There is no such message. It never came, was forgotten, or has expired."
        )


def _pretty(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2)
