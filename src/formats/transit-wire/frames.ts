// A row of frames: one line of JSON each, with `bytes` in it when as many bytes follow.

import { err, ok, type Result } from '#base/result.ts';

export interface Frame {
  /** Not validated yet. */
  readonly head: unknown;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface FrameBounds {
  /** Of one line. */
  readonly headBytes: number;
  /** Of the bytes behind one line. */
  readonly bytes: number;
}

export type FrameRefusal = { readonly kind: 'notAFrame' | 'tooLarge' | 'cutOff' };

export interface FrameReader {
  /** Frames that are whole now; after a refusal the reader is of no more use. */
  push(piece: Uint8Array): Result<readonly Frame[], FrameRefusal>;
  /** `cutOff` when something was begun and not finished. */
  end(): Result<undefined, FrameRefusal>;
}

const LINE_END = 10;
const nothing: Uint8Array<ArrayBuffer> = new Uint8Array(0);

/** The line of a frame. `bytes`: how many follow it; 0 is not written. */
export function frameLine(head: object, bytes = 0): Uint8Array<ArrayBuffer> {
  const said = bytes === 0 ? head : { ...head, bytes };
  return new TextEncoder().encode(`${JSON.stringify(said)}\n`);
}

/** `bytes` in the line of a frame; undefined where it is no object or the number is none. */
function bytesOf(head: unknown): number | undefined {
  if (typeof head !== 'object' || head === null) return undefined;
  if (!('bytes' in head)) return 0;
  const { bytes } = head;
  return typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;
}

export function createFrameReader(bounds: FrameBounds): FrameReader {
  const line = new Uint8Array(bounds.headBytes);
  let lineLength = 0;
  /** What is being filled: the bytes behind a line. */
  let open: { readonly head: unknown; readonly bytes: Uint8Array<ArrayBuffer>; filled: number } | undefined;

  function openFrame(): Result<Frame | undefined, FrameRefusal> {
    const head = parseLine(line.subarray(0, lineLength));
    lineLength = 0;
    const size = bytesOf(head);
    if (size === undefined) return err({ kind: 'notAFrame' });
    if (size > bounds.bytes) return err({ kind: 'tooLarge' });
    if (size === 0) return ok({ head, bytes: nothing });
    open = { head, bytes: new Uint8Array(size), filled: 0 };
    return ok(undefined);
  }

  return {
    push(piece) {
      const frames: Frame[] = [];
      let at = 0;
      while (at < piece.length) {
        if (open) {
          const taken = piece.subarray(at, at + open.bytes.length - open.filled);
          open.bytes.set(taken, open.filled);
          open.filled += taken.length;
          at += taken.length;
          if (open.filled < open.bytes.length) break;
          frames.push({ head: open.head, bytes: open.bytes });
          open = undefined;
          continue;
        }
        const end = piece.indexOf(LINE_END, at);
        const part = piece.subarray(at, end < 0 ? piece.length : end);
        if (lineLength + part.length > line.length) return err({ kind: 'tooLarge' });
        line.set(part, lineLength);
        lineLength += part.length;
        at += part.length + 1;
        if (end < 0) break;
        const opened = openFrame();
        if (!opened.ok) return opened;
        if (opened.value) frames.push(opened.value);
      }
      return ok(frames);
    },
    end: () => (open !== undefined || lineLength > 0 ? err({ kind: 'cutOff' }) : ok(undefined)),
  };
}

function parseLine(line: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch {
    return undefined;
  }
}
