// One letter of an mbox file in the mboxrd form: every line that begins with >*From gets one more >, so it can be undone (RFC 4155).

const LF = 10;
const FROM = Buffer.from('From ');
const QUOTE = 62;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The From_ line names no sender: who wrote stands in the letter. An empty line follows the letter. */
export function mboxEntry(plainLetter: Uint8Array, receivedMs: number): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from(`From MAILER-DAEMON ${asctime(receivedMs)}\n`)];
  let start = 0;
  while (start < plainLetter.length) {
    const end = plainLetter.indexOf(LF, start);
    const line = plainLetter.subarray(start, end < 0 ? plainLetter.length : end + 1);
    if (needsQuote(line)) parts.push(Buffer.of(QUOTE));
    parts.push(line);
    start += line.length;
  }
  parts.push(Buffer.from(plainLetter.at(-1) === LF ? '\n' : '\n\n'));
  return Buffer.concat(parts);
}

function needsQuote(line: Uint8Array): boolean {
  let at = 0;
  while (line[at] === QUOTE) at++;
  return FROM.every((byte, index) => line[at + index] === byte);
}

function asctime(ms: number): string {
  const at = new Date(ms);
  const two = (value: number, fill = '0') => String(value).padStart(2, fill);
  const clock = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map((part) => two(part)).join(':');
  return `${DAYS[at.getUTCDay()] ?? ''} ${MONTHS[at.getUTCMonth()] ?? ''} ${two(at.getUTCDate(), ' ')} ${clock} ${at.getUTCFullYear()}`;
}
