// Files spoiled at random, the same ones in each run: bytes changed, cut out, doubled, cut off, numbers and lengths blown up, two files grown together.

/** The same numbers in each run. */
export function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const SCATTER = 2_654_435_761; // neighbours begin far from one another
const NUMBERS = ['0', '-1', '1', '65536', '2147483647', '4294967295', '99999999999999999999', '1e9'];

/** The same one in each run, whichever are made before it. */
export function mutation(seed: Uint8Array, index: number): Uint8Array {
  return mutate(seed, dice(Math.imul(index + 1, SCATTER)));
}

export function mutate(seed: Uint8Array, roll: (below: number) => number): Uint8Array {
  const bytes = Buffer.from(seed);
  const at = roll(bytes.length);
  switch (roll(7)) {
    case 0:
      for (let n = 0; n <= roll(8); n++) bytes[roll(bytes.length)] = roll(256);
      return bytes;
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + roll(20))]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - roll(200)))]);
    case 3:
      return bytes.subarray(0, at);
    case 4:
      return bytes.fill(255, at, Math.min(bytes.length, at + 4));
    case 5:
      return withOtherNumber(bytes, at, roll);
    default:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << roll(8));
      return bytes;
  }
}

/** The first number written in digits behind that place: lengths, counts, object numbers of a PDF. */
function withOtherNumber(bytes: Buffer, from: number, roll: (below: number) => number): Uint8Array {
  const isDigit = (place: number): boolean => (bytes[place] ?? 0) >= 0x30 && (bytes[place] ?? 0) <= 0x39;
  let at = from;
  while (at < bytes.length && !isDigit(at)) at += 1;
  let end = at;
  while (end < bytes.length && isDigit(end)) end += 1;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(NUMBERS[roll(NUMBERS.length)] ?? ''), bytes.subarray(end)]);
}
