// The contract between the queue, which decides when a letter leaves, and the transport, which takes it to a peer.

/** A letter for recipients of one domain. */
export interface Parcel {
  /** The envelope's sender; '' for notices. */
  readonly mailFrom: string;
  readonly domain: string;
  readonly recipients: readonly string[];
  readonly bytes: Uint8Array;
}

export type RecipientOutcomeKind = 'delivered' | 'deferred' | 'failed';

/** How the way to the peer was closed: with a proven name, with any certificate, or not at all. */
export type WireSecrecy = 'verified' | 'encrypted' | 'none';

export interface RecipientOutcome {
  readonly address: string;
  readonly kind: RecipientOutcomeKind;
  /** The peer's reply code (RFC 5321 §4.2); 0 where no peer answered. */
  readonly code: number;
  /** RFC 3463, as in '5.1.1'. */
  readonly enhanced: string;
  /** The peer's words or ours: for memory and sealed notices only, never for a log or a disk. */
  readonly plainText: string;
  readonly tls: WireSecrecy;
}

/**
 * Awaited with each final outcome ('delivered' or 'failed'), once for each recipient: directly after the answer of a peer that
 * decides, before anything else is sent on that connection; at the end with what was decided without a peer. 'deferred'
 * decides nothing and comes with the result only, which names every recipient.
 */
export type Settled = (outcomes: readonly RecipientOutcome[]) => Promise<void>;

export interface Transport extends AsyncDisposable {
  /** Resolves when every recipient has an outcome; refusals are outcomes, it rejects for our own mistakes only. */
  deliver(parcel: Parcel, settled: Settled): Promise<readonly RecipientOutcome[]>;
}
