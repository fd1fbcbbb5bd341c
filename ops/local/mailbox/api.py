"""The mailbox for scripts, in JSON."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ops.local.mailbox import orders
from ops.local.mailbox.body import BodyError, document
from ops.local.mailbox.orders import OrderError
from ops.local.ses.behaviour import Behaviour, UnknownMailError
from ops.local.ses.store import Mail, MailStore


class Api:
    """Each public method answers one route of `app`."""

    def __init__(self, store: MailStore, behaviour: Behaviour) -> None:
        self._store = store
        self._behaviour = behaviour

    def messages(self, request: Request) -> Response:
        """Oldest first; `?tag=name:value` keeps the mails with that tag."""
        mails = self._store.mails()
        for wanted in request.query_params.getlist("tag"):
            name, _, value = wanted.partition(":")
            mails = [mail for mail in mails if mail.tags.get(name) == value]
        return JSONResponse([_described(mail) for mail in mails])

    async def settle(self, request: Request) -> Response:
        mail_id = request.path_params["mail_id"]
        try:
            orders.settle(self._behaviour, mail_id, await document(request))
        except (BodyError, OrderError) as problem:
            return _refused(problem)
        except UnknownMailError:
            return _error(404, "not_found", "no such mail")
        return JSONResponse({"id": mail_id})

    def forget(self, request: Request) -> Response:
        if not self._store.forget({request.path_params["mail_id"]}):
            return _error(404, "not_found", "no such mail")
        return Response(status_code=204)

    def scripted(self, _request: Request) -> Response:
        fault = self._behaviour.faults.current()
        pending = self._behaviour.script.pending()
        return JSONResponse(
            {
                "next": [{"outcome": outcome, "count": count} for outcome, count in pending.items()],
                "fault": fault and {"outcome": fault.kind, "count": fault.calls},
            }
        )

    async def script(self, request: Request) -> Response:
        try:
            orders.script(self._behaviour, await document(request))
        except (BodyError, OrderError) as problem:
            return _refused(problem)
        return self.scripted(request)

    def clear(self, request: Request) -> Response:
        orders.clear(self._behaviour)
        return self.scripted(request)

    def suppressed(self, _request: Request) -> Response:
        entries = self._behaviour.suppression.entries()
        return JSONResponse([{"address": entry.address, "reason": entry.reason} for entry in entries])

    def unsuppress(self, request: Request) -> Response:
        if not self._behaviour.suppression.remove(request.path_params["address"]):
            return _error(404, "not_found", "not on the suppression list")
        return Response(status_code=204)


def _described(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "to": [*mail.recipients],
        "from": mail.sender,
        "replyTo": [*mail.reply_to],
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "tags": dict(mail.tags),
    }


def _refused(problem: BodyError | OrderError) -> Response:
    status = problem.status if isinstance(problem, BodyError) else 400
    return _error(status, "invalid_request", str(problem))


def _error(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error": code, "message": message}, status)
