"""A month's bill, item by item. Where a number is a guess it is high, and it says so."""

from collections.abc import Iterator
from dataclasses import dataclass

from ops.cost.counted import Counted
from ops.cost.prices import PRICES

_HOURS = 730
_MINUTES = _HOURS * 60
#: Per delivered message: the put, the claim, the outcome, SES's Send and Delivery. docs/decisions.md, "One item".
RECORD_WRITES = 5
_EVENTS = 2
#: A record with its message and events is 1 to 2 KB, so a write is two units; and each write but the first moves the
#: index's entry, which is a delete and a put: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
_UNITS_PER_WRITE = 2
_INDEX_UNITS = 1 + 2 * (RECORD_WRITES - 1)
#: One counter per address, one for the owner.
_CAP_UNITS = 2
#: SQS is asked to take, give and delete it: once for the submission, once for each event.
_QUEUE_REQUESTS = 3 * (1 + _EVENTS)
#: StartDelivery, SendEmail, and ProcessFeedback once an event.
_INVOCATIONS = 2 + _EVENTS
#: Guess: 1 s at 256 MB each, which a cold start with its billed INIT phase seldom passes.
_GB_SECONDS = 0.25
#: Guess: log lines and metric blobs of all functions for one message, and API Gateway's line for one request.
_LOG_BYTES_PER_MESSAGE = 10_000
_LOG_BYTES_PER_REQUEST = 600
#: Guess: what leaves AWS per request: an answer with its headers.
_ANSWER_BYTES = 1_000
#: Lambda keeps five long polls of 20 s open on a queue whose source limits its concurrency:
#: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
_POLLS = 5 * 3 * _MINUTES
#: Every five minutes one query for each status that may be stuck.
_SWEEPS = _MINUTES // 5
_SWEEP_QUERIES = 5
#: Guess: one message in twenty needs a person, and so is an alert.
_ALERTS_PER_MESSAGE = 0.05
#: Guess: the share of a month's hours in which a counter of the unusual moves.
_RARE_HOURS = 0.1
#: DynamoDB asks KMS at most every five minutes for each caller: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html
_KEY_WINDOWS = _MINUTES // 5
_BYTES_PER_RECORD = 3_000
_GB = 1e9


@dataclass(frozen=True)
class Load:
    """A month: messages that are delivered, and all requests to the API (posts, preflights, status reads)."""

    messages: int
    requests: int
    waf: bool = False
    customer_key: bool = False
    acknowledgements: bool = False
    cloudfront: bool = False
    webhook: bool = False


@dataclass(frozen=True)
class Item:
    """`fixed`: costs the same in a month without any message."""

    what: str
    price: str
    quantity: float
    fixed: bool = False


@dataclass(frozen=True)
class Line:
    """An item with its price: US dollars a month, with the always-free tier and without."""

    item: Item
    with_free: float
    without_free: float


def bill(load: Load, counted: Counted) -> list[Line]:
    """A free tier is used up by the items in the order in which they stand here."""
    left = {name: price.free for name, price in PRICES.items()}
    lines = []
    for item in _items(load, counted):
        usd = PRICES[item.price].usd
        free = min(left[item.price], item.quantity)
        left[item.price] -= free
        lines.append(Line(item, (item.quantity - free) * usd, item.quantity * usd))
    return lines


def _items(load: Load, counted: Counted) -> Iterator[Item]:
    yield from _fixed(counted)
    yield from _messages(load, counted)
    yield from _traffic(load, counted)
    if load.waf:
        yield Item("WAF: web ACL", "waf_acl", 1, fixed=True)
        yield Item("WAF: one rate rule", "waf_rule", 1, fixed=True)
        yield Item("WAF: requests", "waf_request", load.requests)
    if load.customer_key:
        yield Item("KMS: a key of your own", "kms_key", 1, fixed=True)
        # Queues reuse a data key for five minutes, each for its sender and its reader.
        yield Item("KMS: requests of the queues", "kms_request", counted.queues * 2 * _KEY_WINDOWS)
    if load.webhook:
        yield from _webhook(load, counted)
    if load.cloudfront:
        # As if every request to the API came with the whole page, from no cache.
        yield Item("CloudFront: requests", "cloudfront_request", load.requests * counted.site_files)
        yield Item("CloudFront: transfer", "cloudfront_gb", load.requests * counted.site_bytes / _GB)


