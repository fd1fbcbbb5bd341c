"""What `make deploy` reads and refuses, value by value."""

from pathlib import Path

import pytest

from ops.deploy import dns, parameters, samconfig
from tests.contract.translated import ROOT

DECLARED = parameters.declared(ROOT / "template.yaml")
NEEDED = {
    "SenderAddress": "a@example.com",
    "OwnerAddress": "b@example.com",
    "AllowedOrigin": "https://example.com",
}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", {}),
        ("A=1 B=two", {"A": "1", "B": "two"}),
        ('A="one two" B=3', {"A": "one two", "B": "3"}),
        (r'A="a \"b\""', {"A": 'a "b"'}),
        ("A='one two'", {"A": "one two"}),
        ("A=o'brien@example.com B=", {"A": "o'brien@example.com", "B": ""}),
        ("A=x=y", {"A": "x=y"}),
        (["A=1", "B=2"], {"A": "1", "B": "2"}),
        ({"A": 1}, {"A": "1"}),
    ],
)
def test_overrides_are_read_as_sam_reads_them(written: str, read: dict[str, str]) -> None:
    assert samconfig.overrides(written) == read


@pytest.mark.parametrize("written", ["on", "A=1 on", "; rm -rf /", "--force"])
def test_what_is_no_override_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not NAME=VALUE"):
        samconfig.overrides(written)


def test_every_environment_of_samconfig_has_a_stack_of_its_own_and_legal_parameters() -> None:
    stacks = set()
    for name in ("dev", "staging", "prod"):
        environment = samconfig.read(ROOT / "samconfig.toml", name)
        stacks.add(environment.stack)
        assert list(parameters.faults(DECLARED, environment.parameters)) == []
    assert stacks == {"contactflow-dev", "contactflow-staging", "contactflow-prod"}


def test_region_and_profile_of_samconfig_count(tmp_path: Path) -> None:
    file = tmp_path / "samconfig.toml"
    file.write_text(
        'version = 0.1\n[dev.deploy.parameters]\nstack_name = "s"\nregion = "eu-west-1"\nprofile = "work"\n'
    )
    environment = samconfig.read(file, "dev")
    assert (environment.region, environment.profile, environment.parameters) == ("eu-west-1", "work", {})


def test_the_example_of_a_refusal_would_be_taken() -> None:
    given = {p: parameters.EXAMPLES[v] for v, p in parameters.VARIABLES.items() if v in parameters.EXAMPLES}
    assert list(parameters.missing(DECLARED, given)) == []
    assert list(parameters.faults(DECLARED, given)) == []


def test_every_variable_is_a_parameter() -> None:
    assert set(parameters.VARIABLES.values()) <= DECLARED.keys()
    assert set(parameters.required(DECLARED)) <= set(parameters.VARIABLES.values())


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OwnerAddress", "b@example", "is not as wanted: Address that receives"),
        ("OwnerAddress", "b@example.com AllowedOrigin=https://evil.example", "is not as wanted"),
        ("AllowedOrigin", "https://example.com/", "no slash at the end"),
        ("AllowedOrigin", "https://example.com\n", "is not as wanted"),
        ("SesSendRate", "fast", "is not a whole number"),
        ("SesSendRate", "0", "is not between 1 and 10000"),
        ("LogRetentionDays", "8", "is not one of 1, 3, 5"),
        ("CloudFront", "yes", "is not one of off, on"),
        ("Cloudfront", "on", "template.yaml has no parameter Cloudfront"),
    ],
)
def test_a_value_that_cloudformation_would_refuse_is_refused_before_the_build(
    name: str, value: str, said: str
) -> None:
    [fault] = parameters.faults(DECLARED, NEEDED | {name: value})
    assert said in fault


def test_a_refused_secret_is_not_repeated() -> None:
    [fault] = parameters.faults(DECLARED, {"WebhookSecret": "whsec_tooshort"})
    assert "tooshort" not in fault


@pytest.mark.parametrize(
    ("identity", "fits"),
    [
        ("", True),
        ("mail.example.com", True),
        ("example.com", True),
        ("a@mail.example.com", True),
        ("b@mail.example.com", False),
        ("ample.com", False),
        ("other.example", False),
    ],
)
def test_an_existing_identity_must_speak_for_the_sender(identity: str, fits: bool) -> None:  # noqa: FBT001 - a table
    assert (parameters.identity_fault("a@mail.example.com", identity) == "") is fits


def test_records_that_ses_has_seen_are_not_asked_for_again() -> None:
    outputs = {"DkimRecord1": "d", "SpfRecord": "s", "MailFromMxRecord": "m", "DmarcRecord": "dmarc"}
    dkim, mail_from = (
        {"DkimAttributes": {"Status": "SUCCESS"}},
        {"MailFromAttributes": {"MailFromDomainStatus": "SUCCESS"}},
    )
    assert dns.still_to_set(outputs, {}) == ["d", "s", "m"]
    assert dns.still_to_set(outputs, dkim) == ["s", "m"]
    assert dns.still_to_set(outputs, dkim | mail_from) == []
    assert dns.still_to_set({}, {}) == []
