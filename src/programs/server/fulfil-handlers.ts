// What the commands of fulfilment do in the running program.

import { nameOfRefusal } from '#office/desk/book/desk-refusals.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Noted } from '#office/desk/book/desk-book.ts';
import { describeFulfilRefusal, type FulfilRefusal } from '#office/desk/fulfil/fulfil-refusals.ts';
import type { Fulfilment } from '#office/desk/fulfil/fulfilment.ts';
import type { OperatorHandlers, OperatorRefusal, ResultOf } from '../operator-methods.ts';

type FulfilMethod = 'request.collect' | 'request.look-statement' | 'request.look' | 'request.copy';

export function createFulfilHandlers(fulfilment: Fulfilment): Pick<OperatorHandlers, FulfilMethod> {
  return {
    'request.collect': async ({ filing, by, targets, recipient }) => {
      const opened = targets.map(({ target, random }) => ({ target, random: Buffer.from(random, 'hex') }));
      const noted = await fulfilment.collect(filing, { by, targets: opened, recipient });
      if (!noted.ok) return refused(noted.error);
      const event = noted.value.entries[0]?.event;
      if (event?.kind !== 'COLLECTED') throw new Error('what was collected is written down');
      const { disclosure, bytes, look } = event;
      const { fields, package: digest, recipient: to } = disclosure;
      return ok({ ...changedOf(noted.value), fields: [...fields], package: digest, bytes, recipient: to, look });
    },
    'request.look-statement': async ({ filing, by, fault }) => {
      const made = await fulfilment.lookStatement(filing, by, fault);
      return made.ok ? ok({ statement: made.value }) : refused(made.error);
    },
    'request.look': async ({ statement, signature }) => {
      const noted = await fulfilment.look(statement, signature);
      return noted.ok ? ok(changedOf(noted.value)) : refused(noted.error);
    },
    'request.copy': async ({ filing, copy, from }) => {
      const part = await fulfilment.copy(filing, copy, from);
      if (!part.ok) return refused(part.error);
      const { bytes, total, digest } = part.value;
      return ok({ bytes: Buffer.from(bytes).toString('base64url'), total, digest });
    },
  };
}

function changedOf({ entries, heads, rows }: Noted): ResultOf<'request.look'> {
  const [row] = rows.values();
  if (row === undefined) throw new Error('a decision about a filing changes one');
  const { filing, state, outcome } = row;
  return { filing, state, outcome, events: entries.map(({ event }) => event.kind), head: heads.at(-1) ?? '' };
}

function refused(refusal: FulfilRefusal): Result<never, OperatorRefusal> {
  return err({
    kind: nameOfRefusal(refusal),
    sentence: describeFulfilRefusal(refusal),
  });
}
