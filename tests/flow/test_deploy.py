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
from tests.fakes import sam
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


@dataclass(frozen=True)
class First:
    said: str
    calls: list[dict[str, Any]]
    outputs: dict[str, str]


def _deployer(stack: LocalStack, folder: Path) -> Deployer:
    program = folder / "bin" / "sam"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{Path(sam.__file__).read_text()}")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    environment = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "SAM": "sam",
        "SAM_RECORD": str(folder / "calls.jsonl"),
        "AWS_ENDPOINT_URL": stack.aws,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    return Deployer(environment, folder / "calls.jsonl", stack)


@pytest.fixture
def deployer(stack: LocalStack, tmp_path: Path) -> Deployer:
    return _deployer(stack, tmp_path)


@pytest.fixture(scope="module")
def first(stack: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[First]:
    """A first deployment, of staging, that many tests look at."""
    deployer = _deployer(stack, tmp_path_factory.mktemp("first"))
    done = deployer.run("deploy", **NEEDED, YES="1")
    assert done.returncode == 0, done.stderr
    yield First(done.stdout, deployer.calls(), _outputs(stack, STACK))
    stack.client("cloudformation").delete_stack(StackName=STACK)


@pytest.fixture
def standing(stack: LocalStack) -> dict[str, str]:
    """The Outputs of the stack for development, as a deployment left it."""
    needed = {"AllowedOrigin": "https://www.mail.example"}
    client = stack.client("cloudformation")
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in needed.items()]
    client.create_stack(
        StackName="contactflow-dev", TemplateBody=json.dumps(sam.template(needed, {})), Parameters=given
    )
    return _outputs(stack, "contactflow-dev")


def test_a_first_deployment_builds_then_deploys_exactly_what_was_given(first: First) -> None:
    build, deploy = first.calls
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


def test_the_page_is_in_the_bucket_with_the_endpoint_of_this_stack(first: First, stack: LocalStack) -> None:
    outputs, s3 = first.outputs, stack.client("s3")
    there = {o["Key"] for o in s3.list_objects_v2(Bucket=outputs["SiteBucketName"])["Contents"]}
    assert there == {path.name for path in page.SITE.iterdir()} | {"config.json"}
    objects = {key: s3.get_object(Bucket=outputs["SiteBucketName"], Key=key) for key in sorted(there)}
    assert json.load(objects["config.json"]["Body"]) == {"apiUrl": outputs["ApiUrl"]}
    assert objects["app.js"]["ContentType"] == "text/javascript; charset=utf-8"
    assert {o["CacheControl"] for o in objects.values()} == {page.CACHE_CONTROL}
    assert "Nobody serves that bucket: copy" in first.said
    assert (
        json.loads((ROOT / ".build" / "site-staging" / "config.json").read_text())["apiUrl"]
        == outputs["ApiUrl"]
    )


def test_with_cloudfront_and_by_make_its_copies_are_thrown_away(
    deployer: Deployer, stack: LocalStack
) -> None:
    cloudfront = stack.client("cloudfront")
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
    variables = NEEDED | {"ENV": "prod", "YES": "1", "SAM_OUTPUTS": json.dumps(more)}
    done = deployer.make("deploy", *(f"{name}={value}" for name, value in variables.items()))
    assert done.returncode == 0, done.stderr
    assert deployer.calls()[1]["parameters"]["OwnerAddress"] == "owner@mail.example"
    stack.client("cloudformation").delete_stack(StackName="contactflow-prod")
    [made] = cloudfront.list_invalidations(DistributionId=distribution)["InvalidationList"]["Items"]
    invalidation = cloudfront.get_invalidation(DistributionId=distribution, Id=made["Id"])["Invalidation"]
    assert invalidation["InvalidationBatch"]["Paths"]["Items"] == ["/*"]
    assert "deploy again with ORIGIN=https://d111.cloudfront.net" in done.stdout


def test_it_ends_with_the_records_to_set_and_the_next_command(first: First) -> None:
    assert "  token1._domainkey.mail.example CNAME token1.dkim.amazonses.com" in first.said
    assert "  mail.mail.example MX 10 feedback-smtp.us-east-1.amazonses.com" in first.said
    assert "  _dmarc.mail.example TXT" in first.said
    assert first.said.endswith(f"\nNext: .venv/bin/python -m ops doctor --aws --stack {STACK}\n")


def test_an_upgrade_needs_nothing_but_its_environment(first: First, deployer: Deployer) -> None:
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


def test_several_forms_come_from_one_file(deployer: Deployer) -> None:
    variables = {"ENV": "prod", "SENDER": "noreply@mail.example", "FORMS": "tests/flow/forms.yaml"}
    deployer.run("deploy", **variables, SAM_FAILS="deploy")
    given = deployer.calls()[1]["parameters"]
    assert given["OwnerAddress"] == "owner@contactflow.example"
    assert given["Forms"].startswith(
        "contact|en|https://contactflow.example|owner@contactflow.example|,sales|de|"
    )
    assert given["FormOrigins"] == "https://contactflow.example,https://shop.contactflow.example"


