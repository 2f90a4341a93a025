// Stripe's official SDK, unmodified, against the sandbox at CAMBIST_SANDBOX_STRIPE=host:port.
// Each test pays with an intent of its own; faults are switched off after each test.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import http from 'node:http';
import {after, afterEach, test} from 'node:test';

import Stripe from 'stripe';

const [host, port] = (process.env.CAMBIST_SANDBOX_STRIPE ?? '').split(':');
assert.ok(host && port, 'CAMBIST_SANDBOX_STRIPE must be host:port');
const origin = `http://${host}:${port}`;
// The SDK leaves the body of an answer that it retries unread, so its connections are closed by hand at the end.
const httpAgent = new http.Agent({keepAlive: true});
const options = {host, port: Number(port), protocol: 'http', telemetry: false, httpAgent};
const stripe = new Stripe('sk_test_sdk', {...options, maxNetworkRetries: 0});
const retrying = new Stripe('sk_test_sdk', {...options, maxNetworkRetries: 2});

const sandbox = async (method, path, body) => {
  const answer = await fetch(origin + path, {method, body: body && JSON.stringify(body), redirect: 'manual'});
  return {status: answer.status, location: answer.headers.get('location'), text: await answer.text()};
};
const faults = async (...rules) => {
  const answer = await sandbox('PUT', '/sandbox/faults', {rules});
  assert.equal(answer.status, 200, answer.text);
};
const effects = async (payment) => {
  const answer = await sandbox('GET', `/sandbox/ledger?payment=${payment}`);
  return JSON.parse(answer.text).effects.map((effect) => `${effect.kind} ${effect.amount.value}`);
};
// What a payment of our own looks like; `payment` finds its effects.
const order = (more = {}) => {
  const payment = `pay_${randomUUID()}`;
  return [payment, {
    amount: 1000, currency: 'usd', payment_method_types: ['card'], metadata: {payment_id: payment}, ...more,
  }];
};
const hold = async (more = {}) => {
  const [payment, params] = order({capture_method: 'manual', confirm: true, payment_method: 'pm_card_visa', ...more});
  return [payment, await stripe.paymentIntents.create(params)];
};

afterEach(() => faults());
after(() => httpAgent.destroy());

test('create, then confirm, charges once', async () => {
  const [payment, params] = order({description: 'two chairs & a table', capture_method: 'automatic'});
  const intent = await stripe.paymentIntents.create(params);
  assert.equal(intent.status, 'requires_payment_method');
  assert.equal(intent.description, 'two chairs & a table');
  assert.match(intent.lastResponse.requestId, /^req_/);
  assert.deepEqual(await effects(payment), []);
  const paid = await stripe.paymentIntents.confirm(intent.id, {payment_method: 'pm_card_visa'});
  assert.equal(paid.status, 'succeeded');
  assert.equal(paid.amount_received, 1000);
  assert.deepEqual(await effects(payment), ['charge 10.00']);
});

test('authorize and capture in full', async () => {
  const [payment, intent] = await hold();
  assert.equal(intent.status, 'requires_capture');
  assert.equal(intent.amount_capturable, 1000);
  const captured = await stripe.paymentIntents.capture(intent.id);
  assert.equal(captured.status, 'succeeded');
  assert.deepEqual(await effects(payment), ['authorize 10.00', 'capture 10.00']);
});

test('capture a part, which releases the rest', async () => {
  const [payment, intent] = await hold();
  const captured = await stripe.paymentIntents.capture(intent.id, {amount_to_capture: 400});
  assert.equal(captured.status, 'succeeded');
  assert.equal(captured.amount_received, 400);
  assert.equal(captured.amount_capturable, 0);
  await assert.rejects(stripe.paymentIntents.capture(intent.id, {amount_to_capture: 100}), (error) => {
    assert.ok(error instanceof Stripe.errors.StripeInvalidRequestError);
    assert.equal(error.code, 'payment_intent_unexpected_state');
    assert.equal(error.payment_intent.id, intent.id);
    return true;
  });
  assert.deepEqual(await effects(payment), ['authorize 10.00', 'capture 4.00']);
});

