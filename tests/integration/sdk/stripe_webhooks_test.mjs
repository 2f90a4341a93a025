// Stripe's official SDK verifies what the sandbox sends and reads what it keeps. The sandbox at
// CAMBIST_SANDBOX_STRIPE=host:port sends to a receiver of ours on CAMBIST_WEBHOOK_PORT.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import http from 'node:http';
import {after, afterEach, before, test} from 'node:test';

import Stripe from 'stripe';

const [host, port] = (process.env.CAMBIST_SANDBOX_STRIPE ?? '').split(':');
const receiverPort = Number(process.env.CAMBIST_WEBHOOK_PORT);
assert.ok(host && port && receiverPort, 'CAMBIST_SANDBOX_STRIPE and CAMBIST_WEBHOOK_PORT must be set');
const origin = `http://${host}:${port}`;
const secret = 'whsec_sdk';
const httpAgent = new http.Agent({keepAlive: true});
const stripe = new Stripe('sk_test_sdk', {host, port: Number(port), protocol: 'http', telemetry: false, httpAgent, maxNetworkRetries: 0});

// Every request, verified or refused by the SDK; refused ones are answered as a server should.
const received = [];
let refuseNext = 0;
const waiting = new Set();
const receiver = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    const entry = {path: request.url, header: request.headers['stripe-signature'], body};
    try {
      entry.event = stripe.webhooks.constructEvent(body, entry.header, secret);
    } catch (error) {
      assert.ok(error instanceof Stripe.errors.StripeSignatureVerificationError, String(error));
      entry.error = error;
    }
    const refuse = entry.event && refuseNext > 0;
    if (refuse) refuseNext -= 1;
    response.writeHead(entry.error ? 400 : refuse ? 503 : 200).end();
    entry.refused = refuse;
    received.push(entry);
    for (const wake of [...waiting]) wake();
  });
});
// Waits until `found` says something else than undefined about what has been received.
const until = async (found) => {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = found();
    if (value !== undefined) return value;
    assert.ok(Date.now() < end, `not received; there is: ${received.map((entry) => entry.event?.type ?? 'refused').join(', ')}`);
    await new Promise((resolve) => {
      const timer = setTimeout(done, 500);
      function done() {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      }
      waiting.add(done);
    });
  }
};
const eventOf = (type, id) => until(() => received.find((entry) => entry.event?.type === type && !entry.refused &&
  (entry.event.data.object.id === id || entry.event.data.object.payment_intent === id))?.event);

const sandbox = async (method, path, body) => {
  const answer = await fetch(origin + path, {method, body: body && JSON.stringify(body)});
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
};
const faults = (...rules) => sandbox('PUT', '/sandbox/faults', {rules: rules.map((rule) => ({provider: 'stripe', operation: 'webhook', ...rule}))});
const pay = (more = {}) => stripe.paymentIntents.create({
  amount: 1000, currency: 'usd', payment_method_types: ['card'], confirm: true, payment_method: 'pm_card_visa', ...more,
});

before(async () => {
  receiver.listen(receiverPort, '127.0.0.1');
  await once(receiver, 'listening');
});
afterEach(() => faults());
after(() => {
  httpAgent.destroy();
  receiver.close();
  receiver.closeAllConnections();
});

test('the SDK verifies every webhook of a payment and a refund', async () => {
  const intent = await pay();
  const succeeded = await eventOf('payment_intent.succeeded', intent.id);
  assert.equal(succeeded.object, 'event');
  assert.equal(succeeded.livemode, false);
  assert.equal(succeeded.data.object.amount_received, 1000);
  assert.match(succeeded.request.id, /^req_/);
  const charge = await eventOf('charge.succeeded', intent.latest_charge);
  assert.equal(charge.data.object.captured, true);
  await eventOf('payment_intent.created', intent.id);
  const refund = await stripe.refunds.create({payment_intent: intent.id, amount: 400});
  assert.equal((await eventOf('refund.created', refund.id)).data.object.amount, 400);
  assert.equal((await eventOf('charge.refunded', intent.latest_charge)).data.object.amount_refunded, 400);
  assert.ok(received.every((entry) => entry.path === '/hooks/stripe' && !entry.error));
});

test('a decline is told', async () => {
  const params = {payment_method: 'pm_card_chargeDeclined'};
  const error = await pay(params).then(() => assert.fail('declined'), (why) => why);
  const failed = await eventOf('payment_intent.payment_failed', error.payment_intent.id);
  assert.equal(failed.data.object.last_payment_error.decline_code, 'generic_decline');
});

