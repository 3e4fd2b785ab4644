// What came in by itself and is no filing yet, for the commands of the desk.

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { arrivalField } from '#formats/desk/fields.ts';
import type { ArrivalId } from '#formats/desk/model.ts';
import type { Desk } from '#office/desk/book/desk.ts';
import { describeDeskRefusal, nameOfRefusal } from '#office/desk/book/desk-refusals.ts';
import type { OperatorHandlers, OperatorRefusal } from '../operator-methods.ts';
import { refuse } from './operator-change.ts';

export function createArrivalHandlers(desk: Desk): Pick<OperatorHandlers, 'request.arrivals' | 'request.dismiss'> {
  return {
    'request.arrivals': async ({ all }) => {
      const arrivals = await (await desk.register()).arrivals();
      const shown = arrivals.filter(({ state }) => all || state === 'WAITING');
      return ok({
        arrivals: [...shown],
        waiting: arrivals.filter(({ state }) => state === 'WAITING').length,
      });
    },
    'request.dismiss': async ({ arrival, why, by }) => {
      const id = parseArrivalId(arrival);
      if (!id.ok) return id;
      const noted = await desk.dismiss(id.value, why, by);
      if (noted.ok) return ok({ arrival, head: noted.value.heads.at(-1) ?? '' });
      return err({ kind: nameOfRefusal(noted.error), sentence: describeDeskRefusal(noted.error) });
    },
  };
}

export function parseArrivalId(text: string): Result<ArrivalId, OperatorRefusal> {
  const parsed = v.safeParse(arrivalField, text);
  return parsed.success
    ? ok(parsed.output)
    : refuse('no-such-arrival', `${text} is no arrival: siegel request arrivals shows what waits.`);
}
