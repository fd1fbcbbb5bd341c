import pytest

from ops.local.ses.behaviour import Behaviour, UnknownMailError
from ops.local.ses.events import VALIDATION
from ops.local.ses.faults import FaultKind
from ops.local.ses.outcomes import Outcome
from ops.local.ses.send_email import RefusedError
from ops.local.ses.store import MailStore
from ops.local.ses.suppression import Reason
from tests.fakes.ses_world import TOPIC, Destination, World, request


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def store() -> MailStore:
    return MailStore()


@pytest.fixture
def ses(world: World, store: MailStore) -> Behaviour:
    return world.behaviour(store)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("owner@example.org", ["Send", "Delivery"]),
        ("success@simulator.amazonses.com", ["Send", "Delivery"]),
        ("bounce@simulator.amazonses.com", ["Send", "Bounce Permanent/General"]),
        ("Bounce+label1@Simulator.amazonses.com", ["Send", "Bounce Permanent/General"]),
        ("ooto@simulator.amazonses.com", ["Send", "Delivery", "Bounce Transient/General"]),
        ("Ann <complaint+x@simulator.amazonses.com>", ["Send", "Delivery", "Complaint"]),
        ("suppressionlist@simulator.amazonses.com", ["Send", "Bounce Permanent/Suppressed"]),
    ],
)
def test_an_address_decides_what_is_told(world: World, ses: Behaviour, address: str, told: list[str]) -> None:
    ses.send(request(address))
    world.run()
    assert world.told() == told


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome.DELIVERY, ["Send", "Delivery"]),
        (Outcome.BOUNCE, ["Send", "Bounce Permanent/General"]),
        (Outcome.NO_EMAIL, ["Send", "Bounce Permanent/NoEmail"]),
        (Outcome.SOFT_BOUNCE, ["Send", "Bounce Transient/MailboxFull"]),
        (Outcome.COMPLAINT, ["Send", "Delivery", "Complaint"]),
        (Outcome.SUPPRESSION, ["Send", "Bounce Permanent/OnAccountSuppressionList"]),
        (Outcome.DELAY, ["Send", "DeliveryDelay", "Delivery"]),
        (Outcome.REJECT, ["Send", "Reject"]),
        (Outcome.RENDERING_FAILURE, ["Rendering Failure"]),
    ],
)
def test_a_script_decides_for_the_next_mail_only(
    world: World, ses: Behaviour, outcome: Outcome, told: list[str]
) -> None:
    ses.script.add(outcome)
    ses.send(request())
    world.run()
    assert world.told() == told
    world.published.clear()
    ses.send(request("another@example.org"))
    world.run()
    assert world.told() == ["Send", "Delivery"]


def test_scripts_wait_in_line_and_can_be_cleared(world: World, ses: Behaviour) -> None:
    ses.script.add(Outcome.SOFT_BOUNCE, mails=2)
    ses.script.add(Outcome.REJECT)
    assert ses.script.pending() == {Outcome.SOFT_BOUNCE: 2, Outcome.REJECT: 1}
    ses.send(request())
    assert ses.script.pending() == {Outcome.SOFT_BOUNCE: 1, Outcome.REJECT: 1}
    ses.script.clear()
    ses.send(request())
    world.run()
    assert sorted(world.told()) == ["Bounce Transient/MailboxFull", "Delivery", "Send", "Send"]


def test_bounces_of_one_call_are_told_in_one_event(world: World, ses: Behaviour) -> None:
    ses.send(request("bounce+1@simulator.amazonses.com", "bounce+2@simulator.amazonses.com", "a@example.org"))
    world.run()
    assert sorted(world.told()) == ["Bounce Permanent/General", "Delivery", "Send"]
    [bounce] = [event["bounce"] for event in world.events() if "bounce" in event]
    assert [recipient["emailAddress"] for recipient in bounce["bouncedRecipients"]] == [
        "bounce+1@simulator.amazonses.com",
        "bounce+2@simulator.amazonses.com",
    ]


def test_a_stored_mail_meets_a_chosen_outcome_at_once(world: World, ses: Behaviour, store: MailStore) -> None:
    mail_id = ses.send(request())
    world.run()
    ses.settle(mail_id, Outcome.COMPLAINT)
    world.run()
    assert world.told() == ["Send", "Delivery", "Complaint"]
    assert [event.kind for event in store.events(mail_id)] == ["Send", "Delivery", "Complaint"]
    ses.settle(mail_id, Outcome.DELIVERY)
    world.run()
    assert world.told()[-1] == "Delivery"
    with pytest.raises(UnknownMailError):
        ses.settle("never-sent", Outcome.BOUNCE)


def test_each_destination_is_greeted_once_before_its_first_event(world: World, ses: Behaviour) -> None:
    other = Destination(topic_arn=f"{TOPIC}-2")
    world.destinations.append(other)
    ses.send(request())
    ses.send(request())
    world.run()
    greetings = [topic for topic, message in world.published if message == VALIDATION]
    assert greetings == [TOPIC, other.topic_arn]
    assert world.published[0] == (TOPIC, VALIDATION)


