// Sign-up: an invitation, an address and a password, nothing else. The first account of the house is its operator.

import { createHash } from 'node:crypto';
import { newId, type AccountId, type MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { AnswerBody } from '#formats/auth-wire/auth-answers.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { findInvite, hasAnyAccount, isAddressTaken, type InviteRow } from '#vault/database/accounts-read.ts';
import type { Reader } from '#vault/database/reader.ts';
import type { CommandOf, MailboxRole, MailboxState, Role } from '#vault/journal/commands.ts';
import { readerKeysFromPublic } from '#vault/sealing/reader-keys.ts';
import { addressFor } from './addresses.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter, SignedInStep, StartedSignUp } from './counter.ts';
import { SYSTEM } from './house.ts';
import { openSession } from './login-finish.ts';
import { STRETCHING } from './opaque-server.ts';

const ROLE_MAILBOXES: readonly MailboxRole[] = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash'];

/** What stands in the database for the code of an invitation. */
export function hashCode(code: string): Uint8Array {
  return createHash('sha256').update(code).digest();
}

/** Whether a code still invites, and to which domain. */
export async function readInvitation(
  counter: Counter,
  { code }: RequestBody<'invitation'>,
): Promise<Result<AnswerBody<'invitation'>, AuthRefusal>> {
  const invite = await findLivingInvite(counter, code);
  return invite ? ok({ domain: counter.options.domain }) : err({ kind: 'invitationUnknown' });
}

/** Registration of the password; the account's id is made here and lasts for ever. */
export async function startSignUp(
  counter: Counter,
  { code, localPart, registrationRequest }: RequestBody<'signupStart'>,
): Promise<Result<AnswerBody<'signupStart'>, AuthRefusal>> {
  const { house, options, opaque, signUps } = counter;
  if (!(await findLivingInvite(counter, code))) return err({ kind: 'invitationUnknown' });
  const address = addressFor(localPart, options.domain);
  if (address === undefined || address === options.deskAddress) return err({ kind: 'addressInvalid' });
  if (await isAddressTaken(house.reader, address)) return err({ kind: 'addressTaken' });
  const accountId = newId<AccountId>();
  const registered = opaque.register(accountId, registrationRequest);
  if (!registered) return err({ kind: 'badRequest' });
  const { setupId, registrationResponse } = registered;
  return ok({
    signupId: signUps.put({ accountId, address, code, setupId }),
    address,
    doorKey: toBase64Url(house.kit.doorKey.publicKey),
    accountId,
    instanceId: house.kit.instanceId,
    setupId,
    registrationResponse,
    stretching: STRETCHING,
  });
}

/** The account is journalled, then its first session opened. */
export async function finishSignUp(
  counter: Counter,
  of: RequestBody<'signupFinish'>,
): Promise<Result<SignedInStep, AuthRefusal>> {
  const { house, opaque, signUps } = counter;
  const started = signUps.take(of.signupId);
  if (!started) return err({ kind: 'handleExpired' });
  const record = fromBase64(of.credential.record);
  if (!record || !opaque.isRecord(record) || !areKeysUsable(of, house.clock.nowMs())) {
    return err({ kind: 'keysUnusable' });
  }
  const created = await createAccount(counter, started, of);
  return created.ok ? openSession(counter, started.accountId, 1) : created;
}

/** Decided at the door, one sign-up at a time: somebody may have been faster. */
async function createAccount(
  counter: Counter,
  started: StartedSignUp,
  of: RequestBody<'signupFinish'>,
): Promise<Result<void, AuthRefusal>> {
  const { door } = counter.house;
  const created = await door.commit<AuthRefusal>(started.accountId, SYSTEM, async (reader) => {
    const invite = await findLivingInvite(counter, started.code, reader);
    if (!invite) return err({ kind: 'invitationUnknown' });
    if (await isAddressTaken(reader, started.address)) return err({ kind: 'addressTaken' });
    const role = (await hasAnyAccount(reader)) ? invite.role : 'operator';
    return ok(accountCreated(started, of, { role, invite }));
  });
  if (created.ok) return ok(undefined);
  const { error } = created;
  return err(error.kind === 'unavailable' || error.kind === 'diskFull' ? { kind: 'serverUnavailable' } : error);
}

function accountCreated(
  { address, setupId }: StartedSignUp,
  of: RequestBody<'signupFinish'>,
  { role, invite }: { readonly role: Role; readonly invite: InviteRow },
): CommandOf<'accountCreated'> {
  return {
    kind: 'accountCreated',
    effect: {
      role,
      address,
      inviteId: invite.inviteId,
      keys: of.keys,
      credential: { ...of.credential, version: 1, setupId },
      wraps: [],
      keyring: of.keyring,
      manifest: of.manifest,
      mailboxes: ROLE_MAILBOXES.map(mailboxOf),
      quotaBytes: limits.account.quotaBytes,
    },
  };
}

async function findLivingInvite(
  { house }: Counter,
  code: string,
  reader: Reader = house.reader,
): Promise<InviteRow | undefined> {
  const invite = await findInvite(reader, hashCode(code));
  return invite && !invite.isUsed && invite.expiresMs > house.clock.nowMs() ? invite : undefined;
}

/** Refused now rather than at the first letter: the door must be able to seal with them. */
function areKeysUsable({ keys }: RequestBody<'signupFinish'>, nowMs: number): boolean {
  const certificate = fromBase64(keys.certificate);
  const summaryKey = fromBase64(keys.summaryKey);
  if (!certificate || !summaryKey || fromBase64(keys.authKey)?.length !== 32) return false;
  return readerKeysFromPublic(certificate, summaryKey, { version: keys.version, nowMs }).ok;
}

function mailboxOf(role: MailboxRole, place: number): MailboxState {
  return { id: newId<MailboxId>(), parentId: null, role, sealedName: '', sortOrder: place * 10 };
}
