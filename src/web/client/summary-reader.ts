// Opens sealed summaries and checks who vouches for them; what does not fit is `altered`, never shown as a letter.

import type { LetterId } from '#base/ids.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { sha256 } from '#vault/sealing/derive.ts';
import { checkSummary, openSummary, openTerms, summaryKeysOf } from '#vault/sealing/client/open-summary.ts';
import type { OpenedSummary, SummaryKeys, Trusted } from '#vault/sealing/client/open-summary.ts';
import type { SealedSummaryRow } from './mail-reads.ts';
import type { OpenedAccount } from './opened-account.ts';

export interface SummaryReader {
  /** Undefined: altered in storage, or sealed to a key this account does not have. */
  open(row: SealedSummaryRow): Promise<OpenedSummary | undefined>;
  /** Search words; empty where there are none or they do not belong to the summary. */
  words(row: SealedSummaryRow, opened: OpenedSummary): Promise<readonly string[]>;
}

export async function createSummaryReader(account: OpenedAccount): Promise<SummaryReader> {
  const { accountId } = account.keys.rootKey;
  const keys: SummaryKeys = await summaryKeysOf(account.keyring);
  const trusted: Trusted = {
    doorKeys: new Map([[toBase64Url(sha256(account.doorKey).subarray(0, 8)), account.doorKey]]),
    accountKeys: account.keys,
  };
  const place = (letterId: LetterId) => ({ accountId, letterId });
  return {
    async open(row) {
      const sealed = row.summary === null ? undefined : fromBase64(row.summary);
      if (!sealed) return undefined;
      const opened = await openSummary(sealed, place(row.id), keys);
      if (!opened.ok) return undefined;
      const checked = await checkSummary(opened.value, trusted);
      return checked.ok ? opened.value : undefined;
    },
    async words(row, opened) {
      const sealed = row.terms ? fromBase64(row.terms) : undefined;
      if (!sealed) return [];
      const terms = await openTerms(sealed, opened, keys);
      return terms.ok ? terms.value.words : [];
    },
  };
}
