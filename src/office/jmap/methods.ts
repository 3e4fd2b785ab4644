// Every method of the API by name: the table the dispatcher reads.

import { blobCopy } from './blobs/blob-copy.ts';
import { coreEcho } from './core/echo.ts';
import { emailChanges, threadChanges } from './email/changes.ts';
import { emailGet } from './email/get.ts';
import { emailQuery, emailQueryChanges } from './email/query.ts';
import { emailImport } from './email/import.ts';
import { emailCopy, emailParse, searchSnippetGet } from './email/refused.ts';
import { emailDestroyNow, removedEmailGet, removedEmailRestore } from './email/removed-email.ts';
import { emailSet } from './email/set.ts';
import { threadGet } from './email/thread-get.ts';
import { identityChanges, identityGet, identitySet } from './identity/identity.ts';
import { quotaChanges, quotaGet, quotaQuery, quotaQueryChanges } from './identity/quota.ts';
import { mailboxChanges } from './mailbox/changes.ts';
import { mailboxGet } from './mailbox/get.ts';
import { mailboxQuery, mailboxQueryChanges } from './mailbox/query.ts';
import { mailboxSet } from './mailbox/set.ts';
import type { Method } from './method.ts';
import { blobMethods } from './sealed/blobs.ts';
import { cacheManifestGet, cacheManifestSet } from './sealed/cache-manifest.ts';
import { recipientKeyLookup } from './recipients/lookup.ts';
import { sealedEmailSet } from './sealed/email-set.ts';
import { sealedItemChanges, sealedItemGet, sealedItemQuery } from './sealed/item-get.ts';
import { sealedItemSet } from './sealed/item-set.ts';
import { sealedSummaryGet } from './sealed/summary-get.ts';
import { sealedSummarySet } from './sealed/summary-set.ts';
import { submissionChanges, submissionGet } from './submission/submission-get.ts';
import { submissionQuery, submissionQueryChanges } from './submission/submission-query.ts';
import { submissionSet } from './submission/submission-set.ts';

const all: readonly Method[] = [
  coreEcho,
  blobCopy,
  mailboxGet,
  mailboxChanges,
  mailboxQuery,
  mailboxQueryChanges,
  mailboxSet,
  threadGet,
  threadChanges,
  emailGet,
  emailChanges,
  emailQuery,
  emailQueryChanges,
  emailSet,
  emailCopy,
  emailImport,
  removedEmailGet,
  removedEmailRestore,
  emailDestroyNow,
  emailParse,
  searchSnippetGet,
  identityGet,
  identityChanges,
  identitySet,
  submissionGet,
  submissionChanges,
  submissionQuery,
  submissionQueryChanges,
  submissionSet,
  quotaGet,
  quotaChanges,
  quotaQuery,
  quotaQueryChanges,
  recipientKeyLookup,
  sealedEmailSet,
  sealedSummaryGet,
  sealedSummarySet,
  ...blobMethods('SealedPage', 'page'),
  ...blobMethods('SearchSegment', 'segment'),
  cacheManifestGet,
  cacheManifestSet,
  sealedItemGet,
  sealedItemChanges,
  sealedItemQuery,
  sealedItemSet,
];

export const methods: ReadonlyMap<string, Method> = new Map(all.map((method) => [method.name, method]));
