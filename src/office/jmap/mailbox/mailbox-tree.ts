// The mailboxes of one account while a Mailbox/set works on them: parents, depth, and what may stand where.

import { err, ok, type Result } from '#base/result.ts';
import { parseId, type MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import type { SetError } from '#formats/jmap/errors.ts';
import type { MailboxRow } from '#vault/database/read-mailboxes.ts';

export class MailboxTree {
  readonly #byId: Map<MailboxId, MailboxRow>;

  constructor(mailboxes: readonly MailboxRow[]) {
    this.#byId = new Map(mailboxes.map((mailbox) => [mailbox.id, mailbox]));
  }

  find(id: string): MailboxRow | undefined {
    const known = parseId<MailboxId>(id);
    return known === undefined ? undefined : this.#byId.get(known);
  }

  put(mailbox: MailboxRow): void {
    this.#byId.set(mailbox.id, mailbox);
  }

  drop(id: MailboxId): void {
    this.#byId.delete(id);
  }

  hasChild(id: MailboxId): boolean {
    return [...this.#byId.values()].some((mailbox) => mailbox.parentId === id);
  }

  get inbox(): MailboxRow | undefined {
    return [...this.#byId.values()].find((mailbox) => mailbox.role === 'inbox');
  }

  get isFull(): boolean {
    return this.#byId.size >= limits.account.mailboxesMax;
  }

  /** Whether `id` with all below it may stand under `parentId`. */
  checkPlace(id: MailboxId | undefined, parentId: MailboxId | undefined): Result<void, SetError> {
    let depth = 1;
    for (let at = parentId; at !== undefined; at = this.#byId.get(at)?.parentId) {
      if (at === id) return err(invalid('parentId', 'A mailbox cannot stand below itself.'));
      if (!this.#byId.has(at)) return err(invalid('parentId', 'There is no such mailbox.'));
      depth++;
    }
    if (depth + (id === undefined ? 0 : this.#depthBelow(id)) > limits.account.mailboxDepthMax) {
      return err(invalid('parentId', `Mailboxes stand at most ${limits.account.mailboxDepthMax} deep.`));
    }
    return ok(undefined);
  }

  #depthBelow(id: MailboxId): number {
    let deepest = 0;
    for (const mailbox of this.#byId.values()) {
      let distance = 0;
      let at: MailboxRow | undefined = mailbox;
      while (at !== undefined && at.id !== id) {
        distance++;
        at = at.parentId === undefined ? undefined : this.#byId.get(at.parentId);
      }
      if (at !== undefined) deepest = Math.max(deepest, distance);
    }
    return deepest;
  }
}

/** A sealed name as it travels → bytes. */
export function parseSealedName(value: unknown): Result<Uint8Array<ArrayBuffer>, SetError> {
  const bytes = typeof value === 'string' ? fromBase64(value) : undefined;
  if (bytes === undefined || bytes.length === 0 || bytes.length > limits.account.folderNameBytes) {
    return err(
      invalid('siegelSealedName', `A sealed name is base64url of 1 to ${limits.account.folderNameBytes} bytes.`),
    );
  }
  return ok(bytes);
}

export function invalid(property: string, description: string): SetError {
  return { kind: 'invalidProperties', properties: [property], description };
}
