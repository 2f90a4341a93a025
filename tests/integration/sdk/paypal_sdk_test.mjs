// PayPal's official SDK, unmodified, against the sandbox at CAMBIST_SANDBOX_PAYPAL=host:port.
// The SDK speaks to https://api-m.sandbox.paypal.com and nowhere else, so its agent opens a plain
// connection to the sandbox instead. Each test pays with an order of its own.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import https from 'node:https';
import net from 'node:net';
import {after, afterEach, test} from 'node:test';

import {ApiError, CheckoutPaymentIntent, Client, Environment, OrdersController, PatchOp, PaymentsController} from '@paypal/paypal-server-sdk';

const [host, port] = (process.env.CAMBIST_SANDBOX_PAYPAL ?? '').split(':');
assert.ok(host && port, 'CAMBIST_SANDBOX_PAYPAL must be host:port');
const origin = `http://${host}:${port}`;

class ToTheSandbox extends https.Agent {
  createConnection(options, connected) {
    return net.connect({host, port: Number(port)}, connected && (() => connected(null, undefined)));
  }
}
const httpsAgent = new ToTheSandbox({keepAlive: true});
const clientOf = (oAuthClientId) => new Client({
  clientCredentialsAuthCredentials: {oAuthClientId, oAuthClientSecret: 'secret'},
  environment: Environment.Sandbox,
  timeout: 10_000,
  httpClientOptions: {httpsAgent},
});
const client = clientOf('client');
const orders = new OrdersController(client);
const payments = new PaymentsController(client);
const prefer = 'return=representation';

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
const issued = async () => JSON.parse((await sandbox('GET', '/paypal/sandbox/tokens')).text).issued;
const bodyOf = (intent, payment, more = {}) => ({
  intent,
  purchaseUnits: [{customId: payment, amount: {currencyCode: 'USD', value: '10.00'}, ...more}],
  paymentSource: {paypal: {experienceContext: {returnUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/no'}}},
});
const approved = async (intent, more) => {
  const payment = `pay_${randomUUID()}`;
  const {result} = await orders.createOrder({body: bodyOf(intent, payment, more), prefer});
  assert.equal((await sandbox('POST', `/sandbox/payer/paypal/${result.id}/approve`)).status, 200);
  return [payment, result.id];
};
const held = async (more) => {
  const [payment, id] = await approved(CheckoutPaymentIntent.Authorize, more);
  const {result} = await orders.authorizeOrder({id, prefer});
  return [payment, result.purchaseUnits[0].payments.authorizations[0].id];
};
const refusedWith = (issue, statusCode = 422) => (error) => {
  assert.ok(error instanceof ApiError, String(error));
  assert.equal(error.statusCode, statusCode);
  assert.equal(JSON.parse(error.body).details[0].issue, issue);
  return true;
};

afterEach(() => faults());
after(() => httpsAgent.destroy());

test('an order is approved at its page and captured', async () => {
  const payment = `pay_${randomUUID()}`;
  const made = await orders.createOrder({body: bodyOf(CheckoutPaymentIntent.Capture, payment), prefer});
  assert.equal(made.statusCode, 201);
  assert.equal(made.result.status, 'PAYER_ACTION_REQUIRED');
  const page = made.result.links.find((link) => link.rel === 'payer-action').href;
  assert.ok(page.startsWith(origin) || page.includes('/paypal/checkoutnow?token='), page);
  const back = await sandbox('POST', `/paypal/checkoutnow/approve?token=${made.result.id}`);
  assert.equal(back.location, `https://shop.example/ok?token=${made.result.id}&PayerID=QYR5Z8XDVJNXQ`);
  const shown = await orders.getOrder({id: made.result.id});
  assert.equal(shown.result.status, 'APPROVED');
  assert.equal(shown.result.payer.emailAddress, 'payer@example.com');
  const done = await orders.captureOrder({id: made.result.id, prefer});
  assert.equal(done.statusCode, 201);
  assert.equal(done.result.status, 'COMPLETED');
  const [capture] = done.result.purchaseUnits[0].payments.captures;
  assert.equal(capture.sellerReceivableBreakdown.grossAmount.value, '10.00');
  assert.equal((await payments.getCapturedPayment({captureId: capture.id})).result.customId, payment);
  assert.deepEqual(await effects(payment), ['charge 10.00']);
});

test('a minimal answer is minimal', async () => {
  const {result, statusCode} = await orders.createOrder({body: bodyOf(CheckoutPaymentIntent.Capture, 'pay_x')});
  assert.equal(statusCode, 201);
  assert.deepEqual(Object.keys(result).sort(), ['id', 'links', 'status']);
});

test('authorize, capture a part, void the rest', async () => {
  const [payment, authorizationId] = await held();
  const shown = await payments.getAuthorizedPayment({authorizationId});
  assert.equal(shown.result.status, 'CREATED');
  const part = await payments.captureAuthorizedPayment({
    authorizationId, prefer, body: {amount: {currencyCode: 'USD', value: '4.00'}, finalCapture: false},
  });
  assert.equal(part.result.status, 'COMPLETED');
  const voided = await payments.voidPayment({authorizationId, prefer});
  assert.equal(voided.result.status, 'VOIDED');
  await assert.rejects(payments.voidPayment({authorizationId}), refusedWith('PREVIOUSLY_VOIDED'));
  assert.deepEqual(await effects(payment), ['authorize 10.00', 'capture 4.00', 'void 6.00']);
});

test('a void can be without a body', async () => {
  const [, authorizationId] = await held();
  const voided = await payments.voidPayment({authorizationId});
  assert.equal(voided.statusCode, 204);
});

test('a reauthorization comes too soon', async () => {
  const [, authorizationId] = await held();
  await assert.rejects(payments.reauthorizePayment({authorizationId, body: {amount: {currencyCode: 'USD', value: '10.00'}}}),
    refusedWith('REAUTHORIZATION_TOO_SOON'));
});

test('refund a part, then the rest, then nothing is left', async () => {
  const [payment, id] = await approved(CheckoutPaymentIntent.Capture);
  const done = await orders.captureOrder({id, prefer});
  const captureId = done.result.purchaseUnits[0].payments.captures[0].id;
  const part = await payments.refundCapturedPayment({captureId, prefer, body: {amount: {currencyCode: 'USD', value: '2.50'}}});
  assert.equal(part.result.status, 'COMPLETED');
  const rest = await payments.refundCapturedPayment({captureId, prefer});
  assert.equal(rest.result.amount.value, '7.50');
  await assert.rejects(payments.refundCapturedPayment({captureId}), refusedWith('CAPTURE_FULLY_REFUNDED'));
  assert.equal((await payments.getRefund({refundId: part.result.id})).result.amount.value, '2.50');
  assert.deepEqual(await effects(payment), ['charge 10.00', 'refund 2.50', 'refund 7.50']);
});

test('a repeated request id tells what became of the first', async () => {
  const paypalRequestId = randomUUID();
  const body = bodyOf(CheckoutPaymentIntent.Capture, 'pay_repeat');
  const first = await orders.createOrder({body, paypalRequestId, prefer});
  await sandbox('POST', `/sandbox/payer/paypal/${first.result.id}/approve`);
  const again = await orders.createOrder({body, paypalRequestId, prefer});
  assert.equal(again.statusCode, 200);
  assert.equal(again.result.id, first.result.id);
  assert.equal(again.result.status, 'APPROVED');
});

test('a lost answer is found again', async () => {
  const [payment, id] = await approved(CheckoutPaymentIntent.Capture);
  await faults({provider: 'paypal', operation: 'charge', fault: 'reset_mid_body', count: 1});
  const paypalRequestId = randomUUID();
  await assert.rejects(orders.captureOrder({id, paypalRequestId, prefer}));
  const again = await orders.captureOrder({id, paypalRequestId, prefer});
  assert.equal(again.statusCode, 200);
  assert.deepEqual(await effects(payment), ['charge 10.00']);
});

test('an order is patched', async () => {
  const {result} = await orders.createOrder({body: bodyOf(CheckoutPaymentIntent.Capture, 'pay_patch'), prefer});
  const patched = await orders.patchOrder({
    id: result.id,
    body: [{op: PatchOp.Add, path: "/purchase_units/@reference_id=='default'/invoice_id", value: `INV-${randomUUID()}`}],
  });
  assert.equal(patched.statusCode, 204);
  assert.match((await orders.getOrder({id: result.id})).result.purchaseUnits[0].invoiceId, /^INV-/);
});

test('what PayPal refuses reaches the caller as its issue', async () => {
  const {result} = await orders.createOrder({body: bodyOf(CheckoutPaymentIntent.Capture, 'pay_early'), prefer});
  await assert.rejects(orders.captureOrder({id: result.id}), refusedWith('ORDER_NOT_APPROVED'));
  await assert.rejects(orders.getOrder({id: '5O190127TN364715T'}), refusedWith('INVALID_RESOURCE_ID', 404));
  const shillings = bodyOf(CheckoutPaymentIntent.Capture, 'pay_tzs', {amount: {currencyCode: 'TZS', value: '1000'}});
  await assert.rejects(orders.createOrder({body: shillings}), refusedWith('CURRENCY_NOT_SUPPORTED'));
  const [payment, id] = await approved(CheckoutPaymentIntent.Capture);
  const mock = '{"mock_application_codes": "INSTRUMENT_DECLINED"}';
  await assert.rejects(orders.captureOrder({id, paypalMockResponse: mock}), refusedWith('INSTRUMENT_DECLINED'));
  assert.deepEqual(await effects(payment), []);
});

test('one token serves many calls', async () => {
  await orders.createOrder({body: bodyOf(CheckoutPaymentIntent.Capture, 'pay_token')});
  const before = await issued();
  for (let i = 0; i < 5; ++i) await orders.createOrder({body: bodyOf(CheckoutPaymentIntent.Capture, 'pay_token')});
  assert.equal(await issued(), before);
  const refused = new OrdersController(clientOf('invalid_client'));
  await assert.rejects(refused.getOrder({id: 'X'}), (error) => error.statusCode === 401);
  assert.equal(await issued(), before);
});
