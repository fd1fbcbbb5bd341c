"""What all pages of one console share."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from ops.console.drafts import Drafts
from ops.console.listing import Listing
from ops.console.tally import Tally
from ops.review.workbench import Workbench


@dataclass(frozen=True)
class Desk:
    """A workbench and what has been read of it."""

    bench: Workbench
    tally: Tally
    listing: Listing


class Room:
    """Opens the workbench when the first page asks: `make run` then starts no slower for it."""

    def __init__(self, open_bench: Callable[[], Workbench]) -> None:
        self._open = open_bench
        self._opening = threading.Lock()
        self._desk: Desk | None = None
        self.drafts = Drafts()

    @property
    def desk(self) -> Desk:
        with self._opening:
            if self._desk is None:
                bench = self._open()
                tally = Tally(bench.table.entries)
                self._desk = Desk(bench, tally, Listing(tally, bench.table))
            return self._desk
