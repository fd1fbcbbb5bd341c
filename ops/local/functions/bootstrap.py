"""What a child process runs: AWS's runtime client, ended together with the process that started it."""

import os
import signal
import sys
import threading

from awslambdaric.__main__ import main


def _end_with_parent(lifeline: int) -> None:
    """Nobody writes to the pipe: the read returns when the parent, which alone holds the other end, is gone.

    PR_SET_PDEATHSIG would not do: it fires when the *thread* that forked ends, see
    https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
    """
    os.read(lifeline, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    # Tells the endpoint which environment calls: the SDK says app/<id> in User-Agent.
    # https://docs.aws.amazon.com/sdkref/latest/guide/feature-appid.html
    os.environ["AWS_SDK_UA_APP_ID"] = str(os.getpid())
    # On a laptop everything shares the cores: the API answers first, the backlog waits, as it does in AWS.
    os.nice(5)
    pipe = os.dup(0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    threading.Thread(target=_end_with_parent, args=(pipe,), daemon=True).start()
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    main(sys.argv)