test('several captures where they were asked for', async () => {
  const [payment, intent] = await hold({payment_method_options: {card: {request_multicapture: 'if_available'}}});
  const first = await stripe.paymentIntents.capture(intent.id, {amount_to_capture: 300, final_capture: false});
  assert.equal(first.status, 'requires_capture');
  assert.equal(first.amount_capturable, 700);
  const last = await stripe.paymentIntents.capture(intent.id, {amount_to_capture: 700, final_capture: true});
  assert.equal(last.status, 'succeeded');
  assert.equal(last.amount_received, 1000);
  assert.deepEqual(await effects(payment), ['authorize 10.00', 'capture 3.00', 'capture 7.00']);
});

test('cancel gives the hold back', async () => {
  const [payment, intent] = await hold();
  const canceled = await stripe.paymentIntents.cancel(intent.id, {cancellation_reason: 'requested_by_customer'});
  assert.equal(canceled.status, 'canceled');
  assert.equal(canceled.cancellation_reason, 'requested_by_customer');
  await assert.rejects(stripe.paymentIntents.capture(intent.id), {code: 'payment_intent_unexpected_state'});
  assert.deepEqual(await effects(payment), ['authorize 10.00', 'void 10.00']);
});

test('refund a part, then the rest, then nothing is left', async () => {
  const [payment, params] = order({confirm: true, payment_method: 'pm_card_visa'});
  const intent = await stripe.paymentIntents.create(params);
  const part = await stripe.refunds.create({payment_intent: intent.id, amount: 250, reason: 'duplicate'});
  assert.equal(part.status, 'succeeded');
  assert.equal(part.amount, 250);
  const rest = await stripe.refunds.create({charge: intent.latest_charge});
  assert.equal(rest.amount, 750);
  await assert.rejects(stripe.refunds.create({payment_intent: intent.id}), {code: 'charge_already_refunded'});
  const listed = await stripe.refunds.list({payment_intent: intent.id});
  assert.deepEqual(listed.data.map((refund) => refund.id), [rest.id, part.id]);
  assert.equal((await stripe.refunds.retrieve(part.id)).amount, 250);
  assert.deepEqual(await effects(payment), ['charge 10.00', 'refund 2.50', 'refund 7.50']);
});

test('a repeated key replays the first answer', async () => {
  const [payment, params] = order({confirm: true, payment_method: 'pm_card_visa'});
  const idempotencyKey = randomUUID();
  const first = await stripe.paymentIntents.create(params, {idempotencyKey});
  const again = await stripe.paymentIntents.create(params, {idempotencyKey});
  assert.equal(again.id, first.id);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
  assert.equal(again.lastResponse.headers['original-request'], first.lastResponse.requestId);
  assert.deepEqual(await effects(payment), ['charge 10.00']);
});

test('a key with other parameters is an idempotency error', async () => {
  const [payment, params] = order({confirm: true, payment_method: 'pm_card_visa'});
  const idempotencyKey = randomUUID();
  await stripe.paymentIntents.create(params, {idempotencyKey});
  await assert.rejects(stripe.paymentIntents.create({...params, amount: 2000}, {idempotencyKey}), (error) => {
    assert.ok(error instanceof Stripe.errors.StripeIdempotencyError, error.constructor.name);
    assert.equal(error.statusCode, 400);
    return true;
  });
  assert.deepEqual(await effects(payment), ['charge 10.00']);
});

for (const [method, code, decline] of [
  ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
  ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
  ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
  ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined],
  ['pm_card_chargeDeclinedProcessingError', 'processing_error', undefined],
  ['pm_card_radarBlock', 'card_declined', 'fraudulent'],
]) {
  test(`${method} is a card error with the intent`, async () => {
    const [payment, params] = order({confirm: true, payment_method: method});
    const refused = await stripe.paymentIntents.create(params).then(() => assert.fail('it was paid'), (error) => error);
    assert.ok(refused instanceof Stripe.errors.StripeCardError, refused.constructor.name);
    assert.equal(refused.statusCode, 402);
    assert.equal(refused.code, code);
    assert.equal(refused.decline_code || undefined, decline); // the SDK writes an absent one as ''
    assert.match(refused.charge, /^ch_/);
    const intent = await stripe.paymentIntents.retrieve(refused.payment_intent.id);
    assert.equal(intent.status, 'requires_payment_method');
    assert.equal(intent.last_payment_error.code, code);
    const paid = await stripe.paymentIntents.confirm(intent.id, {payment_method: 'pm_card_mastercard'});
    assert.equal(paid.status, 'succeeded');
    assert.deepEqual(await effects(payment), ['charge 10.00']);
  });
}

