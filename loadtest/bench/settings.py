"""What every function finds in its environment, for a bench without a stack."""

from tests.fakes import ses_events

SETTINGS = {
    "MESSAGES_TABLE": "messages",
    "DELIVERY_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:delivery",
    "REVIEW_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/review",
    "RETENTION_DAYS": "30",
    "SES_SEND_RATE": "14",
    "STARTER_CONCURRENCY": "2",
    "ACKNOWLEDGEMENT": "off",
    "OUTCOME_DEADLINE_SECONDS": "900",
    "REQUIRE_PROOF_OF_WORK": "false",
    "MINIMUM_FILL_MILLISECONDS": "0",
    "ALLOWED_ORIGIN": "https://contactflow.example",
    "FORMS": "",
    "CONTENT_SCORE_LIMIT": "0",
    "ADDRESS_DAILY_CAP": "0",
    "RECIPIENT_DAILY_CAP": "0",
    "OWNER_ADDRESS": "owner@contactflow.example",
    "SENDER_ADDRESS": "noreply@contactflow.example",
    "CONFIGURATION_SET": ses_events.CONFIGURATION_SET,
    "ACKNOWLEDGEMENT_CONFIGURATION_SET": "contactflow-ack",
    "SENDING_ACCOUNT_ID": ses_events.ACCOUNT,
    "ALERT_TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:alerts",
    "POWERTOOLS_SERVICE_NAME": "contactflow",
    "POWERTOOLS_METRICS_NAMESPACE": "ContactFlow",
}
