"""Switches for security, each off without its parameter and whole with it; and the records that make mail credible."""

import json
import re

import pytest

from tests.contract.translated import resource, template
from tests.policy.engine import Request, decide
from tests.policy.resolved import ACCOUNT, GIVEN, REGION, Resolved

_SQS = f"sqs.{REGION}.amazonaws.com"
_OURS = {"kms:CallerAccount": ACCOUNT, "kms:ViaService": _SQS}
_OTHERS = {"kms:CallerAccount": "210987654321", "kms:ViaService": _SQS}
_OTHER = "210987654321"
ENCRYPTED_BY = {
    "AWS::SQS::Queue": "KmsMasterKeyId",
    "AWS::SNS::Topic": "KmsMasterKeyId",
    "AWS::Logs::LogGroup": "KmsKeyId",
    "AWS::Lambda::Function": "KmsKeyArn",
}


def _with(**parameters: str) -> Resolved:
    return Resolved(template(), GIVEN | parameters)


def test_the_throttle_goes_up_to_ten_thousand_and_starts_where_a_flood_costs_little() -> None:
    rate = template()["Parameters"]["ThrottleRate"]
    assert (rate["Default"], rate["MaxValue"]) == (50, 10_000)


@pytest.mark.parametrize(
    ("limit", "legal"), [("0", True), ("10", True), ("2000", True), ("9", False), ("-1", False)]
)
def test_a_rate_limit_is_off_or_one_that_waf_takes(limit: str, legal: bool) -> None:  # noqa: FBT001 - the expectation
    assert bool(re.search(template()["Parameters"]["RateLimitPerAddress"]["AllowedPattern"], limit)) is legal


def test_no_web_acl_is_paid_for_by_default() -> None:
    assert not any("WAFv2" in r["Type"] for r in _with().resources.values())


def test_one_address_is_limited_at_the_api_where_it_costs_something() -> None:
    limited = _with(RateLimitPerAddress="100")
    acl = limited.resources["WebAcl"]["Properties"]
    [rule] = acl["Rules"]
    assert rule["Statement"]["RateBasedStatement"] == {
        "AggregateKeyType": "IP",
        "EvaluationWindowSec": 300,
        "Limit": "100",
    }
    assert rule["Action"] == {"Block": {}}
    assert acl["Scope"] == "REGIONAL"
    assert limited.resources["WebAclAssociation"]["Properties"]["ResourceArn"].endswith(
        "/restapis/ContactApi/stages/ContactApiprodStage"
    )


def test_without_a_key_of_ones_own_none_is_made_and_queues_and_table_are_encrypted_all_the_same() -> None:
    plain = _with()
    assert plain.of_type("AWS::KMS::Key") == {}
    assert all(queue["SqsManagedSseEnabled"] is True for queue in plain.of_type("AWS::SQS::Queue").values())
    assert plain.resources["MessagesTable"]["Properties"]["SSESpecification"]["SSEEnabled"] is True


def test_with_one_everything_that_holds_a_message_an_address_or_a_secret_is_under_it() -> None:
    own = _with(CustomerManagedKey="on")
    for kind, named_by in ENCRYPTED_BY.items():
        unencrypted = [
            name
            for name, properties in own.of_type(kind).items()
            if "Key" not in str(properties.get(named_by))
        ]
        assert unencrypted == [], kind
    assert own.resources["MessagesTable"]["Properties"]["SSESpecification"]["KMSMasterKeyId"] == "Key"
    assert own.resources["Key"]["Properties"]["EnableKeyRotation"] is True


def test_the_key_serves_our_services_in_this_account_and_nobody_else() -> None:
    source = {"aws:SourceAccount": ACCOUNT}
    may = [
        *(Request(role, "kms:Decrypt", "Key", _OURS) for role in ("IntakeRole", "StartDeliveryFunctionRole")),
        *(
            Request(f"{service}.amazonaws.com", "kms:GenerateDataKey", "Key", source)
            for service in ("ses", "sns", "cloudwatch")
        ),
        Request("events.amazonaws.com", "kms:GenerateDataKey", "Key", {}),
    ]
    may_not = [
        Request("IntakeRole", "kms:Decrypt", "Key", {"kms:CallerAccount": ACCOUNT}),
        Request("IntakeRole", "kms:Decrypt", "Key", _OURS | {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}),
        Request("IntakeRole", "kms:ScheduleKeyDeletion", "Key", _OURS),
        Request("IntakeRole", "kms:CreateGrant", "Key", _OURS | {"kms:GrantIsForAWSResource": "false"}),
        Request(f"arn:aws:iam::{_OTHER}:role/Admin", "kms:Decrypt", "Key", _OTHERS),
        Request("ses.amazonaws.com", "kms:GenerateDataKey", "Key", {"aws:SourceAccount": _OTHER}),
    ]  # fmt: skip
    verdicts = decide(_with(CustomerManagedKey="on"), [*may, *may_not])
    assert [
        str(r) for r, verdict in zip(may, verdicts[: len(may)], strict=True) if verdict != "Allowed"
    ] == []
    assert [
        str(r) for r, verdict in zip(may_not, verdicts[len(may) :], strict=True) if verdict == "Allowed"
    ] == []


def test_the_key_serves_the_logs_of_this_account_only() -> None:
    """By hand: iam-simulate does not know an encryption context whose name has colons in it."""
    statements = _with(CustomerManagedKey="on").resources["Key"]["Properties"]["KeyPolicy"]["Statement"]
    [logs] = [s for s in statements if s["Sid"] == "OurLogGroups"]
    assert logs["Principal"] == {"Service": f"logs.{REGION}.amazonaws.com"}
    ours = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*"
    assert logs["Condition"] == {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": ours}}


def test_the_outputs_are_the_records_by_which_others_check_our_mail() -> None:
    values = {name: json.dumps(output["Value"]) for name, output in template()["Outputs"].items()}
    assert "v=spf1 include:amazonses.com ~all" in values["SpfRecord"]
    assert "MX 10 feedback-smtp." in values["MailFromMxRecord"]
    assert "_dmarc.${Domain} TXT" in values["DmarcRecord"]
    assert "v=DMARC1;" in values["DmarcRecord"]
    assert all("CNAME" in values[f"DkimRecord{number}"] for number in (1, 2, 3))


def test_mail_is_signed_by_our_domain_and_bounces_to_it() -> None:
    identity = resource("SenderIdentity")
    assert identity["DkimAttributes"] == {"SigningEnabled": True}
    assert identity["DkimSigningAttributes"] == {"NextSigningKeyLength": "RSA_2048_BIT"}
    assert identity["MailFromAttributes"]["MailFromDomain"]["Fn::Sub"][0] == "mail.${Domain}"


@pytest.mark.parametrize("configuration_set", ["ConfigurationSet", "AcknowledgementConfigurationSet"])
def test_ses_sends_nothing_to_who_bounced_or_complained(configuration_set: str) -> None:
    assert resource(configuration_set)["SuppressionOptions"] == {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]}


def test_the_page_is_served_over_https_with_its_policy() -> None:
    distribution = resource("SiteDistribution")["DistributionConfig"]
    assert distribution["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    headers = resource("SiteHeaders")["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert "default-src 'none'" in json.dumps(headers["ContentSecurityPolicy"])
