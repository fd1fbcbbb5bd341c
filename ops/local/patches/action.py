"""Dispatch: moto reads a JSON body as a form too, so the text `&Action=…&` in a mail names the operation.

AWS reads the operation of a JSON protocol from X-Amz-Target, of a REST protocol from the path:
https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
"""

from moto.core.responses import BaseResponse

_by_form = BaseResponse._get_action  # noqa: SLF001 - what is replaced


def apply() -> None:
    BaseResponse._get_action = _get_action  # noqa: SLF001 - the seam itself


def _get_action(response: BaseResponse) -> str | None:
    target: str | None = response.headers.get("x-amz-target")
    if target:
        return target.rpartition(".")[2]
    if "json" in (response.headers.get("content-type") or ""):
        action: str | None = response._get_action_from_method_and_request_uri(  # noqa: SLF001 - moto's own router
            response.normalized_request
        )
        return action
    by_form: str | None = _by_form(response)
    return by_form
