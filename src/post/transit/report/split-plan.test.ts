// The report says which files go together where one message to a court may not carry them all.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '#base/limits.ts';
import type { FileReport } from '../contract.ts';
import { reportLines } from './report-text.ts';

function file(newName: string, bytesAfter: number): FileReport {
  const digest = '0'.repeat(64);
  const facts = { kind: 'pdf', foundIn: [], pages: [], kept: undefined, criteria: [] } as const;
  return { ...facts, oldName: newName, newName, bytesBefore: 0, bytesAfter, digestBefore: digest, digestAfter: digest };
}

function report(files: readonly FileReport[], language: 'de' | 'en'): string {
  const lines = reportLines({
    job: 'job',
    report: { files, profile: 'balanced', tookMs: 1 },
    salts: files.map(() => ''),
    erasedByMs: 0,
    receiptUrl: undefined,
    language,
  });
  return lines.map(({ text }) => text).join('\n');
}

const half = limits.transit.bytesBackMax / 2;
const three = [file('01_a.pdf', half), file('02_b.pdf', half), file('03_c.pdf', 1)];

test('files that are too heavy for one message are planned for two, in both languages', () => {
  assert.match(
    report(three, 'en'),
    /Message 1: 01_a\.pdf to 02_b\.pdf \(files: 2\)\n- Message 2: 03_c\.pdf to 03_c\.pdf/,
  );
  assert.match(report(three, 'de'), /Nachricht 2: 03_c\.pdf bis 03_c\.pdf/);
});

test('files that fit into one message bring no plan', () => {
  assert.doesNotMatch(report(three.slice(0, 2), 'en'), /Message 1/);
});

test('documents in one merged file travel together, however many they are', () => {
  const many = (name: (at: number) => string): readonly FileReport[] =>
    Array.from({ length: limits.transit.filesBackMax + 1 }, (_, at) => file(name(at), 1));
  assert.doesNotMatch(report([...many(() => '01_Zusammen.pdf'), file('02_b.pdf', 1)], 'en'), /Message 1/);
  // the twin: as many files of their own
  assert.match(
    report(
      many((at) => `${at}.pdf`),
      'en',
    ),
    /Message 2: 1000\.pdf to 1000\.pdf/,
  );
  const [heavy, more] = [file('01_Zusammen.pdf', half), file('02_b.pdf', half)];
  assert.match(report([heavy, heavy, more], 'en'), /Message 2: 02_b\.pdf to 02_b\.pdf \(files: 1\)/);
});
