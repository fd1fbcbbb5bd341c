"""`make deploy` and `make destroy` as a person runs them, with a `sam` that only records, against the local AWS."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ops.deploy import page
from tests.flow.stack import ROOT, LocalStack

pytestmark = pytest.mark.xdist_group("stack")
STACK = "contactflow-staging"
NEEDED = {
    "ENV": "staging",
    "SENDER": "noreply@mail.example",
    "OWNER": "owner@mail.example",
    "ORIGIN": "https://www.mail.example",
}


@dataclass(frozen=True)
class Deployer:
    """A person with a checkout, credentials of the local AWS, and a recording `sam` on PATH."""

    environment: dict[str, str]
    record: Path
    aws: LocalStack

    def run(self, command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ops.deploy", command],
            cwd=ROOT,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """By the Makefile, as if everything that it installs were there."""
        present = (
            "-o",
            ".venv/local",
            "-o",
            ".venv/sam/installed",
            "SAM=sam",
            f"VENV_PYTHON={sys.executable}",
        )
        environment = self.environment | variables
        command = ["make", "--no-print-directory", *present, *arguments]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self) -> list[dict[str, Any]]:
        return (
            [json.loads(line) for line in self.record.read_text().splitlines()]
            if self.record.exists()
            else []
        )

    def deployed(self) -> str:
        done = self.run("deploy", **NEEDED, YES="1")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stacks(self) -> set[str]:
        found = self.aws.client("cloudformation").list_stacks()["StackSummaries"]
        return {s["StackName"] for s in found if s["StackStatus"] != "DELETE_COMPLETE"}


@pytest.fixture
def deployer(stack: LocalStack, tmp_path: Path) -> Iterator[Deployer]:
    program = tmp_path / "bin" / "sam"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{(ROOT / 'tests' / 'fakes' / 'sam.py').read_text()}")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    environment = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "SAM": "sam",
        "SAM_RECORD": str(tmp_path / "calls.jsonl"),
        "AWS_ENDPOINT_URL": stack.aws,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    deployer = Deployer(environment, tmp_path / "calls.jsonl", stack)
    yield deployer
    if STACK in deployer.stacks():
        stack.client("cloudformation").delete_stack(StackName=STACK)


def test_a_first_deployment_builds_then_deploys_exactly_what_was_given(deployer: Deployer) -> None:
    deployer.deployed()
    build, deploy = deployer.calls()
    assert build["argv"] == ["build"]
    assert deploy["argv"][:7] == [
        "deploy",
        *("--config-env", "staging"),
        *("--stack-name", STACK),
        "--region",
        "us-east-1",
    ]
    assert deploy["argv"][-2:] == ["--no-fail-on-empty-changeset", "--no-confirm-changeset"]
    assert deploy["parameters"] == {
        "SenderAddress": "noreply@mail.example",
        "OwnerAddress": "owner@mail.example",
        "AllowedOrigin": "https://www.mail.example",
    }


def test_what_samconfig_sets_for_an_environment_is_kept_beside_what_was_given(deployer: Deployer) -> None:
    done = deployer.run(
        "deploy", **NEEDED | {"ENV": "dev", "PARAMETERS": "SesSendRate=5"}, SAM_FAILS="deploy"
    )
    assert done.returncode == 1
    given = deployer.calls()[1]["parameters"]
    assert {name: given[name] for name in ("RetentionDays", "LogRetentionDays", "SesSendRate")} == {
        "RetentionDays": "7",
        "LogRetentionDays": "7",
        "SesSendRate": "5",
    }


def test_a_persons_confirmation_is_left_to_sam_unless_told_otherwise(deployer: Deployer) -> None:
    deployer.run("deploy", **NEEDED, SAM_FAILS="deploy")
    assert "--no-confirm-changeset" not in deployer.calls()[1]["argv"]


def test_the_page_is_in_the_bucket_with_the_endpoint_of_this_stack(deployer: Deployer) -> None:
    said = deployer.deployed()
    outputs = _outputs(deployer)
    s3 = deployer.aws.client("s3")
    there = {o["Key"] for o in s3.list_objects_v2(Bucket=outputs["SiteBucketName"])["Contents"]}
    assert there == {path.name for path in page.SITE.iterdir()} | {"config.json"}
    objects = {key: s3.get_object(Bucket=outputs["SiteBucketName"], Key=key) for key in sorted(there)}
    assert json.load(objects["config.json"]["Body"]) == {"apiUrl": outputs["ApiUrl"]}
    assert objects["app.js"]["ContentType"] == "text/javascript; charset=utf-8"
    assert {o["CacheControl"] for o in objects.values()} == {page.CACHE_CONTROL}
    assert "Nobody serves that bucket: copy" in said
    assert (
        json.loads((ROOT / ".build" / "site-staging" / "config.json").read_text())["apiUrl"]
        == outputs["ApiUrl"]
    )


def test_with_cloudfront_its_copies_are_thrown_away(deployer: Deployer) -> None:
    cloudfront = deployer.aws.client("cloudfront")
    origins = {"Quantity": 1, "Items": [{"Id": "site", "DomainName": "site.invalid"}]}
    behaviour = {"TargetOriginId": "site", "ViewerProtocolPolicy": "redirect-to-https"}
    distribution = cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": "deploy",
            "Comment": "",
            "Enabled": True,
            "Origins": origins,
            "DefaultCacheBehavior": behaviour,
        }
    )["Distribution"]["Id"]
    more = {"SiteDistributionId": distribution, "SiteUrl": "https://d111.cloudfront.net"}
    done = deployer.run("deploy", **NEEDED, YES="1", SAM_OUTPUTS=json.dumps(more))
    assert done.returncode == 0, done.stderr
    [made] = cloudfront.list_invalidations(DistributionId=distribution)["InvalidationList"]["Items"]
    invalidation = cloudfront.get_invalidation(DistributionId=distribution, Id=made["Id"])["Invalidation"]
    assert invalidation["InvalidationBatch"]["Paths"]["Items"] == ["/*"]
    assert "deploy again with ORIGIN=https://d111.cloudfront.net" in done.stdout


def test_it_ends_with_the_records_to_set_and_the_next_command(deployer: Deployer) -> None:
    said = deployer.deployed()
    assert "  token1._domainkey.mail.example CNAME token1.dkim.amazonses.com" in said
    assert "  mail.mail.example MX 10 feedback-smtp.us-east-1.amazonses.com" in said
    assert "  _dmarc.mail.example TXT" in said
    assert said.endswith(f"\nNext: .venv/bin/python -m ops doctor --aws --stack {STACK}\n")


def test_an_upgrade_needs_nothing_but_its_environment(deployer: Deployer) -> None:
    deployer.deployed()
    again = deployer.run("deploy", ENV="staging", YES="1", SAM_FAILS="deploy")
    assert f"An upgrade of {STACK}" in again.stdout
    assert deployer.calls()[-1]["parameters"] == {}


def test_what_is_missing_is_said_at_once_and_sam_is_not_called(deployer: Deployer) -> None:
    refused = deployer.run("deploy", ENV="prod", OWNER="owner@mail.example")
    assert refused.returncode == 2
    assert "SENDER is missing: Address that all mail comes from." in refused.stderr
    assert "ORIGIN is missing: The one web origin" in refused.stderr
    assert "OWNER is missing" not in refused.stderr
    assert "  make deploy ENV=prod SENDER=noreply@example.com OWNER=you@example.com ORIGIN=" in refused.stderr
    assert deployer.calls() == []


def test_an_environment_that_samconfig_does_not_have_is_refused(deployer: Deployer) -> None:
    for variables in ({}, {"ENV": "production"}):
        refused = deployer.run("deploy", **NEEDED | {"ENV": ""} | variables)
        assert refused.returncode == 2
        assert "ENV is one of dev, staging, prod" in refused.stderr


def test_without_region_and_credentials_both_are_asked_for(deployer: Deployer) -> None:
    unset = ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    bare = {name: value for name, value in deployer.environment.items() if name not in unset}
    stranger = Deployer(bare | {"AWS_EC2_METADATA_DISABLED": "true"}, deployer.record, deployer.aws)
    refused = stranger.run("deploy", **NEEDED)
    assert refused.returncode == 2
    assert "no AWS region" in refused.stderr
    assert "no AWS credentials" in refused.stderr


def test_an_identity_that_the_account_has_is_used_only_if_said(deployer: Deployer) -> None:
    ses = deployer.aws.client("sesv2")
    ses.create_email_identity(EmailIdentity="mail.example")
    try:
        refused = deployer.run("deploy", **NEEDED)
        assert refused.returncode == 2
        assert "add IDENTITY=mail.example to use it as it is" in refused.stderr
        done = deployer.run("deploy", **NEEDED, IDENTITY="mail.example", YES="1")
        assert done.returncode == 0, done.stderr
        assert deployer.calls()[-1]["parameters"]["ExistingIdentity"] == "mail.example"
    finally:
        ses.delete_email_identity(EmailIdentity="mail.example")


def test_an_identity_that_the_account_does_not_have_is_refused(deployer: Deployer) -> None:
    refused = deployer.run("deploy", **NEEDED, IDENTITY="mail.example")
    assert refused.returncode == 2
    assert "SES has no identity 'mail.example'" in refused.stderr


@pytest.mark.parametrize(
    "hostile", ["$(touch${{IFS}}{0})", "`touch${{IFS}}{0}`", ";touch${{IFS}}{0};", "'&touch${{IFS}}{0}&'"]
)
def test_a_value_travels_all_the_way_and_is_never_run(
    deployer: Deployer, tmp_path: Path, hostile: str
) -> None:
    """Each of these is a legal local part to the template, in the environment as a workflow sets it."""
    written = tmp_path / "owned"
    owner = f"{hostile.format(written)}@mail.example"
    done = deployer.make("deploy", **NEEDED | {"OWNER": owner, "ALERT": owner}, SAM_FAILS="deploy")
    assert done.returncode != 0
    assert not written.exists()
    given = deployer.calls()[1]["parameters"]
    assert (given["OwnerAddress"], given["AlertAddress"]) == (owner, owner)


def test_a_name_of_an_environment_or_a_file_is_not_run_either(deployer: Deployer, tmp_path: Path) -> None:
    written = tmp_path / "owned"
    for name in ("ENV", "FORMS", "PARAMETERS", "YES"):
        deployer.make("deploy", **NEEDED | {name: f"$(touch {written}); touch {written}"}, SAM_FAILS="build")
        assert not written.exists(), name


def test_make_hands_on_what_stands_on_its_command_line(deployer: Deployer) -> None:
    done = deployer.make("deploy", *(f"{name}={value}" for name, value in NEEDED.items()), "YES=1")
    assert done.returncode == 0, done.stderr
    assert deployer.calls()[1]["parameters"]["OwnerAddress"] == "owner@mail.example"


def test_a_secret_is_neither_on_a_command_line_nor_on_the_screen_nor_readable(deployer: Deployer) -> None:
    secret = "whsec_" + "QUJD" * 11
    parameters = f"WebhookUrl=https://hooks.example/x WebhookSecret={secret}"
    done = deployer.run("deploy", **NEEDED, PARAMETERS=parameters, SAM_FAILS="deploy")
    [_, deploy] = deployer.calls()
    assert deploy["parameters"]["WebhookSecret"] == secret
    assert deploy["mode"] == "0o600"
    assert secret not in done.stdout + done.stderr + json.dumps(deploy["argv"])


def test_a_teardown_waits_for_what_is_on_its_way(deployer: Deployer) -> None:
    deployer.deployed()
    queue = _outputs(deployer)["IntakeQueueUrl"]
    deployer.aws.client("sqs").send_message(QueueUrl=queue, MessageBody="{}")
    refused = deployer.run("destroy", ENV="staging", YES=STACK)
    assert refused.returncode == 2
    assert "messages are on their way: 1 in IntakeQueue." in refused.stderr
    assert STACK in deployer.stacks()


def test_a_teardown_wants_the_name_of_the_stack_and_says_what_stays(deployer: Deployer) -> None:
    deployer.deployed()
    bucket = _outputs(deployer)["SiteBucketName"]
    refused = deployer.run("destroy", ENV="staging", YES="1")
    assert refused.returncode == 2
    assert f"confirm with YES={STACK}" in refused.stderr
    done = deployer.run("destroy", ENV="staging", YES=STACK)
    assert done.returncode == 0, done.stderr
    assert deployer.calls()[-1]["argv"] == [
        "delete",
        "--stack-name",
        STACK,
        "--region",
        "us-east-1",
        "--no-prompts",
    ]
    assert f"boto3.resource('s3').Bucket('{bucket}')" in done.stdout
    assert STACK not in deployer.stacks()


def _outputs(deployer: Deployer) -> dict[str, str]:
    [described] = deployer.aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return {o["OutputKey"]: o["OutputValue"] for o in described["Outputs"]}
