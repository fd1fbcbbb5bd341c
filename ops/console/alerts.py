"""The alerts that the webhook's receiver did not take, and the button that sends them again."""

import threading

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ops import webhook
from ops.console import body
from ops.console.body import BodyError, first
from ops.console.room import Room
from ops.console.view import fragment, problem


class Alerts:
    """Each public method answers one route of `app`."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def page(self, request: Request) -> Response:
        bench = self._room.desk.bench
        on = webhook.is_on(bench)
        return fragment(request, "alerts.html", on=on, letters=webhook.given_up(bench) if on else [])

    async def refire(self, request: Request) -> Response:
        """Ask first; with `sure`, send the alert again, or all of them if none is named."""
        try:
            fields = await body.form(request)
        except BodyError as wrong:
            return problem(request, 413, str(wrong))
        alert_id = first(fields, "alert")
        if not first(fields, "sure"):
            return fragment(request, "refire.html", alert=alert_id, done=None)
        return await run_in_threadpool(self._refire, request, alert_id, first(fields, "why"))

    def _refire(self, request: Request, alert_id: str, why: str) -> Response:
        wanted = {alert_id} if alert_id else frozenset()
        try:
            done = list(webhook.refire(self._room.desk.bench, wanted, why, threading.Event()))
        except webhook.WebhookOffError as off:
            return problem(request, 409, str(off))
        return fragment(request, "refire.html", alert=alert_id, done=len(done))
