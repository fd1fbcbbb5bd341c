"""What the account itself would make fail, found before the build."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ops.deploy import request as requests
from ops.deploy.account import Account, Deployed
from ops.deploy.parameters import Declared
from ops.deploy.request import Request


def look(request: Request, declared: Declared, account: Account) -> tuple[Deployed | None, Request]:
    """The stack as it is, None before its first deployment, and the request completed from what the account has.

    Raises RefusedError with everything that is in the way.
    """
    faults = list(unreachable(account.session))
    deployed = None if faults else account.deployed()
    if not faults and deployed is None:
        request = _without_a_second_log_role(request, account)
    faults += requests.problems(request, declared, deployed)
    if not faults:
        faults += _in_the_way(request, account, deployed)
    if faults:
        raise requests.refusal(faults, request.environment.name)
    return deployed, request


def unreachable(session: Any) -> Iterator[str]:
    if session.region_name is None:
        yield "no AWS region: set AWS_DEFAULT_REGION, or `region` in your AWS profile or in samconfig.toml"
    if session.get_credentials() is None:
        yield "no AWS credentials: sign in, such as by `aws sso login`, and set AWS_PROFILE"


def _without_a_second_log_role(request: Request, account: Account) -> Request:
    """The role is the account's: a first deployment leaves one that is there to whoever set it."""
    if "ApiGatewayLogRole" in request.parameters or not account.logs_of_api_gateway():
        return request
    return replace(request, parameters=request.parameters | {"ApiGatewayLogRole": "off"})


def _in_the_way(request: Request, account: Account, deployed: Deployed | None) -> Iterator[str]:
    if deployed and deployed.failed_at_birth:
        yield (
            f"the stack {account.stack} is what a failed first deployment left; take it away with "
            f"`make destroy ENV={request.environment.name}`, then deploy again"
        )
    named = request.parameters.get("ExistingIdentity", "")
    if named and account.identity(named) is None:
        yield f"SES has no identity {named!r} in this account and region: leave IDENTITY out, and it is made"
    sender = request.parameters.get("SenderAddress", "")
    domain = sender.rpartition("@")[2]
    if deployed is None and not named and account.identity(domain):
        yield f"SES has the identity {domain!r} already: add IDENTITY={domain} to use it as it is"
