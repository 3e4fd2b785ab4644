// Email/get: the outer view of sealed letters (RFC 8621 §4.2).

import * as v from 'valibot';
import { parseId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok } from '#base/result.ts';
import { MAIL } from '#formats/jmap/capabilities.ts';
import {
  defaultEmailProperties,
  defaultPartProperties,
  parseEmailProperties,
  parsePartProperties,
} from '#formats/jmap/email-properties.ts';
import { boundIds, getShape, readArguments, unsignedInt } from '#formats/jmap/standard-arguments.ts';
import { readLetterIds, readLetters } from '#vault/database/read-letters.ts';
import { atOneMoment } from '#vault/database/read-states.ts';
import { reading } from '../method.ts';
import { emailState, requireStates } from '../states.ts';
import { emailMembers } from './outer-view.ts';

const shape = v.strictObject({
  ...getShape.entries,
  bodyProperties: v.nullish(v.array(v.string())),
  fetchTextBodyValues: v.nullish(v.boolean()),
  fetchHTMLBodyValues: v.nullish(v.boolean()),
  fetchAllBodyValues: v.nullish(v.boolean()),
  maxBodyValueBytes: v.nullish(unsignedInt),
});

export const emailGet = reading('Email/get', MAIL, async (args, call) => {
  const read = readArguments(shape, args);
  if (!read.ok) return read;
  const wanted = parseEmailProperties(read.value.properties ?? defaultEmailProperties);
  if (!wanted.ok) return wanted;
  const partProperties = parsePartProperties(read.value.bodyProperties ?? defaultPartProperties);
  if (!partProperties.ok) return partProperties;
  const asked = read.value.ids ? boundIds(read.value.ids) : ok(undefined);
  if (!asked.ok) return asked;
  return atOneMoment(call.house.reader, async (db) => {
    const states = await requireStates(call, db);
    if (asked.value === undefined && states.letters > limits.jmap.objectsInGet) {
      return err({
        kind: 'requestTooLarge',
        description: 'Name the ids: there are more letters than one call answers.',
      });
    }
    const ids = asked.value ?? (await readLetterIds(db, call.accountId, limits.jmap.objectsInGet));
    const known = ids.map((id) => parseId<LetterId>(id)).filter((id) => id !== undefined);
    const rows = new Map<string, Awaited<ReturnType<typeof readLetters>>[number]>();
    for (const row of await readLetters(db, call.accountId, known)) rows.set(row.id, row);
    const list: unknown[] = [];
    const notFound: string[] = [];
    for (const id of ids) {
      const row = rows.get(id);
      if (row === undefined) notFound.push(id);
      else list.push(emailMembers(row, wanted.value, partProperties.value));
    }
    return ok({ state: emailState(states), list, notFound });
  });
});
