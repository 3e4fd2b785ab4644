// Arguments of the sealed methods: bytes as base64url, collections, versions (capability urn:siegel:params:jmap:sealed).

import * as v from 'valibot';
import { parseId, type ItemId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import type { SetError } from '#formats/jmap/errors.ts';
import { unsignedInt } from '#formats/jmap/standard-arguments.ts';

export const versionNumber = v.pipe(unsignedInt, v.minValue(1), v.maxValue(2 ** 31 - 1));
export const collectionName = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]*$/),
  v.maxLength(limits.jmap.collectionCharacters),
);

/** Sealed bytes as they travel, back in their one canonical spelling. */
export function parseSealed(value: string, property: string, bytesMax: number): Result<string, SetError> {
  const bytes = fromBase64(value);
  if (bytes === undefined || bytes.length === 0) {
    return err({ kind: 'invalidProperties', properties: [property], description: 'Not base64url, or empty.' });
  }
  if (bytes.length > bytesMax) return err({ kind: 'tooLarge', description: `At most ${bytesMax} bytes.` });
  return ok(toBase64Url(bytes));
}

/** A shape, or the property that does not fit it. */
export function readObject<const S extends v.GenericSchema>(
  shape: S,
  value: unknown,
): Result<v.InferOutput<S>, SetError> {
  const parsed = v.safeParse(shape, value, { abortEarly: true });
  if (parsed.success) return ok(parsed.output);
  const name = parsed.issues[0].path?.[0]?.key;
  const isNameable = typeof name === 'string' && name.length <= 64;
  return err({ kind: 'invalidProperties', ...(isNameable ? { properties: [name] } : {}) });
}

/** Sealed things are bound to their id, so the client that seals chooses it. */
export function parseOwnId(value: string): Result<ItemId, SetError> {
  const id = parseId<ItemId>(value);
  if (id !== undefined) return ok(id);
  const description = 'The client chooses the id: 26 characters, base32 of 16 random bytes.';
  return err({ kind: 'invalidProperties', properties: ['id'], description });
}