test('the SDK lists and retrieves the events that were sent', async () => {
  const intent = await pay();
  const sent = await eventOf('payment_intent.succeeded', intent.id);
  assert.deepEqual({...(await stripe.events.retrieve(sent.id))}, {...sent});
  const seen = [];
  for await (const event of stripe.events.list({type: 'payment_intent.succeeded', limit: 1, created: {gte: sent.created}})) seen.push(event.id);
  assert.ok(seen.includes(sent.id));
  await assert.rejects(stripe.events.retrieve('evt_x'), {statusCode: 404, code: 'resource_missing'});
});

test('what is not answered 2xx is sent again, with another signature and the same body', async () => {
  refuseNext = 1;
  const intent = await stripe.paymentIntents.create({amount: 1000, currency: 'usd', payment_method_types: ['card']});
  await eventOf('payment_intent.created', intent.id);
  const attempts = received.filter((entry) => entry.event?.data.object.id === intent.id);
  assert.equal(attempts.length, 2);
  assert.ok(attempts[0].body.equals(attempts[1].body));
  assert.notEqual(attempts[0].header, attempts[1].header);
});

test('a forgery fails verification, and the truth comes besides it', async () => {
  await faults({fault: 'forge'});
  const before = received.length;
  const intents = [];
  for (let i = 0; i < 8; i += 1) intents.push(await pay());
  for (const intent of intents) await eventOf('payment_intent.succeeded', intent.id);
  // Each event came once rightly and once wrongly.
  await until(() => (received.slice(before).filter((entry) => entry.error).length === 24 ? true : undefined));
  const {forged} = await sandbox('GET', '/sandbox/webhooks');
  assert.equal(forged.accepted, 0);
  const ids = received.filter((entry) => entry.error).map((entry) => JSON.parse(entry.body).id);
  assert.ok(ids.some((id) => id.startsWith('evt_forged')) && ids.some((id) => !id.startsWith('evt_forged')));
});

test('a duplicate is the same event again; a dropped one comes when it is asked for', async () => {
  await faults({fault: 'duplicate', count: 1});
  const twice = await stripe.paymentIntents.create({amount: 1000, currency: 'usd', payment_method_types: ['card']});
  const copies = () => received.filter((entry) => entry.event?.data.object.id === twice.id);
  await until(() => (copies().length >= 2 ? true : undefined));
  assert.equal(new Set(copies().map((entry) => entry.event.id)).size, 1);

  await faults({fault: 'drop', count: 1});
  const lost = await stripe.paymentIntents.create({amount: 1000, currency: 'usd', payment_method_types: ['card']});
  const {deliveries} = await sandbox('GET', '/sandbox/webhooks');
  const dropped = deliveries.find((delivery) => delivery.status === 'dropped');
  assert.ok(!received.some((entry) => entry.event?.data.object.id === lost.id));
  await sandbox('POST', '/sandbox/webhooks/resend', {event: dropped.event});
  assert.equal((await eventOf('payment_intent.created', lost.id)).id, dropped.event);
});

test('the SDK reads, answers and wins a dispute', async () => {
  const intent = await pay({payment_method: 'pm_card_createDispute'});
  const created = await eventOf('charge.dispute.created', intent.id);
  const listed = await stripe.disputes.list({payment_intent: intent.id});
  assert.equal(listed.data.length, 1);
  const [dispute] = listed.data;
  assert.equal(dispute.id, created.data.object.id);
  assert.equal(dispute.status, 'needs_response');
  await assert.rejects(stripe.refunds.create({payment_intent: intent.id}), {code: 'charge_disputed'});
  const staged = await stripe.disputes.update(dispute.id, {evidence: {product_description: 'two chairs'}, submit: false});
  assert.equal(staged.status, 'needs_response');
  const won = await stripe.disputes.update(dispute.id, {evidence: {uncategorized_text: 'winning_evidence'}});
  assert.equal(won.status, 'won');
  assert.equal((await eventOf('charge.dispute.closed', intent.id)).data.object.status, 'won');
  await eventOf('charge.dispute.funds_reinstated', intent.id);
});

test('the SDK accepts a dispute', async () => {
  const intent = await pay();
  const opened = await sandbox('POST', '/sandbox/disputes', {provider: 'stripe', object: intent.id, reason: 'product_not_received'});
  assert.equal((await stripe.disputes.retrieve(opened.id)).reason, 'product_not_received');
  assert.equal((await stripe.disputes.close(opened.id)).status, 'lost');
  assert.equal((await eventOf('charge.dispute.closed', intent.id)).data.object.status, 'lost');
});
