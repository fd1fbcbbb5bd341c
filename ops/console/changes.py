"""The console's actions: preview, act, stop, take back. Each answers a fragment for the dialog."""

import uuid
from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from handlers import clock
from ops.console import body, listing
from ops.console.body import BodyError, first
from ops.console.drafts import Choice, Draft
from ops.console.room import Room
from ops.console.view import fragment, problem
from ops.review import index, suppression
from ops.review.audit import Verb
from ops.review.index import Item

_Fields = Mapping[str, list[str]]
_Answer = Callable[[Request, _Fields], Response]
_VERBS = frozenset({Verb.RETRY, Verb.DELIVER, Verb.RESOLVE, Verb.DISCARD, Verb.UNDO})
#: Most actions are over so soon that their end is the first answer.
_FIRST_LOOK = 1.5


class Changes:
    """Each public method answers one route of `app`."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def preview(self, request: Request) -> Response:
        return await self._posted(request, self._preview)

    async def act(self, request: Request) -> Response:
        return await self._posted(request, self._act)

    async def stop(self, request: Request) -> Response:
        return await self._posted(request, self._stop)

    async def undo(self, request: Request) -> Response:
        return await self._posted(request, self._undo)

    async def unsuppress(self, request: Request) -> Response:
        return await self._posted(request, self._unsuppress)

    async def _posted(self, request: Request, answer: _Answer) -> Response:
        try:
            fields = await body.form(request)
        except BodyError as wrong:
            return problem(request, 413, str(wrong))
        return await run_in_threadpool(answer, request, fields)

    def _preview(self, request: Request, fields: _Fields) -> Response:
        verb = first(fields, "verb")
        if verb not in _VERBS:
            return problem(request, 400, "There is no such action.")
        found, changed = self._found(fields)
        return self._shown(request, self._room.drafts.new(found, _choice(fields), changed))

    def _act(self, request: Request, fields: _Fields) -> Response:
        draft = self._room.drafts.get(first(fields, "draft"))
        if draft is None:
            return problem(request, 409, "This preview is gone. Look again, and nothing was done.")
        if not draft.started and (first(fields, "verb") not in _VERBS or _choice(fields) != draft.choice):
            # What was not previewed is not done.
            return self._preview(request, fields)
        self._room.drafts.start(self._room.desk.bench, draft, first(fields, "why"))
        return self._told(request, draft)

    def _stop(self, request: Request, fields: _Fields) -> Response:
        draft = self._room.drafts.get(first(fields, "draft"))
        if draft is None:
            return problem(request, 409, "This action is not known here.")
        draft.stop.set()
        return self._told(request, draft)

    def _undo(self, request: Request, fields: _Fields) -> Response:
        draft = self._room.drafts.get(first(fields, "draft"))
        if draft is None:
            return problem(request, 409, "This action is not known here: take it back from the audit.")
        ids = [result.message_id for result in draft.done]
        back = self._room.drafts.undo_of(draft, self._read(ids))
        self._room.drafts.start(self._room.desk.bench, back, "")
        return self._told(request, back)

    def _unsuppress(self, request: Request, fields: _Fields) -> Response:
        address, action_id = first(fields, "address"), first(fields, "action")
        if not action_id:
            return fragment(
                request, "unsuppress.html", address=address, action=str(uuid.uuid4()), removed=None
            )
        removed = suppression.remove(self._room.desk.bench, action_id, address, first(fields, "why"))
        return fragment(request, "unsuppress.html", address=address, action=action_id, removed=removed)

    def _found(self, fields: _Fields) -> tuple[list[Item], list[Item]]:
        """As they are now: those meant, and those that are not as the operator saw them."""
        if draft := self._room.drafts.get(first(fields, "draft")):
            return self._read([item.message_id for item in draft.found]), []
        if first(fields, "all"):
            asked = listing.query({name: first(fields, name) for name in fields})
            return self._room.desk.listing.all_matching(asked, clock.now()), []
        # "<id>" or "<id> <updatedAt as it was shown>"
        seen = dict(text.partition(" ")[::2] for text in fields.get("item", []))
        items = self._read(list(seen))
        same = [item for item in items if seen[item.message_id] in ("", item.record.updatedAt)]
        return same, [item for item in items if item not in same]

    def _read(self, ids: list[str]) -> list[Item]:
        # BatchGetItem takes no key twice.
        once = list(dict.fromkeys(ids))
        records = {record.messageId: record for record in self._room.desk.bench.table.read(once)}
        return [Item(records[found], clock.now()) for found in once if found in records]

    def _shown(self, request: Request, draft: Draft) -> Response:
        one = draft.found[0] if len(draft.found) == 1 else None
        subject = str(index.submission(one.record).get("subject", "")) if one else ""
        bench = self._room.desk.bench
        to = {bench.recipient(item.record) for item in draft.preview.chosen} - {"", draft.choice.to}
        return fragment(
            request,
            "preview.html",
            draft=draft,
            one=one,
            subject=subject,
            recipients=bench.recipients,
            replaced=sorted(to),
        )

    def _told(self, request: Request, draft: Draft) -> Response:
        draft.over.wait(_FIRST_LOOK)
        return fragment(request, "job.html", draft=draft)


def _choice(fields: _Fields) -> Choice:
    return Choice(
        Verb(first(fields, "verb")),
        first(fields, "subject"),
        first(fields, "to"),
        first(fields, "even-if-sent") == "1",
        first(fields, "even-if-old") == "1",
    )
