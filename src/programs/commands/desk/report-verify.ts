// `siegel report verify [FOLDER]`: the register of this house, or one that was exported, with nothing but the fingerprints that one trusts.

import { readJson } from '#formats/canonical-json/read-json.ts';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { ok } from '#base/result.ts';
import { fingerprintField } from '#formats/desk/fields.ts';
import { parseDigest } from '#formats/desk/digest.ts';
import type { KnownHead } from '#office/desk/report/verification/chain-check.ts';
import { verifyRegister } from '#office/desk/report/verify-register.ts';
import type { DeskEntryRow } from '#vault/database/read-desk.ts';
import { ask } from '../../ask.ts';
import type { Done, Outcome, Run } from '../../command.ts';
import { deskEntry, deskFiling } from '../../methods/desk-methods.ts';
import type { ResultOf } from '../../operator-methods.ts';
import { misused, refused } from './read-text.ts';
import { ENTRIES_FILE, FILINGS_FILE } from './report-export.ts';

export const run: Run = async (call) => {
  const [folder] = call.operands;
  if (folder === undefined) return ask(call, 'report.verify', {}, describeVerified);
  const words = (call.options['trust'] ?? '').split(/[\s,]+/).filter((word) => word !== '');
  const trust = v.safeParse(
    v.array(fingerprintField),
    words.map((word) => word.toLowerCase()),
  );
  if (!trust.success || words.length < 2)
    return misused(
      '--trust takes the fingerprints, divided by commas, of at least two people whom you know to answer for it.',
    );
  const known = readHead(call.options['head']);
  if (known === undefined) return misused('--head is ENTRIES:HASH, as siegel desk show names them.');
  return verifyFolder(folder, trust.output, known);
};

type Wish = Parameters<typeof verifyRegister>[0];

/** None given: none. Undefined: it is no head. */
function readHead(text: string | undefined): readonly KnownHead[] | undefined {
  if (text === undefined) return [];
  const [, entries, hash] = /^(\d{1,12}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  return entries === undefined || hash === undefined
    ? undefined
    : [{ entries: Number(entries), head: parseDigest(hash) }];
}

async function verifyFolder(folder: string, trust: Wish['trust'], known: readonly KnownHead[]): Promise<Outcome> {
  const entries = join(folder, ENTRIES_FILE);
  try {
    const reported: DeskEntryRow[] = [];
    for await (const [entry] of readLines(entries, deskEntry)) if (entry?.kind === 'REPORTED') reported.push(entry);
    const verified = await verifyRegister({
      entries: readLines(entries, deskEntry),
      reported,
      trust,
      known,
      rows: readLines(join(folder, FILINGS_FILE), deskFiling),
    });
    return ok(describeVerified(verified));
  } catch (cause) {
    const why = cause instanceof Error && cause instanceof BadLine ? cause.message : 'it cannot be read';
    return refused('unreadable', `${folder} is not what siegel report export wrote: ${why}.`);
  }
}

class BadLine extends Error {}

async function* readLines<T>(path: string, shape: v.GenericSchema<unknown, T>): AsyncGenerator<readonly [T]> {
  let nth = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    nth += 1;
    const read = v.safeParse(shape, readJson(line));
    if (!read.success) throw new BadLine(`line ${nth} of ${path} is no such line`);
    yield [read.output];
  }
}

interface Found extends Omit<ResultOf<'report.verify'>, 'findings'> {
  readonly findings: readonly { readonly place: string; readonly what: string; readonly more?: string | undefined }[];
}

function describeVerified(verified: Found): Done {
  const { entries, filings, head, root, findings } = verified;
  const facts = [`Entries   ${entries}`, `Filings   ${filings}`, `Head      ${head}`, `Root      ${root}`];
  const found = findings.map(({ place, what, more }) => `  ${[place, what, more ?? ''].join('  ').trimEnd()}`);
  const text =
    found.length === 0
      ? ['All is what was written: chain, policies, verdicts, reports and rows.', ...facts]
      : [`${found.length} ${found.length === 1 ? 'place is' : 'places are'} not what was written:`, ...found, ...facts];
  return {
    json: { entries, filings, head, root, findings },
    text: text.join('\n'),
    ...(found.length > 0 && { isBad: true }),
  };
}
