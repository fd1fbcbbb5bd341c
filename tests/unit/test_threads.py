import threading

from ops.local.threads import Deadlines, ThreadPool


def test_work_that_waits_for_other_work_finds_a_thread_each() -> None:
    pool = ThreadPool("test")
    together = threading.Barrier(6)

    def meet() -> None:
        together.wait(10)

    for _ in range(5):
        pool.run(meet)
    together.wait(10)


def test_a_thread_is_used_again() -> None:
    pool = ThreadPool("again")
    used: list[str] = []
    for _ in range(20):
        done = threading.Event()

        def work(done: threading.Event = done) -> None:
            used.append(str(threading.get_ident()))
            done.set()

        pool.run(work)
        assert done.wait(10)
    assert len(set(used)) < 20


def test_only_what_is_still_watched_expires() -> None:
    deadlines = Deadlines(period=0.01)
    expired: list[str] = []
    over = threading.Event()

    def expire() -> None:
        expired.append("watched")
        over.set()

    deadlines.watch(1, 0.0, lambda: expired.append("forgotten"))
    deadlines.forget(1)
    deadlines.watch(2, 0.02, expire)
    assert over.wait(10)
    assert expired == ["watched"]