def test_a_destination_gets_the_types_it_asked_for_while_it_is_enabled(
    world: World, ses: Behaviour, store: MailStore
) -> None:
    world.destinations[:] = [
        Destination(matching_event_types=frozenset({"BOUNCE"})),
        Destination(enabled=False),
    ]
    mail_id = ses.send(request("bounce@simulator.amazonses.com"))
    world.run()
    assert world.told() == ["Bounce Permanent/General"]
    assert [event.topics for event in store.events(mail_id)] == [(), (TOPIC,)]


def test_a_mail_without_configuration_set_is_told_to_nobody(
    world: World, ses: Behaviour, store: MailStore
) -> None:
    mail_id = ses.send(request(ConfigurationSetName=None))
    world.run()
    assert world.published == []
    assert [event.kind for event in store.events(mail_id)] == ["Send", "Delivery"]


@pytest.mark.parametrize(
    ("outcome", "reason", "then"),
    [
        (Outcome.BOUNCE, Reason.BOUNCE, "Bounce Permanent/OnAccountSuppressionList"),
        (Outcome.COMPLAINT, Reason.COMPLAINT, "Complaint OnAccountSuppressionList"),
    ],
)
def test_whoever_bounces_or_complains_is_suppressed_until_taken_off(
    world: World, ses: Behaviour, outcome: Outcome, reason: Reason, then: str
) -> None:
    ses.script.add(outcome)
    mail_id = ses.send(request("Owner@Example.org"))
    world.run()
    [entry] = ses.suppression.entries()
    assert (entry.reason, entry.mail_id) == (reason, mail_id)
    ses.send(request("owner@example.org"))
    world.run()
    assert world.told()[-2:] == ["Send", then]
    assert ses.suppression.remove("owner@example.ORG")
    ses.send(request("owner@example.org"))
    world.run()
    assert world.told()[-2:] == ["Send", "Delivery"]


@pytest.mark.parametrize("outcome", [Outcome.SOFT_BOUNCE, Outcome.SUPPRESSION, Outcome.REJECT, Outcome.DELAY])
def test_nothing_softer_than_a_hard_bounce_suppresses(world: World, ses: Behaviour, outcome: Outcome) -> None:
    ses.script.add(outcome)
    ses.send(request())
    world.run()
    assert ses.suppression.entries() == []


def test_the_simulator_is_never_suppressed(world: World, ses: Behaviour) -> None:
    ses.send(request("bounce@simulator.amazonses.com"))
    ses.send(request("complaint@simulator.amazonses.com"))
    world.run()
    assert ses.suppression.entries() == []


def test_a_configuration_set_chooses_the_reasons_to_suppress(store: MailStore) -> None:
    world = World(suppressed_reasons=frozenset({Reason.COMPLAINT}))
    ses = world.behaviour(store)
    ses.script.add(Outcome.BOUNCE)
    ses.send(request())
    world.run()
    assert ses.suppression.entries() == []


def test_throttling_lasts_for_its_calls(ses: Behaviour, store: MailStore) -> None:
    ses.faults.begin(FaultKind.THROTTLE, calls=2)
    for _ in range(2):
        with pytest.raises(RefusedError, match="Maximum sending rate exceeded") as refused:
            ses.send(request())
        assert (refused.value.status, refused.value.code) == (429, "TooManyRequestsException")
    ses.send(request())
    assert store.accepted == 1


def test_an_outage_lasts_for_its_time_or_until_it_is_cleared(world: World, ses: Behaviour) -> None:
    ses.faults.begin(FaultKind.OUTAGE, seconds=60)
    with pytest.raises(RefusedError) as refused:
        ses.send(request())
    assert refused.value.status == 503
    world.now += 60
    ses.send(request())
    ses.faults.begin(FaultKind.OUTAGE)
    world.now += 86_400
    with pytest.raises(RefusedError):
        ses.send(request())
    ses.faults.clear()
    ses.send(request())
    assert ses.faults.current() is None


def test_a_lost_answer_is_left_to_the_endpoint(ses: Behaviour, store: MailStore) -> None:
    ses.faults.begin(FaultKind.LOST_REPLY, calls=1)
    ses.send(request())
    assert store.accepted == 1
    assert ses.faults.take(FaultKind.TIMEOUT) is None
    fault = ses.faults.take(FaultKind.TIMEOUT, FaultKind.LOST_REPLY)
    assert fault is not None
    assert fault.kind is FaultKind.LOST_REPLY
    assert ses.faults.take(FaultKind.TIMEOUT, FaultKind.LOST_REPLY) is None


def test_the_send_rate_counts_recipients(world: World, store: MailStore) -> None:
    ses = world.behaviour(store, send_rate=2)
    ses.send(request("a@example.org", "b@example.org"))
    with pytest.raises(RefusedError, match="Maximum sending rate exceeded"):
        ses.send(request())
    world.now += 0.5
    ses.send(request())
    assert store.accepted == 2


def test_the_oldest_mail_goes_when_the_store_is_full(world: World) -> None:
    store = MailStore(capacity=2)
    ses = world.behaviour(store)
    first, second, third = (ses.send(request()) for _ in range(3))
    world.run()
    assert [mail.id for mail in store.mails()] == [second, third]
    assert store.get(first) is None
    assert store.events(first) == []
    assert store.forget({second, "unknown"}) == 1