def _fixed(counted: Counted) -> Iterator[Item]:
    yield Item("CloudWatch: alarms", "alarm_metric", counted.alarm_metrics, fixed=True)
    yield Item("CloudWatch: dashboard", "dashboard", counted.dashboards, fixed=True)
    yield Item("SQS: Lambda's idle polling", "sqs_request", counted.event_sources * _POLLS, fixed=True)
    yield Item("Lambda: sweep", "lambda_request", _SWEEPS, fixed=True)
    yield Item("Lambda: sweep, duration", "lambda_gb_second", _SWEEPS * _GB_SECONDS, fixed=True)
    yield Item("DynamoDB: sweep", "read_unit", _SWEEPS * _SWEEP_QUERIES, fixed=True)
    yield Item("CloudWatch: log of the sweep", "logs", _SWEEPS * _LOG_BYTES_PER_REQUEST / _GB, fixed=True)
    yield Item("KMS: DynamoDB's key, sweep", "kms_request", _KEY_WINDOWS, fixed=True)
    yield Item("S3: the page", "s3_storage", counted.site_bytes / _GB, fixed=True)


def _messages(load: Load, counted: Counted) -> Iterator[Item]:
    messages, mails = load.messages, load.messages * (2 if load.acknowledgements else 1)
    extra = mails - messages  # an acknowledgement: a function, a mail, its events, a marker
    entered = counted.transitions_acknowledged if load.acknowledgements else counted.transitions
    invocations = _INVOCATIONS * messages + (1 + _EVENTS) * extra
    write_units = messages * (RECORD_WRITES * _UNITS_PER_WRITE + _INDEX_UNITS + _CAP_UNITS) + extra
    storage = messages * _BYTES_PER_RECORD / _GB
    yield Item("SES: mails", "mail", mails)
    yield Item("Step Functions: transitions", "transition", messages * entered)
    yield Item("SQS: messages and events", "sqs_request", _QUEUE_REQUESTS * messages + 3 * _EVENTS * extra)
    yield Item("SNS: events", "sns_publish", mails * _EVENTS)
    yield Item("Lambda: invocations", "lambda_request", invocations)
    yield Item("Lambda: duration", "lambda_gb_second", invocations * _GB_SECONDS)
    yield Item("DynamoDB: writes", "write_unit", write_units)
    yield Item("DynamoDB: storage", "table_storage", storage)
    yield Item("DynamoDB: point-in-time recovery", "table_backup", storage)
    yield Item("KMS: DynamoDB's key", "kms_request", counted.functions * min(messages * 2, _KEY_WINDOWS))
    yield Item("CloudWatch: function logs", "logs", messages * _LOG_BYTES_PER_MESSAGE / _GB)


def _webhook(load: Load, counted: Counted) -> Iterator[Item]:
    """As if each alert were taken at the second try."""
    tries = 2 * load.messages * _ALERTS_PER_MESSAGE
    yield Item(
        "SQS: Lambda's idle polling, webhook", "sqs_request", counted.webhook_sources * _POLLS, fixed=True
    )
    yield Item("SQS: alerts to the webhook", "sqs_request", 3 * tries)
    yield Item("Lambda: webhook", "lambda_request", tries)
    yield Item("Lambda: webhook, duration", "lambda_gb_second", tries * _GB_SECONDS)
    yield Item("CloudWatch: counters of the webhook", "metric", _RARE_HOURS * counted.webhook_counters)


def _traffic(load: Load, counted: Counted) -> Iterator[Item]:
    # A metric is charged for the hours in which it is sent.
    busy = min(load.messages, _HOURS) / _HOURS
    asked = min(load.requests, _HOURS) / _HOURS
    yield Item("API Gateway: requests", "api_request", load.requests)
    yield Item("API Gateway: transfer", "transfer_out", load.requests * _ANSWER_BYTES / _GB)
    yield Item("DynamoDB: status reads", "read_unit", max(0, load.requests - 2 * load.messages))
    yield Item("CloudWatch: access log", "logs", load.requests * _LOG_BYTES_PER_REQUEST / _GB)
    yield Item(
        "CloudWatch: counters", "metric", busy * (counted.counters + _RARE_HOURS * counted.rare_counters)
    )
    yield Item("CloudWatch: API Gateway's metrics of each method", "metric", asked * counted.method_metrics)
