"""`make deploy`: the first deployment and every later one."""

from collections.abc import Mapping
from pathlib import Path

from handlers import clock
from ops.deploy import account as accounts
from ops.deploy import dns, page, parameters, preflight, request, sam
from ops.deploy.account import Account, Deployed
from ops.deploy.parameters import Declared
from ops.deploy.request import Request

ROOT = Path(__file__).parents[2]


def run(variables: Mapping[str, str]) -> None:
    """Raise RefusedError, before anything is done, or SamFailedError."""
    declared = parameters.declared(ROOT / "template.yaml")
    asked = request.read(variables, ROOT / "samconfig.toml")
    account = accounts.of(asked.environment)
    before, asked = preflight.look(asked, declared, account)
    _announce(asked, declared, account, before)
    sam.build()
    sam.deploy(asked.environment, account.session.region_name, asked.parameters, ask=not variables.get("YES"))
    deployed = account.deployed()
    if deployed is None:
        raise sam.SamFailedError(f"the stack {account.stack} is not there: the change set was not executed")
    _finish(account, deployed, asked.environment.name)


def _announce(asked: Request, declared: Declared, account: Account, before: Deployed | None) -> None:
    doing = f"An upgrade of {account.stack}" if before else f"The first deployment of {account.stack}"
    say(f"{doing} in account {account.number()}, {account.session.region_name}, with")
    for name, value in sorted(asked.parameters.items()):
        say(f"  {name}={'****' if declared[name].get('NoEcho') else value}")
    if before:
        say("  and every other parameter as it is")


def _finish(account: Account, deployed: Deployed, environment: str) -> None:
    folder = ROOT / ".build" / f"site-{environment}"
    files = page.assemble(deployed.outputs, folder)
    page.upload(account, deployed.outputs, files, f"{account.stack} {clock.now().isoformat()}")
    say(
        f"\nThe page is in s3://{deployed.outputs['SiteBucketName']}, its API is {deployed.outputs['ApiUrl']}"
    )
    for line in (*_where_the_page_is(deployed, folder), *_what_is_left(account, deployed)):
        say(line)
    say(f"\nNext: .venv/bin/python -m ops doctor --aws --stack {account.stack}")


def _where_the_page_is(deployed: Deployed, folder: Path) -> list[str]:
    url, origin = deployed.outputs["SiteUrl"], deployed.parameters["AllowedOrigin"]
    if "SiteDistributionId" not in deployed.outputs:
        return [f"Nobody serves that bucket: copy {folder} to where {origin} is served from."]
    if url != origin and not deployed.parameters.get("FormOrigins"):
        return [f"It is served at {url}, but posts are taken from {origin}: deploy again with ORIGIN={url}"]
    return [f"It is served at {url}"]


def _what_is_left(account: Account, deployed: Deployed) -> list[str]:
    lines = []
    identity = account.identity(deployed.outputs["SenderIdentityName"]) or {}
    if records := dns.still_to_set(deployed.outputs, identity):
        lines += ["\nDNS records that SES waits for (name, type, value):", *(f"  {r}" for r in records)]
    lines += ["\nDMARC, which nobody looks up for you:", f"  {deployed.outputs['DmarcRecord']}"]
    if not account.client("sesv2").get_account()["ProductionAccessEnabled"]:
        lines += ["\nSES is in its sandbox: mail goes to verified addresses only (docs/deploy.md, step 6)."]
    return lines


def say(line: str) -> None:
    """At once: what sam prints comes between."""
    print(line, flush=True)
