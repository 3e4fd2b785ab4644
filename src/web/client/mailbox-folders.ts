// Folders: names opened here, made and renamed under sealed names that are bound to an id chosen here.

import * as v from 'valibot';
import { newId, type MailboxId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { openFolderName, sealFolderName } from '#vault/sealing/client/item.ts';
import type { Backend, ChangeRefusal, MailboxInfo } from '../backend.ts';
import type { Members } from './jmap-client.ts';
import { readMailboxes } from './mail-reads.ts';
import type { OpenSession } from './open-session.ts';

type Folders = Pick<Backend, 'mailboxes' | 'createMailbox' | 'renameMailbox' | 'removeMailbox'>;
type Done = Result<undefined, ChangeRefusal>;

export function createFolders({ jmap, account }: OpenSession): Folders {
  const { keys } = account;
  return {
    async mailboxes() {
      const read = await readMailboxes(jmap);
      if (!read.ok) return [];
      const infos: MailboxInfo[] = [];
      for (const { id, role, parentId, sortOrder, totalEmails, unreadEmails, siegelSealedName } of read.value) {
        const sealed = siegelSealedName ? fromBase64(siegelSealedName) : undefined;
        const name = sealed && sealed.length > 0 ? await openFolderName(keys, id, sealed) : '';
        infos.push({
          id,
          role: role ?? undefined,
          name: name ?? '',
          parentId: parentId ?? undefined,
          sortOrder,
          total: totalEmails,
          unread: unreadEmails,
        });
      }
      return infos;
    },
    async createMailbox(name, parentId) {
      const id = newId<MailboxId>();
      const siegelSealedName = toBase64Url(await sealFolderName(keys, id, name));
      const create = { made: { id, parentId: parentId ?? null, siegelSealedName } };
      const answer = await jmap.run([['Mailbox/set', { create }]]);
      if (!answer.ok) return answer;
      return 'made' in membersOf(answer.value[0]?.['created']) ? ok({ id }) : setRefusal(answer.value[0], 'notCreated');
    },
    async renameMailbox(id, name) {
      const siegelSealedName = toBase64Url(await sealFolderName(keys, id, name));
      const answer = await jmap.run([['Mailbox/set', { update: { [id]: { siegelSealedName } } }]]);
      return answer.ok ? setDone(answer.value[0], 'notUpdated') : answer;
    },
    async removeMailbox(id) {
      // Only an empty folder goes: removing one never erases letters.
      const answer = await jmap.run([['Mailbox/set', { destroy: [id] }]]);
      return answer.ok ? setDone(answer.value[0], 'notDestroyed') : answer;
    },
  };
}

const REFUSALS: Readonly<Record<string, ChangeRefusal['kind']>> = {
  notFound: 'gone',
  forbidden: 'not-allowed',
  mailboxHasChild: 'not-allowed',
  mailboxHasEmail: 'not-allowed',
  invalidProperties: 'not-allowed',
  overQuota: 'too-many',
  tooManyKeywords: 'too-many',
  tooManyMailboxes: 'too-many',
  willDestroy: 'gone',
};

/** The first object a /set could not change decides what the person is told. */
export function setDone(result: Members | undefined, list: 'notCreated' | 'notUpdated' | 'notDestroyed'): Done {
  const [first] = Object.values(membersOf(result?.[list]));
  return first === undefined ? ok(undefined) : err(kindOf(first));
}

function setRefusal(result: Members | undefined, list: 'notCreated'): Result<never, ChangeRefusal> {
  return err(kindOf(Object.values(membersOf(result?.[list]))[0]));
}

function kindOf(error: unknown): ChangeRefusal {
  const type = membersOf(error)['type'];
  return { kind: (typeof type === 'string' ? REFUSALS[type] : undefined) ?? 'server-unavailable' };
}

export function membersOf(value: unknown): Members {
  const parsed = v.safeParse(v.record(v.string(), v.unknown()), value);
  return parsed.success ? parsed.output : {};
}
