"""`python -m loadtest.run SCENARIO`: load it, wait until it has drained, prove the books, write a report."""

from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import EndpointConnectionError

from handlers import clock
from loadtest import artillery, scenario, watch
from loadtest.artillery import NoArtilleryError
from loadtest.report import Measured, html, markdown
from loadtest.samples import accepted, read
from loadtest.target import NotStartedError, Target, local, remote
from ops.deployment import NoDeploymentError

_REPORTS = Path(__file__).parent / "reports"
_PATIENCE = 60.0


def main(
    name: Annotated[str, typer.Argument(metavar="SCENARIO", help=", ".join(scenario.names()))],
    target: Annotated[
        str, typer.Option(help="URL of an API, such as the Output ApiUrl. None: a local stack.")
    ] = "",
    stack: Annotated[
        str, typer.Option(help="With --target: its stack, so that the books can be proved.")
    ] = "",
    scale: Annotated[
        float, typer.Option(min=0.001, help="0.1: a tenth of the visitors and of their posts.")
    ] = 1.0,
) -> None:
    """Exit code 0: every threshold of the scenario was met, and every accepted message is accounted for."""
    if name not in scenario.names():
        raise typer.BadParameter(f"choose one of {', '.join(scenario.names())}", param_hint="SCENARIO")
    folder = _folder(name, clock.now())
    try:
        place = nullcontext(remote(target, stack or None)) if target else local("--warm")
        with place as running:
            measured = measure(name, running, scale, folder)
    except (NoArtilleryError, NoDeploymentError, NotStartedError, EndpointConnectionError) as problem:
        typer.echo(f"loadtest: {problem}", err=True)
        raise typer.Exit(1) from None
    (folder / "report.html").write_text(html(measured), encoding="utf-8")
    (folder / "report.md").write_text(markdown(measured), encoding="utf-8")
    typer.echo(f"\n{markdown(measured)}\n{folder / 'report.html'}")
    books_clean = measured.books is None or measured.books.clean
    raise typer.Exit(measured.run.exit_code or (0 if books_clean else 1))


def measure(name: str, running: Target, scale: float, folder: Path) -> Measured:
    print(f"{name} against {running.what}")
    script = scenario.write(folder, name, running.url, scale)
    if running.deployment is None:
        return Measured(
            name, running.what, artillery.run(script, folder), read(folder / "samples"), None, {}, []
        )
    with watch.watching(running.deployment) as depths:
        run = artillery.run(script, folder)
    samples = read(folder / "samples")
    ids = folder / "accepted.txt"
    ids.write_text("\n".join(accepted(samples)))
    books = watch.drained(running.deployment, ids, depths, _PATIENCE)
    told = watch.seconds_to_delivered(running.deployment)
    return Measured(name, running.what, run, samples, books, depths.points, told)


def _folder(name: str, now: datetime) -> Path:
    folder = _REPORTS / f"{now:%Y%m%d-%H%M%S}-{name}"
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    typer.run(main)
