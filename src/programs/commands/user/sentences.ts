// Refusals of the client as sentences on the command line: what happened, what to do next.

import { err, type Err } from '#base/result.ts';
import type { AliasRefusal, ChangeRefusal, EntryRefusal, OpenRefusal } from '#web/backend.ts';
import type { SessionRefusal } from '#web/client/open-session.ts';
import type { SharedRefusal } from '#web/shared.ts';
import type { SendRefusal } from '#web/writing.ts';
import type { CommandRefusal } from '../../command.ts';

const ENTRY: Readonly<Record<EntryRefusal['kind'], string>> = {
  'invitation-unknown':
    'this invitation is not valid: it was used, is too old, or never was. Ask the operator for another.',
  'address-taken': 'this address is taken. Choose another one.',
  'address-invalid': 'this cannot be an address. Give the part before @: letters, digits, dots and hyphens.',
  'password-too-short': 'the password is too short: at least 8 characters.',
  'wrong-credentials': 'address or password is wrong.',
  'wrong-code': 'the code is wrong, or was used already. Wait for the next one.',
  'wrong-phrase': 'this mailbox needs its recovery phrase: the operator reset its password. Recover it on the page.',
  'too-many-tries': 'too many tries.',
  'handle-expired': 'this took too long. Run the command again.',
  'no-connection': 'the server does not answer. Is it running, and is --server right?',
  'server-unavailable': 'the server cannot do this now, or its answer does not fit your keys. Try again in a minute.',
};

export function refusedEntry({ kind, retryAfterMs }: EntryRefusal): Err<CommandRefusal> {
  const wait = retryAfterMs === undefined ? '' : ` Try again in ${Math.ceil(retryAfterMs / 1000)} seconds.`;
  return err({ kind: 'refused', reason: kind, sentence: ENTRY[kind] + wait });
}

const SESSION: Readonly<Record<SessionRefusal['kind'], string>> = {
  'signed-out': 'the session ended. Run the command again.',
  'no-connection': ENTRY['no-connection'],
  'server-unavailable': 'the server cannot answer now. Try again in a minute.',
  'keys-altered':
    'what the server shows of your account does not fit your keys. Nothing was opened; ask somebody you trust to look at the server.',
};

export function refusedSession({ kind }: SessionRefusal): Err<CommandRefusal> {
  return err({ kind: 'refused', reason: kind, sentence: SESSION[kind] });
}

const CHANGE: Readonly<Record<ChangeRefusal['kind'], string>> = {
  'no-connection': ENTRY['no-connection'],
  'server-unavailable': 'the server cannot answer now. Try again in a minute.',
  gone: 'this is not there any more.',
  'not-allowed': 'this is not allowed.',
  'too-many': 'this is too much at once, or there are too many already.',
  'signed-out': 'the session ended. Run the command again.',
};

export function refusedChange({ kind }: Pick<ChangeRefusal, 'kind'>): Err<CommandRefusal> {
  return err({ kind: 'refused', reason: kind, sentence: CHANGE[kind] });
}

const ALIAS = {
  'address-taken': 'this address is in use or was: an address is never given to another person.',
  'address-invalid':
    'this cannot be your address: it needs a domain of this house, and names such as postmaster belong to the house.',
  'too-many': 'there are too many aliases already, those given up included.',
} as const;

export function refusedAlias({ kind }: AliasRefusal): Err<CommandRefusal> {
  if (kind !== 'address-taken' && kind !== 'address-invalid' && kind !== 'too-many') return refusedChange({ kind });
  return err({ kind: 'refused', reason: kind, sentence: ALIAS[kind] });
}

const SHARED: Readonly<Record<Exclude<SharedRefusal['kind'], EntryRefusal['kind']>, string>> = {
  ...CHANGE,
  'no-key': 'nobody of this house has this address, or several people read it.',
  'key-changed': 'another key than the one known is shown for this person; compare it on the page first.',
  'keys-altered': 'what the server shows of this mailbox does not fit its keys. Nothing was opened.',
  'not-accepted': 'this mailbox was offered and not taken up: siegel user share accept.',
  self: 'nobody makes the keys that are kept from them: use siegel user share leave; another holder’s client makes them.',
  'last-holder':
    'nobody else opens this mailbox: without you it would be shut for ever. Nothing was changed. Add somebody first: siegel user share add.',
};

export function refusedShared({ kind }: SharedRefusal): Err<CommandRefusal> {
  const sentence = kind in ENTRY ? ENTRY[kind as EntryRefusal['kind']] : SHARED[kind as keyof typeof SHARED];
  return err({ kind: 'refused', reason: kind, sentence });
}

const OPEN: Readonly<Record<OpenRefusal['kind'], string>> = {
  altered: 'this letter was altered in storage: it does not fit its seal.',
  'no-key': 'no key of this account opens this letter.',
  gone: 'there is no letter with this id.',
  'no-connection': ENTRY['no-connection'],
  'server-unavailable': 'the server cannot answer now. Try again in a minute.',
  unreadable: 'this letter cannot be read.',
};

export function refusedOpening({ kind }: OpenRefusal): Err<CommandRefusal> {
  return err({ kind: 'refused', reason: kind, sentence: OPEN[kind] });
}

const SEND: Readonly<Record<SendRefusal['kind'], string>> = {
  'changed-elsewhere': 'another device changed this draft meanwhile. Nothing was sent; look at it again.',
  'no-recipient': 'nobody is named as a recipient: add --to.',
  'too-large': 'the letter is too large.',
  'too-many-recipients': 'there are too many recipients for one letter.',
  'too-many-today': 'no more letters today: the limit of this account is reached.',
  'not-allowed': 'this account may not send from this address.',
  'documents-alone': 'documents to be worked on go to that one address alone. Nothing was sent.',
  'documents-none': 'the letter holds no documents: add --attach.',
  'documents-too-long':
    'this takes longer than a letter can wait. Nothing was kept; hand the documents in at /transit, or use siegel transit optimise.',
  'documents-later': 'documents cannot be worked on now. Nothing was kept; try again in a minute.',
  'documents-refused': 'such a letter is not worked on. Nothing was kept.',
  'unknown-recipients': 'nobody has this address',
  'key-changed': 'another key than the one known is shown for this address; compare it on the page first',
  'would-be-unsealed': 'there is no key to seal with; --unsealed sends it in the clear to',
  'no-connection': ENTRY['no-connection'],
  'server-unavailable': 'the server cannot take the letter now; it is kept as a draft. Try again in a minute.',
  'signed-out': CHANGE['signed-out'],
};

export function refusedSending(refusal: SendRefusal): Err<CommandRefusal> {
  const named = 'addresses' in refusal ? `: ${refusal.addresses.join(', ')}.` : '';
  return err({ kind: 'refused', reason: refusal.kind, sentence: SEND[refusal.kind] + named });
}
