"""What `make deploy` refuses, and how what it is given travels."""

import json
from pathlib import Path

import pytest

from tests.flow.deploying import NEEDED, Deployer

pytestmark = pytest.mark.xdist_group("stack")


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
