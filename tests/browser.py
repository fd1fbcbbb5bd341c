"""The browser that the flow tests drive: Debian's Chromium, or whichever one is installed."""

import os
import shutil
import subprocess
import sys

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def executable() -> str:
    """Raise FileNotFoundError with what to do if there is none."""
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    raise FileNotFoundError(
        "The tests need Chromium. Debian and Ubuntu: `sudo apt-get install chromium`; "
        "macOS: install Google Chrome and put it on PATH as google-chrome."
    )


def install() -> None:
    """Install Debian's package where that needs no password."""
    if (apt_get := shutil.which("apt-get")) and os.geteuid() == 0:
        subprocess.run([apt_get, "update", "-qq"], check=True)
        subprocess.run([apt_get, "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=True)


def main() -> int:
    try:
        executable()
    except FileNotFoundError:
        install()
    try:
        executable()
    except FileNotFoundError as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
