"""What `make deploy` and `make destroy` run. Exit codes: 0 done, 1 it did not work out, 2 refused, 130 Ctrl-C."""

import os
import sys

from botocore.exceptions import BotoCoreError, ClientError

from ops.deploy import teardown, upgrade
from ops.deploy.request import RefusedError
from ops.deploy.sam import SamFailedError


def main() -> int:
    run = {"deploy": upgrade.run, "destroy": teardown.run}[sys.argv[1]]
    try:
        run(os.environ)
    except RefusedError as refused:
        print(f"contactflow: {refused}", file=sys.stderr)
        return 2
    except (SamFailedError, ClientError, BotoCoreError) as problem:
        print(f"contactflow: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