test('3-D Secure: the payer completes it and comes back', async () => {
  const [payment, params] = order({
    confirm: true, payment_method: 'pm_card_threeDSecureRequired', return_url: 'https://shop.example/back',
  });
  const intent = await stripe.paymentIntents.create(params);
  assert.equal(intent.status, 'requires_action');
  const {url, return_url: back} = intent.next_action.redirect_to_url;
  assert.equal(back, 'https://shop.example/back');
  assert.deepEqual(await effects(payment), []);
  const page = await fetch(url);
  assert.equal(page.status, 200);
  const [, complete] = /href="([^"]+\/complete)"/.exec(await page.text());
  const answer = await fetch(complete, {redirect: 'manual'});
  assert.equal(answer.status, 302);
  const target = new URL(answer.headers.get('location'));
  assert.equal(target.searchParams.get('payment_intent'), intent.id);
  assert.equal(target.searchParams.get('payment_intent_client_secret'), intent.client_secret);
  assert.equal(target.searchParams.get('redirect_status'), 'succeeded');
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'succeeded');
  assert.deepEqual(await effects(payment), ['charge 10.00']);
});

test('3-D Secure: the payer fails it', async () => {
  const [payment, params] = order({confirm: true, payment_method: 'pm_card_threeDSecureRequired'});
  const intent = await stripe.paymentIntents.create(params);
  assert.equal(intent.next_action.type, 'use_stripe_sdk');
  assert.equal((await sandbox('POST', `/sandbox/payer/stripe/${intent.id}/decline`)).status, 200);
  const after = await stripe.paymentIntents.retrieve(intent.id);
  assert.equal(after.status, 'requires_payment_method');
  assert.equal(after.last_payment_error.code, 'payment_intent_authentication_failure');
  assert.deepEqual(await effects(payment), []);
});

test('3-D Secure: off session there is nobody to ask', async () => {
  const [, params] = order({confirm: true, off_session: true, payment_method: 'pm_card_authenticationRequired'});
  await assert.rejects(stripe.paymentIntents.create(params), (error) => {
    assert.ok(error instanceof Stripe.errors.StripeCardError);
    assert.equal(error.code, 'authentication_required');
    return true;
  });
});

test('retrieve, with the charge and the method inline', async () => {
  const [, intent] = await hold();
  const plain = await stripe.paymentIntents.retrieve(intent.id);
  assert.match(plain.latest_charge, /^ch_/);
  const expanded = await stripe.paymentIntents.retrieve(intent.id, {expand: ['latest_charge', 'payment_method']});
  assert.equal(expanded.latest_charge.id, plain.latest_charge);
  assert.equal(expanded.latest_charge.payment_method_details.card.last4, '4242');
  assert.equal(expanded.latest_charge.balance_transaction, null);
  assert.equal(expanded.payment_method.card.brand, 'visa');
  const charge = await stripe.charges.retrieve(plain.latest_charge);
  assert.equal(charge.payment_intent, intent.id);
});

test('lists page by themselves, newest first', async () => {
  const customer = await stripe.customers.create({email: 'amina@shop.example'});
  const made = [];
  for (let i = 0; i < 5; i += 1) {
    const [, params] = order({customer: customer.id});
    made.unshift((await stripe.paymentIntents.create(params)).id);
  }
  const found = [];
  for await (const intent of stripe.paymentIntents.list({customer: customer.id, limit: 2})) found.push(intent.id);
  assert.deepEqual(found, made);
});

test('update metadata, then read it', async () => {
  const [payment, params] = order({metadata: {payment_id: 'pay_x', note: 'a[b]=c&d é'}});
  const intent = await stripe.paymentIntents.create(params);
  assert.equal(intent.metadata.note, 'a[b]=c&d é');
  const updated = await stripe.paymentIntents.update(intent.id, {amount: 1500, metadata: {payment_id: payment, note: null}});
  assert.equal(updated.amount, 1500);
  assert.deepEqual(updated.metadata, {payment_id: payment});
});

