// `siegel change plan`: what is wanted becomes a plan that everybody who answers for changes hears of; nothing is done yet.

import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '#base/result.ts';
import { ask } from '../ask.ts';
import type { Call, CommandRefusal, Run } from '../command.ts';
import type { ParamsOf } from '../operator-methods.ts';
import { shownChange } from './describe-change.ts';

type Wanted = ParamsOf<'change.plan'>;

export const run: Run = async (call) => {
  const wanted = await readWanted(call);
  return wanted.ok ? ask(call, 'change.plan', wanted.value, shownChange) : wanted;
};

async function readWanted(call: Call): Promise<Result<Wanted, CommandRefusal>> {
  const { options, switches } = call;
  const { sql, setting } = options;
  const ways =
    [sql, setting].filter((one) => one !== undefined).length +
    Number(switches.has('restore')) +
    Number(switches.has('migration'));
  if (ways !== 1) return misused('Give exactly one of --sql FILE, --setting NAME=VALUE, --restore and --migration.');
  if (sql !== undefined) return readSql(call, sql);
  if (switches.has('migration')) return ok({ kind: 'migration' });
  if (setting !== undefined) {
    const at = setting.indexOf('=');
    if (at < 1) return misused('A setting is NAME=VALUE, such as attic-days=14.');
    return ok({ kind: 'settings', settings: { [setting.slice(0, at)]: setting.slice(at + 1) } });
  }
  return readRestore(call);
}

async function readSql(call: Call, file: string): Promise<Result<Wanted, CommandRefusal>> {
  if (file === '-') return ok({ kind: 'sql', sql: await call.terminal.readInput() });
  try {
    return ok({ kind: 'sql', sql: await readFile(file, 'utf8') });
  } catch {
    return misused(`${file} cannot be read.`);
  }
}

function readRestore({ options }: Call): Result<Wanted, CommandRefusal> {
  const { actor, build, from, to, seqs } = options;
  const fromMs = from === undefined ? undefined : Date.parse(from);
  const toMs = to === undefined ? undefined : Date.parse(to);
  if (Number.isNaN(fromMs) || Number.isNaN(toMs)) return misused('Times are written 2026-05-17T12:00:00Z.');
  const numbers = seqs === undefined ? undefined : readSeqs(seqs);
  if (seqs !== undefined && numbers === undefined)
    return misused('--seqs are record numbers and spans of them: 41,45-52.');
  return ok({
    kind: 'restore',
    leaveOut: {
      ...(actor !== undefined && { actor }),
      ...(build !== undefined && { build }),
      ...(fromMs !== undefined && { fromMs }),
      ...(toMs !== undefined && { toMs }),
      ...(numbers !== undefined && { seqs: numbers }),
    },
  });
}

const SPAN_MAX = 5_000;

function readSeqs(text: string): number[] | undefined {
  const seqs: number[] = [];
  for (const part of text.split(',')) {
    const [, first, last = first] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part.trim()) ?? [];
    if (first === undefined || Number(last) < Number(first) || Number(last) - Number(first) > SPAN_MAX)
      return undefined;
    for (let seq = Number(first); seq <= Number(last); seq++) seqs.push(seq);
  }
  return seqs;
}

function misused(sentence: string): Result<never, CommandRefusal> {
  return err({ kind: 'misused', sentence });
}
