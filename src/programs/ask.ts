// A command's question to the running program, with its outcome turned into what a command hands back.

import { err, ok } from '#base/result.ts';
import type { Call, Done, Outcome } from './command.ts';
import type { OperatorMethod, ParamsOf, ResultOf } from './operator-methods.ts';
import { askOperator } from './operator-socket.ts';

const BAR_CHARACTERS = 30;

/** Asks, then shows the result with `show`. A refusal ends the command with exit code 1. */
export async function ask<M extends OperatorMethod>(
  call: Call,
  method: M,
  params: ParamsOf<M>,
  show: (result: ResultOf<M>) => Done | Outcome | Promise<Outcome>,
): Promise<Outcome> {
  const bar = progressBar(call);
  const answer = await askOperator(call.config.dataDir, method, params, bar.draw);
  bar.clear();
  if (!answer.ok) return err({ kind: 'refused', reason: answer.error.kind, sentence: answer.error.sentence });
  const shown = await show(answer.value);
  return 'ok' in shown ? shown : ok(shown);
}

function progressBar(call: Call): { draw: (done: number, total: number) => void; clear: () => void } {
  if (!process.stderr.isTTY || call.json) return { draw: () => undefined, clear: () => undefined };
  const draw = (done: number, total: number): void => {
    const filled = total === 0 ? 0 : Math.round((BAR_CHARACTERS * done) / total);
    process.stderr.write(`\r${'█'.repeat(filled)}${'░'.repeat(BAR_CHARACTERS - filled)} ${done} of ${total}`);
  };
  return { draw, clear: () => process.stderr.write('\r\u001b[2K') };
}
