// Thread/get: the server cannot see which letters belong together, so each is its own thread (RFC 8621 §3.1).

import { parseId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok } from '#base/result.ts';
import { MAIL } from '#formats/jmap/capabilities.ts';
import { boundIds, getShape, pick, readArguments, readProperties } from '#formats/jmap/standard-arguments.ts';
import { readLetterIds, readPresentLetters } from '#vault/database/read-letters.ts';
import { atOneMoment } from '#vault/database/read-states.ts';
import { reading } from '../method.ts';
import { emailState, requireStates } from '../states.ts';

export const threadGet = reading('Thread/get', MAIL, async (args, call) => {
  const read = readArguments(getShape, args);
  if (!read.ok) return read;
  const wanted = readProperties(read.value.properties, ['id', 'emailIds']);
  if (!wanted.ok) return wanted;
  const asked = read.value.ids ? boundIds(read.value.ids) : ok(undefined);
  if (!asked.ok) return asked;
  return atOneMoment(call.house.reader, async (db) => {
    const states = await requireStates(call, db);
    if (asked.value === undefined && states.letters > limits.jmap.objectsInGet) return err({ kind: 'requestTooLarge' });
    const ids = asked.value ?? (await readLetterIds(db, call.accountId, limits.jmap.objectsInGet));
    const known = ids.map((id) => parseId<LetterId>(id)).filter((id) => id !== undefined);
    const present = new Set<string>((await readPresentLetters(db, call.accountId, known)).keys());
    return ok({
      state: emailState(states),
      list: ids.filter((id) => present.has(id)).map((id) => pick({ id, emailIds: [id] }, wanted.value)),
      notFound: ids.filter((id) => !present.has(id)),
    });
  });
});
