// Finds the mailboxes records name; what names none that lives goes to the inbox, so that no letter is out of sight.

import { uuids } from '../array-parameter.ts';
import type { Session } from '../session.ts';
import type { Uuid } from '../tables.ts';

const FIND = `
  SELECT w.account_id, w.mailbox_id AS wanted, m.mailbox_id IS NOT NULL AS is_there, coalesce(m.mailbox_id,
    (SELECT i.mailbox_id FROM mailbox i WHERE i.account_id = w.account_id AND i.role = 'inbox' AND i.removed_modseq IS NULL
     ORDER BY i.created_modseq, i.mailbox_id LIMIT 1)) AS found
  FROM unnest($1::uuid[], $2::uuid[]) AS w(account_id, mailbox_id)
  LEFT JOIN mailbox m ON m.account_id = w.account_id AND m.mailbox_id = w.mailbox_id AND m.removed_modseq IS NULL`;

export interface FoundMailbox {
  /** The mailbox itself, the inbox in its place, or null where not even that lives. */
  readonly mailbox: Uuid | null;
  readonly isThere: boolean;
}

export class MailboxLookup {
  readonly #wanted = new Map<string, readonly [account: Uuid, mailbox: Uuid]>();
  readonly #found = new Map<string, FoundMailbox>();

  want(account: Uuid, mailbox: Uuid): void {
    this.#wanted.set(account + mailbox, [account, mailbox]);
  }

  async load(tx: Session): Promise<void> {
    const pairs = [...this.#wanted.values()];
    if (pairs.length === 0) return;
    const rows = await tx.rows<{ account_id: Uuid; wanted: Uuid; is_there: boolean; found: Uuid | null }>(FIND, [
      uuids(pairs.map(([account]) => account)),
      uuids(pairs.map(([, mailbox]) => mailbox)),
    ]);
    for (const row of rows) this.#found.set(row.account_id + row.wanted, { mailbox: row.found, isThere: row.is_there });
  }

  get(account: Uuid, mailbox: Uuid): FoundMailbox {
    return this.#found.get(account + mailbox) ?? { mailbox: null, isThere: false };
  }
}