def test_a_forms_file_that_is_not_there_is_said(deployer: Deployer) -> None:
    refused = deployer.run("deploy", **NEEDED | {"FORMS": "nowhere.yaml"})
    assert refused.returncode == 2
    assert "nowhere.yaml" in refused.stderr
    assert deployer.calls() == []


def test_an_identity_that_the_account_has_is_used_only_if_said(deployer: Deployer) -> None:
    ses = deployer.aws.client("sesv2")
    ses.create_email_identity(EmailIdentity="mail.example")
    try:
        refused = deployer.run("deploy", **NEEDED | {"ENV": "prod"})
        assert refused.returncode == 2
        assert "add IDENTITY=mail.example to use it as it is" in refused.stderr
        deployer.run("deploy", **NEEDED | {"ENV": "prod", "IDENTITY": "mail.example"}, SAM_FAILS="deploy")
        assert deployer.calls()[-1]["parameters"]["ExistingIdentity"] == "mail.example"
    finally:
        ses.delete_email_identity(EmailIdentity="mail.example")


def test_an_identity_that_the_account_does_not_have_is_refused(deployer: Deployer) -> None:
    refused = deployer.run("deploy", **NEEDED, IDENTITY="mail.example")
    assert refused.returncode == 2
    assert "SES has no identity 'mail.example'" in refused.stderr


def test_a_value_travels_all_the_way_and_is_never_run(deployer: Deployer, tmp_path: Path) -> None:
    """To the template it is a legal local part; it is in the environment as a workflow sets it."""
    written = tmp_path / "owned"
    owner = "$(touch${IFS}A)`touch${IFS}A`;touch${IFS}A;'&touch${IFS}A&'@mail.example".replace(
        "A", str(written)
    )
    done = deployer.make(
        "deploy", **NEEDED | {"ENV": "prod", "OWNER": owner, "ALERT": owner}, SAM_FAILS="deploy"
    )
    assert done.returncode != 0
    assert not written.exists()
    given = deployer.calls()[1]["parameters"]
    assert (given["OwnerAddress"], given["AlertAddress"]) == (owner, owner)


@pytest.mark.parametrize("name", ["ENV", "FORMS", "PARAMETERS"])
def test_no_other_variable_is_run_either(deployer: Deployer, tmp_path: Path, name: str) -> None:
    written = tmp_path / "owned"
    deployer.make("deploy", **NEEDED | {name: f"$(touch {written}); touch {written}"}, SAM_FAILS="build")
    assert not written.exists()


def test_a_secret_is_neither_on_a_command_line_nor_on_the_screen_nor_readable(deployer: Deployer) -> None:
    secret = "whsec_" + "QUJD" * 11
    parameters = f"WebhookUrl=https://hooks.example/x WebhookSecret={secret}"
    done = deployer.run("deploy", **NEEDED, PARAMETERS=parameters, SAM_FAILS="deploy")
    [_, deploy] = deployer.calls()
    assert deploy["parameters"]["WebhookSecret"] == secret
    assert deploy["mode"] == "0o600"
    assert secret not in done.stdout + done.stderr + json.dumps(deploy["argv"])


def test_a_teardown_waits_for_what_is_on_its_way_and_says_what_stays(
    deployer: Deployer, stack: LocalStack, standing: dict[str, str]
) -> None:
    sqs = stack.client("sqs")
    sqs.send_message(QueueUrl=standing["IntakeQueueUrl"], MessageBody="{}")
    refused = deployer.run("destroy", ENV="dev", YES="contactflow-dev")
    assert refused.returncode == 2
    assert "messages are on their way: 1 in IntakeQueue." in refused.stderr
    unnamed = deployer.run("destroy", ENV="dev", YES="1", ANYWAY="1")
    assert unnamed.returncode == 2
    assert "confirm with YES=contactflow-dev" in unnamed.stderr
    assert deployer.calls() == []
    done = deployer.run("destroy", ENV="dev", YES="contactflow-dev", ANYWAY="1")
    assert done.returncode == 0, done.stderr
    [delete] = deployer.calls()
    assert delete["argv"] == [
        "delete",
        "--stack-name",
        "contactflow-dev",
        "--region",
        "us-east-1",
        "--no-prompts",
    ]
    assert f"boto3.resource('s3').Bucket('{standing['SiteBucketName']}')" in done.stdout
    assert f"aws sqs delete-queue --queue-url {standing['IntakeQueueUrl']}" in done.stdout


def _outputs(stack: LocalStack, name: str) -> dict[str, str]:
    [described] = stack.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    return {o["OutputKey"]: o["OutputValue"] for o in described["Outputs"]}
