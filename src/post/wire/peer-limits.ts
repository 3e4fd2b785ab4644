// Limits by connection and by peer, in RAM only: nothing about a peer outlives the process or is written anywhere.

import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';

export interface PeerLimitOptions {
  readonly connectionsMax: number;
  readonly connectionsPerPeerMax: number;
  readonly peerErrorsMax: number;
  readonly peerErrorsWindowMs: number;
  readonly peersMax: number;
}

export type PeerRefusal =
  | { readonly kind: 'tooManyConnections' }
  | { readonly kind: 'tooManyFromPeer' }
  | { readonly kind: 'tooManyPeerErrors' };

export interface PeerLimits {
  /** Counts a connection in, or refuses it. `exempt`: our own networks and LMTP, which only the total binds. */
  admit(peer: string, exempt: boolean): Result<PeerSeat, PeerRefusal>;
  readonly connections: number;
}

export interface PeerSeat {
  /** An error of this peer's; beyond the budget new connections of it are refused until the window is over. */
  noteError(): void;
  leave(): void;
}

interface PeerState {
  connections: number;
  errors: number;
  windowEndsMs: number;
}

export function createPeerLimits(clock: Clock, options: PeerLimitOptions): PeerLimits {
  const peers = new Map<string, PeerState>();
  let connections = 0;

  function stateOf(key: string): PeerState {
    const nowMs = clock.monotonicMs();
    const known = peers.get(key);
    if (known !== undefined) {
      if (nowMs >= known.windowEndsMs) {
        known.errors = 0;
        known.windowEndsMs = nowMs + options.peerErrorsWindowMs;
      }
      return known;
    }
    if (peers.size >= options.peersMax) dropOldestIdle();
    const fresh = { connections: 0, errors: 0, windowEndsMs: nowMs + options.peerErrorsWindowMs };
    peers.set(key, fresh);
    return fresh;
  }

  function dropOldestIdle(): void {
    for (const [key, state] of peers) {
      if (state.connections > 0) continue;
      peers.delete(key);
      return;
    }
  }

  return {
    admit(peer, exempt) {
      if (connections >= options.connectionsMax) return err({ kind: 'tooManyConnections' });
      const state = exempt ? undefined : stateOf(peerKey(peer));
      if (state !== undefined && state.connections >= options.connectionsPerPeerMax)
        return err({ kind: 'tooManyFromPeer' });
      if (state !== undefined && state.errors >= options.peerErrorsMax) return err({ kind: 'tooManyPeerErrors' });
      connections++;
      if (state !== undefined) state.connections++;
      let seated = true;
      return ok({
        noteError() {
          if (state !== undefined) state.errors++;
        },
        leave() {
          if (!seated) return;
          seated = false;
          connections--;
          if (state !== undefined) state.connections--;
        },
      });
    },
    get connections() {
      return connections;
    },
  };
}

/** One IPv6 customer holds a /64. */
function peerKey(peer: string): string {
  if (!peer.includes(':')) return peer;
  const [head = '', tail] = peer.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - rest.length;
  return [...groups, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...rest].slice(0, 4).join(':');
}
