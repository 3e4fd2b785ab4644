// Quota/get, /changes, /query, /queryChanges: one quota, the bytes an account's letters may take (RFC 9425).

import * as v from 'valibot';
import { err, ok } from '#base/result.ts';
import { QUOTA } from '#formats/jmap/capabilities.ts';
import { invalidFilter, matchesFilter, parseFilter } from '#formats/jmap/filter.ts';
import { readWindow, startOfWindow } from '#formats/jmap/query-window.ts';
import {
  boundIds,
  changesShape,
  getShape,
  pick,
  queryChangesShape,
  queryShape,
  readArguments,
  readProperties,
} from '#formats/jmap/standard-arguments.ts';
import { reading, type Call } from '../method.ts';
import { requireStates } from '../states.ts';

const properties = [
  'id',
  'resourceType',
  'used',
  'hardLimit',
  'scope',
  'name',
  'types',
  'warnLimit',
  'softLimit',
  'description',
] as const;
const ID = 'letters';

async function readQuota(call: Call): Promise<{ state: string; quota: Readonly<Record<string, unknown>> }> {
  const { usedBytes, quotaBytes } = await requireStates(call);
  const quota = {
    id: ID,
    resourceType: 'octets',
    used: usedBytes,
    hardLimit: quotaBytes,
    scope: 'account',
    name: 'Letters',
    types: ['Email'],
    warnLimit: null,
    softLimit: null,
    description: null,
  };
  return { state: `${usedBytes}-${quotaBytes}`, quota };
}

export const quotaGet = reading('Quota/get', QUOTA, async (args, call) => {
  const read = readArguments(getShape, args);
  if (!read.ok) return read;
  const wanted = readProperties(read.value.properties, properties);
  if (!wanted.ok) return wanted;
  const ids = boundIds(read.value.ids ?? [ID]);
  if (!ids.ok) return ids;
  const { state, quota } = await readQuota(call);
  return ok({
    state,
    list: ids.value.includes(ID) ? [pick(quota, wanted.value)] : [],
    notFound: ids.value.filter((id) => id !== ID),
  });
});

/** The state is the numbers themselves: another state means the one quota changed. */
export const quotaChanges = reading('Quota/changes', QUOTA, async (args, call) => {
  const read = readArguments(changesShape, args);
  if (!read.ok) return read;
  const { sinceState } = read.value;
  if (!/^\d+-\d+$/.test(sinceState)) return err({ kind: 'cannotCalculateChanges' });
  const { state } = await readQuota(call);
  const isChanged = sinceState !== state;
  const onlyUsed = sinceState.split('-')[1] === state.split('-')[1];
  return ok({
    oldState: sinceState,
    newState: state,
    hasMoreChanges: false,
    created: [],
    updated: isChanged ? [ID] : [],
    destroyed: [],
    updatedProperties: isChanged && onlyUsed ? ['used'] : null,
  });
});

const conditionShape = v.strictObject({
  name: v.optional(v.string()),
  scope: v.optional(v.string()),
  resourceType: v.optional(v.string()),
  type: v.optional(v.string()),
});
const sortShape = v.nullish(
  v.array(v.strictObject({ property: v.picklist(['name', 'used']), isAscending: v.optional(v.boolean()) })),
);

export const quotaQuery = reading('Quota/query', QUOTA, async (args, call) => {
  const read = readArguments(queryShape, args);
  if (!read.ok) return read;
  const filter = parseFilter(read.value.filter, (condition) => {
    const shape = v.safeParse(conditionShape, condition);
    return shape.success ? ok(shape.output) : err(invalidFilter('A condition is unknown or of the wrong type.'));
  });
  if (!filter.ok) return filter;
  if (!v.is(sortShape, read.value.sort)) return err({ kind: 'unsupportedSort' });
  const { state } = await readQuota(call);
  const isThere = matchesFilter(
    filter.value,
    ({ name, scope, resourceType, type }) =>
      (name === undefined || 'Letters'.includes(name)) &&
      (scope === undefined || scope === 'account') &&
      (resourceType === undefined || resourceType === 'octets') &&
      (type === undefined || type === 'Email'),
  );
  const results = isThere ? [ID] : [];
  const window = readWindow(read.value);
  const anchorIndex = window.anchor === undefined ? undefined : results.indexOf(window.anchor);
  if (anchorIndex === -1) return err({ kind: 'anchorNotFound' });
  const position = startOfWindow(window, anchorIndex, results.length);
  return ok({
    queryState: state,
    canCalculateChanges: false,
    position,
    ids: results.slice(position, position + window.limit),
    ...(window.calculateTotal ? { total: results.length } : {}),
  });
});

export const quotaQueryChanges = reading('Quota/queryChanges', QUOTA, async (args) => {
  const read = readArguments(queryChangesShape, args);
  return read.ok ? err({ kind: 'cannotCalculateChanges' }) : read;
});
