// Email/copy, Email/parse, SearchSnippet/get: what cannot be done with sealed letters, each with its reason (RFC 8621 §§4.7, 4.9, 5).

import * as v from 'valibot';
import { err, ok } from '#base/result.ts';
import { MAIL } from '#formats/jmap/capabilities.ts';
import { parseEmailCondition } from '#formats/jmap/email-query.ts';
import { parseFilter } from '#formats/jmap/filter.ts';
import { boundIds, idText, jsonObject, readArguments } from '#formats/jmap/standard-arguments.ts';
import { changing, reading } from '../method.ts';

const copyShape = v.strictObject({
  fromAccountId: idText,
  ifFromInState: v.nullish(v.string()),
  ifInState: v.nullish(v.string()),
  create: jsonObject,
  onSuccessDestroyOriginal: v.nullish(v.boolean()),
  destroyFromIfInState: v.nullish(v.string()),
});

/** A session sees one account, so there is never another one to copy from. */
export const emailCopy = changing('Email/copy', MAIL, async (args, call) => {
  const read = readArguments(copyShape, args);
  if (!read.ok) return read;
  if (read.value.fromAccountId !== call.accountId) return err({ kind: 'fromAccountNotFound' });
  return err({
    kind: 'invalidArguments',
    arguments: ['fromAccountId'],
    description: 'Copying is between accounts; inside one, add a mailbox with Email/set.',
  });
});

export const emailParse = reading('Email/parse', MAIL, async () =>
  err({ kind: 'forbidden', description: 'Letters are opened by the client; the server parses none.' }),
);

const snippetShape = v.strictObject({ filter: v.optional(v.unknown()), emailIds: v.array(idText) });

export const searchSnippetGet = reading('SearchSnippet/get', MAIL, async (args) => {
  const read = readArguments(snippetShape, args);
  if (!read.ok) return read;
  const ids = boundIds(read.value.emailIds);
  if (!ids.ok) return ids;
  const filter = parseFilter(read.value.filter, parseEmailCondition);
  if (!filter.ok) return filter;
  return ok({ list: ids.value.map((emailId) => ({ emailId, subject: null, preview: null })), notFound: [] });
});
