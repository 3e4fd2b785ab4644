// What the sign-in document may ask the key worker: like Entry, but keys stay in the worker and only the session comes back.

import type { Result } from '#base/result.ts';
import type { Entry, EntryRefusal, SessionInfo, SignedIn } from '../backend.ts';
import { openKeep, putKeep } from './device-keep.ts';

export type PageStep =
  | { readonly step: 'done'; readonly session: SessionInfo }
  | { readonly step: 'code' }
  | { readonly step: 'wait'; readonly untilMs: number }
  | { readonly step: 'closed'; readonly reopenUntilMs: number };

export interface PageEntry {
  /** Whether this browser still has an open session and the keys to it. */
  isOpen(): Promise<boolean>;
  invitation: Entry['invitation'];
  signUp(of: Parameters<Entry['signUp']>[0]): Promise<Result<SessionInfo, EntryRefusal>>;
  signIn(of: Parameters<Entry['signIn']>[0]): Promise<Result<PageStep, EntryRefusal>>;
  codeLost(): Promise<Result<PageStep, EntryRefusal>>;
  giveCode(code: string): Promise<Result<PageStep, EntryRefusal>>;
  reopen(): Promise<Result<PageStep, EntryRefusal>>;
  recover(of: Parameters<Entry['recover']>[0]): Promise<Result<PageStep, EntryRefusal>>;
  changePassword(of: {
    readonly plainOldPassword: string;
    readonly plainNewPassword: string;
  }): Promise<Result<SessionInfo, EntryRefusal>>;
}

type Share = () => Promise<Uint8Array<ArrayBuffer> | undefined>;

export function pageEntry(entry: Entry, share: Share): PageEntry {
  const keep = async (signedIn: SignedIn): Promise<SessionInfo> => {
    const live = await share();
    // Without it nothing could be kept, and the mailbox would send one straight back here.
    if (!live) throw new Error('the session gave no share');
    await putKeep(signedIn, live);
    return signedIn.session;
  };
  const kept = async (result: Result<SignedIn, EntryRefusal>): Promise<Result<SessionInfo, EntryRefusal>> =>
    result.ok ? { ok: true, value: await keep(result.value) } : result;
  const step = async (result: Awaited<ReturnType<Entry['signIn']>>): Promise<Result<PageStep, EntryRefusal>> => {
    if (!result.ok) return result;
    if (result.value.step !== 'done') return { ok: true, value: result.value };
    return { ok: true, value: { step: 'done', session: await keep(result.value.signedIn) } };
  };
  return {
    isOpen: async () => (await openKeep(share)) !== undefined,
    invitation: (code) => entry.invitation(code),
    signUp: async (of) => kept(await entry.signUp(of)),
    signIn: async (of) => step(await entry.signIn(of)),
    codeLost: async () => step(await entry.codeLost()),
    giveCode: async (code) => step(await entry.giveCode(code)),
    reopen: async () => step(await entry.reopen()),
    recover: async (of) => step(await entry.recover(of)),
    changePassword: async (of) => {
      const signedIn = await openKeep(share);
      if (!signedIn) return { ok: false, error: { kind: 'handle-expired' } };
      return kept(await entry.changePassword({ ...of, signedIn }));
    },
  };
}
