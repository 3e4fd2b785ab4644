// How the few small files of a reporting machine are kept; programs/ brings the disk.

/** Each write is on the medium, whole, when it resolves. Names are ours and plain. */
export interface TelemetryFiles {
  /** Undefined: there is none. */
  read(name: string): Promise<string | undefined>;
  /** The old one or the new one stands there, never a part. */
  write(name: string, text: string): Promise<void>;
  /** One line more. */
  append(name: string, line: string): Promise<void>;
  remove(name: string): Promise<void>;
}

export const CONSENT_FILE = 'consent.json';
export const STATE_FILE = 'state.json';
export const SENT_FILE = 'sent.jsonl';
