// The session resource: what this server can do for whom, and where (RFC 8620 §2).

import { createHash } from 'node:crypto';
import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { CORE, MAIL, QUOTA, SEALED, SUBMISSION } from '#formats/jmap/capabilities.ts';
import { emailSortOptions } from '#formats/jmap/email-query.ts';
import type { Members } from './method.ts';

/** An account of several holders. */
export interface HeldFacts {
  readonly accountId: AccountId;
  readonly name: string;
}

export interface SessionFacts {
  readonly accountId: AccountId;
  /** Own addresses, the first is shown. */
  readonly addresses: readonly string[];
  /** Accounts this one holds beside itself. */
  readonly held: readonly HeldFacts[];
  /** Scheme, host and port as the client reaches them. */
  readonly origin: string;
}

const core = {
  maxSizeUpload: limits.http.uploadBytes,
  maxConcurrentUpload: limits.jmap.concurrentUpload,
  maxSizeRequest: limits.jmap.sizeRequestBytes,
  maxConcurrentRequests: limits.jmap.concurrentRequests,
  maxCallsInRequest: limits.jmap.callsInRequest,
  maxObjectsInGet: limits.jmap.objectsInGet,
  maxObjectsInSet: limits.jmap.objectsInSet,
  collationAlgorithms: [],
};

const ofAccount: Readonly<Record<string, Members>> = {
  [CORE]: {},
  [MAIL]: {
    maxMailboxesPerEmail: limits.jmap.mailboxesPerLetterMax,
    maxMailboxDepth: limits.account.mailboxDepthMax,
    maxSizeMailboxName: limits.account.folderNameBytes,
    maxSizeAttachmentsPerEmail: limits.smtp.letterBytes,
    emailQuerySortOptions: emailSortOptions,
    mayCreateTopLevelMailbox: true,
  },
  [SUBMISSION]: { maxDelayedSend: limits.queue.aheadMs / 1000, submissionExtensions: { FUTURERELEASE: [] } },
  [QUOTA]: {},
  [SEALED]: {
    version: 1,
    maxQueryLimit: limits.jmap.queryLimit,
    maxUndoSendMs: limits.jmap.undoSendMs,
    maxRecipients: limits.queue.recipientsMax,
    maxSizeLetter: limits.smtp.letterBytes,
    maxTermsInGet: limits.jmap.termsInGet,
    maxSizeItem: limits.account.itemBytes,
    maxSizeSealedName: limits.account.folderNameBytes,
    maxSizeSealedBlob: limits.jmap.sealedBlobBytes,
    maxItemsInCollection: limits.account.itemsMax,
  },
};

export function sessionObject({ accountId, addresses, held, origin }: SessionFacts): Members {
  const username = addresses[0] ?? accountId;
  const names = Object.keys(ofAccount);
  const session = {
    capabilities: { ...Object.fromEntries(names.map((name) => [name, {}])), [CORE]: core },
    accounts: {
      [accountId]: { name: username, isPersonal: true, isReadOnly: false, accountCapabilities: ofAccount },
      ...Object.fromEntries(
        held.map((one) => [
          one.accountId,
          { name: one.name, isPersonal: false, isReadOnly: false, accountCapabilities: ofAccount },
        ]),
      ),
    },
    primaryAccounts: Object.fromEntries(names.map((name) => [name, accountId])),
    username,
    apiUrl: `${origin}/jmap/api`,
    downloadUrl: `${origin}/jmap/download/{accountId}/{blobId}/{name}?type={type}`,
    uploadUrl: `${origin}/jmap/upload/{accountId}`,
    eventSourceUrl: `${origin}/jmap/events?types={types}&closeafter={closeafter}&ping={ping}`,
  };
  return { ...session, state: sessionState(addresses, held) };
}

/** Changes when anything of the session object does: its addresses, and the accounts it holds. */
export function sessionState(addresses: readonly string[], held: readonly HeldFacts[]): string {
  return createHash('sha256')
    .update(JSON.stringify([core, ofAccount, addresses, held]))
    .digest('base64url')
    .slice(0, 16);
}
