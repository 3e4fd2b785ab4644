// Office documents of all jobs, one conversion at a time: whoever is aborted waits no longer.

import { err, type Result } from '#base/result.ts';
import type { KeepReason } from '../contract.ts';
import { createSlots } from '../control/slots.ts';
import { MODULES } from '../office/office-format.ts';
import { convertOffice, type OfficeOrder, type OfficePlaces } from './convert-office.ts';

/** A PDF, or why there is none. Never throws for what the document holds. */
export type Convert = (
  order: OfficeOrder,
  signal: AbortSignal,
) => Promise<Result<Uint8Array, { readonly kind: KeepReason }>>;

/** Undefined places: Office documents are not converted here. */
export function convertInTurn(
  places: OfficePlaces | undefined,
  convert: typeof convertOffice = convertOffice,
): Convert {
  const slots = createSlots(1, Number.MAX_SAFE_INTEGER);
  return async (order, signal) => {
    if (places?.modules.includes(MODULES[order.format]) !== true) return err({ kind: 'noOffice' });
    const give = await slotUnless(signal, slots.take());
    if (give === undefined) return err({ kind: 'workerFailed' });
    try {
      return await convert(order, { places, signal });
    } finally {
      give();
    }
  };
}

type Give = () => void;

/** Undefined: aborted; a slot that comes later is given back at once. */
async function slotUnless(signal: AbortSignal, slot: Promise<Give> | undefined): Promise<Give | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stop = (): void => resolve(undefined);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const given = await Promise.race([promise, slot]);
  signal.removeEventListener('abort', stop);
  if (given === undefined) void slot?.then((give) => give());
  return given;
}
