// An invoice that is XML and nothing else is known by its root, in either grammar and every coding; what only speaks of one is not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractFiles } from './extract-files.ts';
import { isInvoiceXml } from './invoice-xml.ts';

const UBL = 'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"';
const CII = "xmlns:rsm='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'";
const utf8 = (text: string): Uint8Array => Buffer.from(text);
const BOUNDS = { entries: 10, bytes: 1_000, depth: 0 };

test('UBL and CII, with a declaration, comments and a mark in front, in UTF-8 and UTF-16', () => {
  for (const text of [
    `<Invoice ${UBL}><ID>1</ID></Invoice>`,
    `<?xml version="1.0"?>\n<!-- <html> -->\n<ubl:Invoice xmlns:ubl="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">`,
    `\ufeff<?xml version="1.0" encoding="UTF-8"?><rsm:CrossIndustryInvoice ${CII}>`,
    '<CreditNote xmlns:a="b" xmlns="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2">',
  ])
    assert.ok(isInvoiceXml(utf8(text)), text);
  const wide = Buffer.from(`\ufeff<Invoice ${UBL}>`, 'utf16le');
  assert.ok(isInvoiceXml(wide));
  assert.ok(isInvoiceXml(wide.swap16()));
});

test('other XML, text about invoices, and nothing at all are none', () => {
  for (const text of [
    '',
    '<Invoice>',
    `<Order ${UBL}>`,
    `<html><Invoice ${UBL}></html>`,
    `<!-- <Invoice ${UBL}> -->`,
    `Invoice ${UBL}`,
    '<Invoice xmlns="urn:example:Invoice-2">',
    `${'<?x?>'.repeat(4_000)}<Invoice ${UBL}>`,
  ])
    assert.equal(isInvoiceXml(utf8(text)), false, text.slice(0, 60));
});

test('it goes back as an invoice, and other XML as a kind that is not worked on', () => {
  const files = [
    { name: 'xrechnung.xml', bytes: utf8(`<Invoice ${UBL}/>`) },
    { name: 'liste.xml', bytes: utf8('<list/>') },
  ];
  assert.deepEqual(
    extractFiles(files, BOUNDS).map(({ kept }) => kept),
    ['invoice', 'unknownKind'],
  );
});
