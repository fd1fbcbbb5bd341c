from pathlib import Path

import pytest

from loadtest.watch import drained, seconds_to_delivered, watching
from ops.deployment import Deployment
from tests.flow.stack import PATIENCE, LocalStack

pytestmark = pytest.mark.xdist_group("stack")


def test_a_load_is_watched_until_it_has_drained_and_its_books_are_proved(
    stack: LocalStack, tmp_path: Path
) -> None:
    [described] = stack.client("cloudformation").describe_stacks()["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    deployment = Deployment(outputs, stack.aws, stack.mailbox)
    with watching(deployment) as depths:
        sent = [stack.accepted() for _ in range(5)]
    ids = tmp_path / "accepted.txt"
    ids.write_text("\n".join(sent))

    report = drained(deployment, ids, depths, PATIENCE)

    assert report.columns["in transit"] == 0
    assert not {problem.message_id for problem in report.problems} & set(sent)
    assert {stack.status(message_id) for message_id in sent} == {"delivered"}
    assert len(seconds_to_delivered(deployment)) >= len(sent)
    assert {points[-1][1] for points in depths.points.values()} == {0}
