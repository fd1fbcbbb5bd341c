// What Artillery calls around each post: https://www.artillery.io/docs/reference/engines/http#function-signatures
'use strict';

const { randomUUID } = require('node:crypto');
const { openSync, writeSync } = require('node:fs');
const { join } = require('node:path');
const { threadId } = require('node:worker_threads');

// One file for each of Artillery's workers, so that no line is torn.
const samples = openSync(join(process.env.LOADTEST_SAMPLES, `${process.pid}-${threadId}.ndjson`), 'a');

const PERSON = {
  email: 'ann@example.com',
  name: 'Ann Example',
  subject: 'Do you ship to Norway?',
  message: 'Hello, I would like two of the blue ones. Do you ship to Norway, and how long does it take? Ann',
};

// Row of visitors.csv, or the one person of `quick`. A bot fills the field that people do not see.
function submission(request, context, _events, next) {
  const { kind = 'valid', email, name, subject, message } = context.vars;
  const text = email === undefined ? PERSON : { email, name, subject, message };
  request.json = { ...text, submissionId: randomUUID(), fillMilliseconds: 8000 };
  if (kind === 'bot') request.json.website = 'https://cheap.example';
  context.vars.sentKind = kind;
  return next();
}

function record(_request, response, context, _events, next) {
  const accepted = response.statusCode === 202 ? JSON.parse(response.body).messageId : null;
  const line = {
    at: Date.now(),
    status: response.statusCode,
    ms: response.timings.phases.firstByte,
    kind: context.vars.sentKind,
    id: accepted,
  };
  writeSync(samples, `${JSON.stringify(line)}\n`);
  return next();
}

module.exports = { submission, record };
