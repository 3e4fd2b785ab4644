// SealedSummary/get: what the list of letters is made of, sealed to the reader; one for each letter, under its id.

import { parseId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { SEALED } from '#formats/jmap/capabilities.ts';
import { boundIds, getShape, pick, readArguments, readProperties } from '#formats/jmap/standard-arguments.ts';
import { readLetterPlaces, type LetterPlaces } from '#vault/database/read-letters.ts';
import { reading, type House } from '../method.ts';
import { emailState, requireStates } from '../states.ts';

const properties = ['id', 'version', 'summary', 'terms', 'wrapping', 'expiresMs'];

export const sealedSummaryGet = reading('SealedSummary/get', SEALED, async (args, call) => {
  const read = readArguments(getShape, args);
  if (!read.ok) return read;
  if (!read.value.ids) return err({ kind: 'requestTooLarge', description: 'Name the letters.' });
  // terms are large and rarely wanted: only when asked for
  const wanted = readProperties(read.value.properties ?? ['id', 'version', 'summary'], properties);
  if (!wanted.ok) return wanted;
  const ids = boundIds(read.value.ids);
  if (!ids.ok) return ids;
  if (wanted.value.has('terms') && ids.value.length > limits.jmap.termsInGet) {
    return err({ kind: 'requestTooLarge', description: `Terms: at most ${limits.jmap.termsInGet} ids in one call.` });
  }
  const states = await requireStates(call);
  const known = ids.value.map((id) => parseId<LetterId>(id)).filter((id) => id !== undefined);
  const places = await readLetterPlaces(call.house.reader.db, call.accountId, known);
  const found = new Map<string, Record<string, unknown>>();
  const read1 = async (place: LetterPlaces): Promise<void> => {
    const sealed = await readSealed(call.house, place);
    if (sealed !== undefined) found.set(place.id, pick(sealed, wanted.value));
  };
  for (let at = 0; at < places.length; at += READS_AT_ONCE) {
    await Promise.all(places.slice(at, at + READS_AT_ONCE).map(read1));
  }
  return ok({
    state: emailState(states),
    list: ids.value.map((id) => found.get(id)).filter((members) => members !== undefined),
    notFound: ids.value.filter((id) => !found.has(id)),
  });
});

const READS_AT_ONCE = 64;

/** `summary` and `terms` are null when their record cannot be read: damage the client must show, not hide. */
async function readSealed(house: House, letter: LetterPlaces): Promise<Record<string, unknown> | undefined> {
  const members = { id: letter.id, version: letter.summaryVersion, expiresMs: letter.expiresMs };
  const journal = house.findJournal(letter.key.journal);
  const damaged = { ...members, wrapping: 0, summary: null, terms: null };
  if (letter.summary !== undefined) {
    const command = await journal?.readCommand(letter.summary);
    if (!command?.ok || command.value.kind !== 'summaryPut') return damaged;
    const { summary, terms } = command.value.effect;
    return { ...members, wrapping: 0, summary, terms };
  }
  const record = await journal?.readLetterRecord(letter.key);
  if (!record?.ok) return record?.error.kind === 'erased' ? undefined : damaged;
  const { wrapping, summary, terms } = record.value;
  return { ...members, wrapping, summary: toBase64Url(summary), terms: toBase64Url(terms) };
}
