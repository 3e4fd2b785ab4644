// What the room found about its machine when it started: published, and part of every receipt by its digest.

import { createHash } from 'node:crypto';
import type { TransitFinding } from '#base/config/options.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { CheckedStore } from '../store/check-redis.ts';

/** What could let plaintext outlive its work. */
export type FindingKind = TransitFinding;

export interface Finding {
  readonly kind: FindingKind;
  readonly isMet: boolean;
  /** What was seen, in a few words. */
  readonly seen: string;
  /** What the operator can do about it; empty where it is met. */
  readonly whatToDo: string;
  /** The operator let it pass by name. */
  readonly isAccepted: boolean;
}

/** The version of LibreOffice, or why Office documents go back as they came. */
export type OfficeCheck = { readonly version: string } | { readonly why: 'notInstalled' | 'noSandbox' | 'swap' };

export interface SelfCheck {
  readonly checkedMs: number;
  readonly findings: readonly Finding[];
  /** What the workers are shut in with beside bounds and permissions. */
  readonly sandbox?: 'bubblewrap' | 'none';
  readonly office?: OfficeCheck;
  /** What a store outside the room's own memory proved at the start; each new connection proves it again. */
  readonly store?: CheckedStore & { readonly over: 'socket' | 'tls' };
}

/** What the room may start with: everything is met, or accepted by name. */
export function mayStart({ findings }: SelfCheck): boolean {
  return findings.every(({ isMet, isAccepted }) => isMet || isAccepted);
}

/** Whether a room that found this is there: one that never looked is not. */
export function isOpen(check: SelfCheck): boolean {
  return check.findings.length > 0 && mayStart(check);
}

/** SHA-256 over canonical JSON, hex. */
export function selfCheckDigest(check: SelfCheck): string {
  return createHash('sha256').update(canonicalJson(check)).digest('hex');
}
