// `siegel user receipts`: what was promised to the account, newest first; with --out every receipt as a file of its own.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import type { CommandRefusal, Outcome, Run } from '../../command.ts';
import { chooseLetters } from './choose-letters.ts';
import { whileSignedIn, type SignedInCall } from './signed-in.ts';

const pageShape = v.object({
  receipts: v.array(
    v.object({ id: v.string(), kind: v.string(), timeMs: v.number(), facts: v.record(v.string(), v.unknown()) }),
  ),
  next: v.nullable(v.string()),
});
type Listed = v.InferOutput<typeof pageShape>['receipts'][number];

export const run: Run = (call) =>
  whileSignedIn(call, async (of) => {
    const listed = await listAll(of);
    if (!listed.ok) return listed;
    const out = call.options['out'];
    if (out === undefined) {
      const text = listed.value.length === 0 ? 'No receipts.' : listed.value.map(lineOf).join('\n');
      return ok({ json: { receipts: listed.value }, text });
    }
    const paths = listed.value.map(({ id, kind }) => ({ path: `/receipts/${id}`, name: `${kind}-${id}` }));
    if (call.switches.has('letters')) {
      const letters = await chooseLetters(of);
      if (!letters.ok) return letters;
      paths.push(...letters.value.map((id) => ({ path: `/receipts/letter/${id}`, name: `letter-${id}` })));
    }
    return save(of, out, paths);
  });

async function listAll({ reach }: SignedInCall): Promise<Result<readonly Listed[], CommandRefusal>> {
  const all: Listed[] = [];
  for (let path: string | undefined = '/receipts'; path !== undefined;) {
    const answer: Response = await reach(path);
    const page = v.safeParse(pageShape, answer.ok ? await answer.json() : undefined);
    if (!page.success)
      return refuse('server-unavailable', 'the server cannot list receipts now. Try again in a minute.');
    all.push(...page.output.receipts);
    path = page.output.next === null ? undefined : `/receipts?before=${page.output.next}`;
  }
  return ok(all);
}

async function save(
  { reach }: SignedInCall,
  out: string,
  paths: readonly { readonly path: string; readonly name: string }[],
): Promise<Outcome> {
  const counts = { saved: 0, waiting: 0, failed: 0 };
  try {
    await mkdir(out, { recursive: true, mode: 0o700 });
    for (const { path, name } of paths) {
      const answer = await reach(path);
      if (answer.status === 200) {
        await writeFile(join(out, `${name}.receipt.json`), new Uint8Array(await answer.arrayBuffer()), { mode: 0o600 });
        counts.saved += 1;
      } else if (answer.status === 202) counts.waiting += 1;
      else counts.failed += 1;
    }
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    return refuse(String(cause.code), `saving to ${out} failed (${String(cause.code)}); ${counts.saved} are saved.`);
  }
  const sentence = `${counts.saved} receipts saved to ${out}; ${counts.waiting} letters wait until their hour ends; ${counts.failed} could not be had.`;
  return counts.failed > 0 ? refuse('incomplete', sentence) : ok({ json: { ...counts, out }, text: sentence });
}

function lineOf({ id, kind, timeMs, facts }: Listed): string {
  const when = new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ');
  const told = Object.entries(facts).map(([name, fact]) => `${name} ${String(fact)}`);
  return `${id}  ${when}  ${kind}  ${told.join(', ')}`.replaceAll(/\p{Cc}/gu, ' ');
}

function refuse(reason: string, sentence: string): { readonly ok: false; readonly error: CommandRefusal } {
  return err({ kind: 'refused', reason, sentence });
}
