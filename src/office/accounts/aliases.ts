// Aliases a person gives themselves and gives up: in the house's own domains, few, and never to be had by somebody else.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { AnswerBody } from '#formats/auth-wire/auth-answers.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import { readDomains, readOwnAddresses, type OwnAddressRow } from '#vault/database/addresses-read.ts';
import { isAddressTaken } from '#vault/database/accounts-read.ts';
import type { Reader } from '#vault/database/reader.ts';
import type { Command } from '#vault/journal/commands.ts';
import { addressFor } from './addresses.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter } from './counter.ts';
import { sessionActor } from './house.ts';
import type { LiveSession } from './sessions.ts';
import { withSignedChange } from './signed-change.ts';

type Decided = Promise<Result<Command, AuthRefusal>>;

export async function listAddresses(
  { house, options }: Counter,
  { accountId }: LiveSession,
): Promise<Result<AnswerBody<'addresses'>, AuthRefusal>> {
  const [rows, domains] = await Promise.all([readOwnAddresses(house.reader, accountId), readDomains(house.reader)]);
  const addresses = rows.filter((row) => !row.isRemoved).map(({ address, kind }) => ({ address, kind }));
  return ok({ addresses, domains: mainFirst(domains, options.domain), left: aliasesLeft(rows) });
}

/** The alias as it is stored. One that the person gave up before may be taken up again, by them alone. */
export async function addAlias(
  counter: Counter,
  session: LiveSession,
  of: RequestBody<'aliasAdd'>,
): Promise<Result<AnswerBody<'alias'>, AuthRefusal>> {
  let address = '';
  const done = await withSignedChange(counter, session, { kind: 'addressAdded', of }, () =>
    change(counter, session, async (reader): Decided => {
      const wanted = aliasFor(of.address, mainFirst(await readDomains(reader), counter.options.domain));
      if (wanted === undefined || wanted === counter.options.deskAddress) return err({ kind: 'addressInvalid' });
      const rows = await readOwnAddresses(reader, session.accountId);
      const own = rows.find((row) => row.address === wanted);
      if (own?.isRemoved === false || (own === undefined && (await isAddressTaken(reader, wanted)))) {
        return err({ kind: 'addressTaken' });
      }
      if (aliasesLeft(rows, own) <= 0) return err({ kind: 'tooMany' });
      address = wanted;
      return ok({ kind: 'addressAdded', effect: { address: wanted, kind: 'alias' } });
    }),
  );
  return done.ok ? ok({ address }) : done;
}

/** Takes no letters any more; it stays the person's, so that nobody else gets letters meant for them. */
export function removeAlias(
  counter: Counter,
  session: LiveSession,
  of: RequestBody<'aliasRemove'>,
): Promise<Result<void, AuthRefusal>> {
  return withSignedChange(counter, session, { kind: 'addressRemoved', of }, () =>
    change(counter, session, async (reader): Decided => {
      const rows = await readOwnAddresses(reader, session.accountId);
      const own = rows.find((row) => row.address === of.address && !row.isRemoved);
      if (own?.kind !== 'alias') return err({ kind: 'gone' });
      return ok({ kind: 'addressRemoved', effect: { address: own.address } });
    }),
  );
}

/** Decided at the commit door: addresses are the whole house's, somebody may be faster. */
async function change(
  { house }: Counter,
  { accountId, sessionId }: LiveSession,
  decide: (reader: Reader) => Decided,
): Promise<Result<void, AuthRefusal>> {
  const done = await house.door.commit<AuthRefusal>(accountId, sessionActor(sessionId), decide);
  if (done.ok) return ok(undefined);
  const { error } = done;
  return err(error.kind === 'unavailable' || error.kind === 'diskFull' ? { kind: 'serverUnavailable' } : error);
}

function mainFirst(domains: readonly string[], main: string): string[] {
  return [...domains.filter((one) => one === main), ...domains.filter((one) => one !== main)];
}

/** `sales` stands in the first domain; undefined for what nobody may have. */
function aliasFor(text: string, domains: readonly string[]): string | undefined {
  const at = text.lastIndexOf('@');
  const local = at < 0 ? text : text.slice(0, at);
  const domain =
    at < 0
      ? domains[0]
      : text
          .slice(at + 1)
          .trim()
          .toLowerCase();
  return domain !== undefined && domains.includes(domain) ? addressFor(local, domain) : undefined;
}

/** `again`: an own one that was given up does not count as a further one. */
function aliasesLeft(rows: readonly OwnAddressRow[], again?: OwnAddressRow): number {
  const { aliasesMax, aliasesEverMax } = limits.account;
  const aliases = rows.filter((row) => row.kind === 'alias');
  const inUse = aliases.filter((row) => !row.isRemoved).length;
  const ever = again === undefined ? aliases.length : aliases.length - 1;
  return Math.max(0, Math.min(aliasesMax - inUse, aliasesEverMax - ever));
}
