// usage: node sign_webhooks.mjs BODIES.json SIGNATURES.json
// Signs each of a list of bodies as Stripe's official SDK does.
import { readFileSync, writeFileSync } from 'node:fs';
import Stripe from 'stripe';

const [bodies, signatures] = process.argv.slice(2);
const stripe = new Stripe('sk_test_unused');
const secret = process.env.CAMBIST_WEBHOOK_SECRET;
const signed = JSON.parse(readFileSync(bodies, 'utf8')).map((payload) =>
  stripe.webhooks.generateTestHeaderString({ payload, secret }));
writeFileSync(signatures, JSON.stringify(signed));