test('wrong requests are invalid request errors that name the parameter', async () => {
  const invalid = async (params, code, param) => assert.rejects(stripe.paymentIntents.create(params), (error) => {
    assert.ok(error instanceof Stripe.errors.StripeInvalidRequestError, error.constructor.name);
    assert.equal(error.code, code);
    assert.equal(error.param, param);
    return true;
  });
  await invalid({currency: 'usd'}, 'parameter_missing', 'amount');
  await invalid({amount: 10, currency: 'usd'}, 'amount_too_small', 'amount');
  await invalid({amount: 1000, currency: 'zzz'}, undefined, 'currency');
  await invalid({amount: 1000, currency: 'usd', color: 'red'}, 'parameter_unknown', 'color');
  await invalid({amount: 1000, currency: 'usd', payment_method: 'pm_x'}, 'resource_missing', 'payment_method');
  await assert.rejects(stripe.paymentIntents.retrieve('pi_x'), {statusCode: 404, code: 'resource_missing'});
});

test('a wrong key is an authentication error', async () => {
  const stranger = new Stripe('sk_live_stranger', {...options, maxNetworkRetries: 0});
  await assert.rejects(stranger.balance.retrieve(), (error) => {
    assert.ok(error instanceof Stripe.errors.StripeAuthenticationError, error.constructor.name);
    return true;
  });
});

// The SDK sends the same key again, so an effect that happened behind a lost answer is found, not repeated.
for (const fault of ['reset_before', 'http_503']) {
  test(`the SDK's own retries survive ${fault}`, async () => {
    const [payment, params] = order({confirm: true, payment_method: 'pm_card_visa'});
    await faults({provider: 'stripe', operation: 'charge', fault, count: 1});
    const intent = await retrying.paymentIntents.create(params);
    assert.equal(intent.status, 'succeeded');
    assert.deepEqual(await effects(payment), ['charge 10.00']);
  });
}

test('a stored 500 stays a 500, whatever happened behind it', async () => {
  for (const [fault, happened] of [['http_500', []], ['http_500_after', ['charge 10.00']]]) {
    const [payment, params] = order({confirm: true, payment_method: 'pm_card_visa'});
    await faults({provider: 'stripe', operation: 'charge', fault, count: 1});
    await assert.rejects(retrying.paymentIntents.create(params), (error) => {
      assert.ok(error instanceof Stripe.errors.StripeAPIError, error.constructor.name);
      assert.equal(error.statusCode, 500);
      return true;
    });
    assert.deepEqual(await effects(payment), happened);
  }
});

// Once the status line is there the SDK does not retry; a broken body is an error of its own.
for (const [fault, kind] of [
  ['timeout_after', 'StripeConnectionError'], ['reset_mid_body', 'StripeAPIError'], ['truncated_json', 'StripeAPIError'],
]) {
  test(`${fault} is a ${kind}, and the key tells what became of the payment`, async () => {
    const [payment, params] = order({confirm: true, payment_method: 'pm_card_visa'});
    const idempotencyKey = randomUUID();
    await faults({provider: 'stripe', operation: 'charge', fault, count: 1});
    await assert.rejects(stripe.paymentIntents.create(params, {idempotencyKey, timeout: 300}), (error) => {
      assert.ok(error instanceof Stripe.errors[kind], error.constructor.name);
      return true;
    });
    const found = await stripe.paymentIntents.create(params, {idempotencyKey});
    assert.equal(found.status, 'succeeded');
    assert.equal(found.lastResponse.headers['idempotent-replayed'], 'true');
    assert.deepEqual(await effects(payment), ['charge 10.00']);
  });
}

test('the limiter is a rate limit error', async () => {
  const [payment, params] = order({confirm: true, payment_method: 'pm_card_visa'});
  await faults({provider: 'stripe', operation: 'charge', fault: 'http_429', count: 1});
  await assert.rejects(retrying.paymentIntents.create(params), (error) => {
    assert.ok(error instanceof Stripe.errors.StripeRateLimitError, error.constructor.name);
    assert.equal(error.headers['stripe-rate-limited-reason'], 'global-rate');
    return true;
  });
  assert.deepEqual(await effects(payment), []);
});
