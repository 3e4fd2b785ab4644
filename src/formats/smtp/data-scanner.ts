// The text behind DATA: takes out stuffed dots, finds the end, and refuses every bare CR or LF (RFC 5321 §4.1.1.4, §4.5.2).
// Two servers that disagree about the end of a letter let one letter in and two out ("SMTP smuggling"). Here only CRLF.CRLF
// ends a letter, and a letter with any other line end is refused as a whole.

export type LineFault = 'bareCr' | 'bareLf';

/** Takes `chunk[from, to)`; must copy what it keeps. */
export type PieceSink = (chunk: Uint8Array, from: number, to: number) => void;

const CR = 13;
const LF = 10;
const DOT = 46;
// where the scanner stands between two bytes
const TEXT = 0; // inside a line
const AFTER_CR = 1; // inside a line, a CR was read
const LINE_START = 2; // behind CRLF, or at the very beginning
const LINE_DOT = 3; // behind CRLF and one dot, which is held back
const LINE_DOT_CR = 4; // behind CRLF, the dot and a CR
const FAULTY = 5; // a bare CR or LF was read: only the end matters now
const ENDED = 6;

export class DataScanner {
  readonly #sink: PieceSink;
  readonly #tail = createTail();
  #state = LINE_START;
  #fault: LineFault | undefined;

  constructor(sink: PieceSink) {
    this.#sink = sink;
  }

  /** CRLF.CRLF was read. */
  get ended(): boolean {
    return this.#state === ENDED;
  }

  /** The first bare CR or LF; from there on nothing goes to the sink. */
  get fault(): LineFault | undefined {
    return this.#fault;
  }

  /** A line of one dot in line ends that another server might take for the end: the client may be waiting for an answer. */
  get looseEndSeen(): boolean {
    return this.#tail.looseEndSeen;
  }

  /**
   * Reads `chunk` from `from`; hands clean pieces to the sink. Returns the index behind the last byte read: less than
   * `chunk.length` only when the end of data was found there.
   */
  push(chunk: Uint8Array, from: number): number {
    if (this.#state === FAULTY) return this.#pushFaulty(chunk, from);
    const length = chunk.length;
    let now = this.#state; // a local: this loop sees every byte of every letter
    let pieceFrom = from;
    for (let at = from; at < length; at++) {
      let byte = chunk[at] ?? 0;
      if (now === TEXT) {
        while (byte !== CR && byte !== LF && ++at < length) byte = chunk[at] ?? 0;
        if (at === length) break;
        if (byte === LF) return this.#fail('bareLf', now, chunk, at);
        now = AFTER_CR;
      } else if (now === AFTER_CR) {
        if (byte !== LF) return this.#fail('bareCr', now, chunk, at);
        now = LINE_START;
      } else if (now === LINE_START) {
        if (byte === LF) return this.#fail('bareLf', now, chunk, at);
        if (byte === DOT) {
          if (at > pieceFrom) this.#sink(chunk, pieceFrom, at);
          pieceFrom = at + 1;
          now = LINE_DOT;
        } else now = byte === CR ? AFTER_CR : TEXT;
      } else if (now === LINE_DOT) {
        if (byte === LF) return this.#fail('bareLf', now, chunk, at);
        if (byte === CR) pieceFrom = at + 1;
        now = byte === CR ? LINE_DOT_CR : TEXT;
      } else if (now === LINE_DOT_CR) {
        if (byte !== LF) return this.#fail('bareCr', now, chunk, at);
        this.#state = ENDED;
        return at + 1;
      } else return at;
    }
    if (length > pieceFrom) this.#sink(chunk, pieceFrom, length);
    this.#state = now;
    return length;
  }

  /** The byte at `at` showed that a CR or LF stands alone; `before` is the state it was met in. */
  #fail(kind: LineFault, before: number, chunk: Uint8Array, at: number): number {
    this.#fault = kind;
    this.#tail.begin(before, kind);
    this.#state = FAULTY;
    return this.#pushFaulty(chunk, at);
  }

  #pushFaulty(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      if (this.#tail.isEnd(chunk[at] ?? 0)) {
        this.#state = ENDED;
        return at + 1;
      }
    }
    return chunk.length;
  }
}

/** After a fault: watches for the true end CRLF.CRLF, and notes any line of one dot with looser line ends. */
function createTail() {
  let strict = 0; // how much of CRLF.CRLF stands before the next byte
  let loose = 0; // 0 in a line, 1 behind any line end, 2 dot behind it
  let looseEndSeen = false;
  return {
    begin(state: number, kind: LineFault): void {
      // The byte that revealed the fault has not been fed yet.
      strict =
        state === LINE_START ? 2 : state === LINE_DOT ? 3 : state === LINE_DOT_CR ? 4 : state === AFTER_CR ? 1 : 0;
      loose = state === LINE_START ? 1 : state === LINE_DOT ? 2 : kind === 'bareCr' ? 1 : 0;
      if (state === LINE_DOT_CR) looseEndSeen = true;
    },
    isEnd(byte: number): boolean {
      if (byte === CR) {
        if (loose === 2) looseEndSeen = true;
        loose = 1;
        strict = strict === 3 ? 4 : 1;
        return false;
      }
      if (byte === LF) {
        if (loose === 2) looseEndSeen = true;
        loose = 1;
        if (strict === 4) return true;
        strict = strict === 1 ? 2 : 0;
        return false;
      }
      loose = byte === DOT && loose === 1 ? 2 : 0;
      strict = byte === DOT && strict === 2 ? 3 : 0;
      return false;
    },
    get looseEndSeen() {
      return looseEndSeen;
    },
  };
}
