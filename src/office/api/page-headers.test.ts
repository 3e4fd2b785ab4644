// The page's policies are exactly those that were decided, and every address has its document.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  appPolicy,
  assetHeaders,
  checkPolicy,
  documentHeaders,
  entryPolicy,
  findPageRoute,
  keyWorkerPolicy,
  plainPolicy,
  transitPolicy,
} from './page-headers.ts';

test('the mailbox document has the decided policy, word for word', () => {
  assert.equal(
    appPolicy,
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types dompurify letter worker",
  );
});

test('the sign-in document adds WebAssembly and nothing else', () => {
  assert.equal(entryPolicy.replace(" 'wasm-unsafe-eval'", ''), appPolicy);
  assert.notEqual(entryPolicy, appPolicy);
});

test('the receipt check may run its own script and ask its own server; a page without script may do neither', () => {
  assert.equal(
    checkPolicy,
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  );
  assert.doesNotMatch(plainPolicy, /script|connect|frame-src|unsafe/);
  assert.match(plainPolicy, /^default-src 'none';/);
  assert.equal(findPageRoute('/check')?.policy, checkPolicy);
});

test('the drop page may also show pictures out of its own memory, and nothing else', () => {
  assert.equal(transitPolicy.replace(' blob:', ''), checkPolicy);
  assert.equal(findPageRoute('/transit')?.policy, transitPolicy);
});

test('only the key worker may run WebAssembly, and no worker reaches anywhere else', () => {
  const policyOf = (path: string) =>
    assetHeaders({ path, type: 'text/javascript; charset=utf-8' })['content-security-policy'];
  assert.equal(policyOf('assets/key-worker-AB.js'), keyWorkerPolicy);
  assert.ok(!policyOf('assets/mail-worker-AB.js')?.includes('wasm'));
  assert.match(policyOf('assets/mail-worker-AB.js') ?? '', /default-src 'none'.*connect-src 'self'/);
  assert.equal(assetHeaders({ path: 'assets/a.woff2', type: 'font/woff2' })['content-security-policy'], undefined);
});

test('every address of the page has its document, and nothing else has', () => {
  assert.equal(findPageRoute('/')?.document, 'sign-in.html');
  assert.equal(findPageRoute('/join/Ux70zVg38i6aHnLN')?.policy, entryPolicy);
  assert.equal(findPageRoute('/mail')?.policy, appPolicy);
  for (const path of ['/mailbox', '/join', '/mail/x', '/../etc', '/jmap'])
    assert.equal(findPageRoute(path), undefined, path);
});

test('documents are asked for again, assets are kept, and neither tells where one came from', () => {
  const route = findPageRoute('/mail');
  assert.ok(route);
  assert.equal(documentHeaders(route)['cache-control'], 'no-cache');
  const asset = assetHeaders({ path: 'assets/page-1.css', type: 'text/css; charset=utf-8' });
  assert.match(asset['cache-control'] ?? '', /immutable/);
  for (const headers of [documentHeaders(route), asset]) {
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['x-dns-prefetch-control'], 'off');
    assert.equal(headers['x-content-type-options'], 'nosniff');
  }
});
