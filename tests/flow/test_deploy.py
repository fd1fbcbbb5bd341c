"""`make deploy` and `make destroy` as a person runs them, with a `sam` that only records, against the local AWS."""

import json
from collections.abc import Iterator

import pytest

from ops.deploy import page
from tests.fakes import sam
from tests.flow.deploying import NEEDED, STACK, Deployer, First, deploying, outputs
from tests.flow.stack import ROOT, LocalStack

pytestmark = pytest.mark.xdist_group("stack")


@pytest.fixture(scope="module")
def first(stack: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[First]:
    """A first deployment, of staging, that many tests look at."""
    deployer = deploying(stack, tmp_path_factory.mktemp("first"))
    done = deployer.run("deploy", **NEEDED, YES="1")
    assert done.returncode == 0, done.stderr
    yield First(done.stdout, deployer.calls(), outputs(stack, STACK))
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
    return outputs(stack, "contactflow-dev")


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
