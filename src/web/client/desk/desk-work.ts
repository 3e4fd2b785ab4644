// The desk's work in the worker: what the page asks is done with the account's keys and a policy that was checked here.

import type { PrivateKey } from 'openpgp';
import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { deskAnswers } from '#formats/auth-wire/desk-answers.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { parseCaseFile, sealCaseFile, type CaseFile } from '#formats/desk/case-file.ts';
import { commitTarget, digestOf } from '#formats/desk/digest.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { RosterMember } from '#formats/desk/policy-shape.ts';
import { privateKeysOf } from '#vault/sealing/client/open-letter.ts';
import type { DeskPerson, DeskRefused, DeskTrouble, DeskWork, PlainCase, PlainDocument } from '../../desk-work.ts';
import type { OpenSession } from '../open-session.ts';
import { asTrouble, askDesk } from './ask-desk.ts';
import { checkedPolicy, confirmFounders, memberIn, readFounders, type Checked } from './checked-policy.ts';
import { plainDocument } from './read-letter.ts';
import { checkStatement, signText } from './sign-statement.ts';

type Answer<T> = Promise<Result<T, DeskTrouble | DeskRefused>>;

export function createDeskWork(session: OpenSession, clock: Clock): DeskWork {
  const { reach } = session;
  const path = (filing: string): string => `/desk/filings/${encodeURIComponent(filing)}`;
  return {
    async deskPolicy() {
      const checked = await checkedPolicy(session);
      if (!checked.ok) return checked;
      const { policy, founders } = checked.value;
      const roster = policy.roster.map((one) => shown(one));
      return ok({
        sha256: policyDigest(policy),
        dated: policy.dated,
        roster,
        founders: founders.map((one) => shown(one)),
      });
    },
    async deskFounders() {
      const founders = await readFounders(session);
      return founders.ok ? ok(founders.value.map((one) => shown(one))) : founders;
    },
    confirmDeskFounders: (fingerprints) => confirmFounders(session, fingerprints),
    async giveVerdict(said) {
      const own = await openOwn(session);
      if (!own.ok) return own;
      const { me, key, policy } = own.value;
      const { filing, verdict, reasons, items } = said;
      const seen = await askDesk(reach, path(filing), deskAnswers.filing);
      if (!seen.ok) return seen;
      const wished = { verdict, reasons, items };
      const made = await askDesk(reach, `${path(filing)}/statement`, deskAnswers.statement, wished);
      if (!made.ok) return made;
      const { statement } = made.value;
      const expected = { said, me, policy: policyDigest(policy), caseFiles: seen.value.caseFiles };
      if (checkStatement(statement, expected, clock) === undefined) return err({ kind: 'other-statement' });
      const signature = await signText(statement, key, clock.nowMs());
      return askDesk(reach, `${path(filing)}/review`, deskAnswers.changed, { statement, signature });
    },
    async fileRequest({ given, plainTarget, documents, arrival }) {
      const checked = await checkedPolicy(session);
      if (!checked.ok) return checked;
      const random = crypto.getRandomValues(new Uint8Array(32));
      const isAboutSomebody = plainTarget !== '';
      const targets = isAboutSomebody ? [{ target: plainTarget, random }] : [];
      const caseFile =
        isAboutSomebody || documents.length > 0 ? await seal({ targets, documents }, checked.value) : null;
      const target = isAboutSomebody ? commitTarget(random, plainTarget) : null;
      return askDesk(reach, '/desk/filings', deskAnswers.changed, {
        given: withTarget(given, target),
        caseFile,
        ...(arrival !== undefined && { arrival }),
      });
    },
    async addToCase(filing, documents) {
      const checked = await checkedPolicy(session);
      if (!checked.ok) return checked;
      const caseFile = await seal({ targets: [], documents }, checked.value);
      const added = await askDesk(reach, `${path(filing)}/file`, deskAnswers.changed, { caseFile });
      return added.ok ? ok(undefined) : added;
    },
    async openArrival(file) {
      const opened = await openFile(session, file);
      return opened.ok ? ok(await plainDocuments(session, opened.value)) : opened;
    },
    openCase: (filing) => openCase(session, path(filing)),
  };
}

interface Own extends Checked {
  readonly me: RosterMember;
  readonly key: PrivateKey;
}

/** The key of this account that stands in the roster. */
async function openOwn(session: OpenSession): Answer<Own> {
  const checked = await checkedPolicy(session);
  if (!checked.ok) return checked;
  const keys = await privateKeysOf(session.account.keyring);
  const me = memberIn(checked.value.policy, new Set(keys.map((key) => key.getFingerprint())));
  const key = keys.find((one) => one.getFingerprint() === me?.fingerprint);
  return me === undefined || key === undefined ? err({ kind: 'not-in-roster' }) : ok({ ...checked.value, me, key });
}

async function seal(file: CaseFile, { policy }: Checked): Promise<string> {
  return toBase64Url(await sealCaseFile(file, policy.roster));
}

async function openCase(session: OpenSession, path: string): Promise<Result<PlainCase, DeskTrouble>> {
  const filing = asTrouble(await askDesk(session.reach, path, deskAnswers.filing));
  if (!filing.ok) return filing;
  const targets: PlainCase['targets'][number][] = [];
  const documents: PlainDocument[] = [];
  const committed = new Set(filing.value.items.map(({ target }) => target));
  for (const file of filing.value.caseFiles) {
    const opened = await openFile(session, file);
    if (!opened.ok) return opened;
    for (const { target, random } of opened.value.targets)
      targets.push({ target, isCommitted: committed.has(commitTarget(random, target)) });
    documents.push(...(await plainDocuments(session, opened.value)));
  }
  return ok({ targets, documents });
}

/** `file`: its SHA-256. */
async function openFile({ reach, account }: OpenSession, file: string): Promise<Result<CaseFile, DeskTrouble>> {
  const asked = asTrouble(await askDesk(reach, `/desk/files/${file}`, deskAnswers.file));
  if (!asked.ok) return asked;
  const sealed = fromBase64(asked.value.sealed);
  if (sealed === undefined || digestOf(sealed) !== file) return err({ kind: 'not-openable' });
  const opened = await open(await import('openpgp'), sealed, await privateKeysOf(account.keyring));
  return opened === undefined ? err({ kind: 'not-openable' }) : ok(opened);
}

function plainDocuments({ account }: OpenSession, { documents }: CaseFile): Promise<readonly PlainDocument[]> {
  return Promise.all(documents.map((one) => plainDocument(one, account.keyring)));
}

async function open(
  openpgp: typeof import('openpgp'),
  sealed: Uint8Array<ArrayBuffer>,
  decryptionKeys: PrivateKey[],
): Promise<CaseFile | undefined> {
  try {
    const message = await openpgp.readMessage({ binaryMessage: sealed });
    const { data } = await openpgp.decrypt({ message, decryptionKeys, format: 'binary' });
    const parsed = parseCaseFile(Uint8Array.from(data));
    return parsed.ok ? parsed.value : undefined;
  } catch {
    return undefined;
  }
}

/** Each of its items is about the same person. */
function withTarget(given: unknown, target: string | null): unknown {
  if (typeof given !== 'object' || given === null || !('items' in given) || !Array.isArray(given.items)) return given;
  const items: readonly unknown[] = given.items;
  return { ...given, items: items.map((item) => (typeof item === 'object' ? { ...item, target } : item)) };
}

function shown({ name, role, fingerprint }: RosterMember): DeskPerson {
  return { name, role, fingerprint };
}
