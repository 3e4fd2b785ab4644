// How hard a password is to guess, roughly: what repeats, runs along the keyboard, or stands in every list counts little. Pure.

const common = [
  'password',
  'passwort',
  'qwertz',
  'qwerty',
  'hallo',
  'geheim',
  'schatz',
  'sommer',
  'winter',
  'herbst',
  'frühling',
  'letmein',
  'welcome',
  'willkommen',
  'admin',
  'iloveyou',
  'ichliebedich',
  'dragon',
  'monkey',
  'fussball',
  'football',
  'master',
  'hannover',
  'berlin',
  'hamburg',
  'münchen',
  'siegel',
  'kanzlei',
  'abc',
  '123',
  '000',
  '111',
  'qwe',
  'asd',
  'yxc',
  'test',
  'login',
  'start',
] as const;
const runs = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertzuiop',
  'qwertyuiop',
  'asdfghjklöä',
  'yxcvbnm',
  'zxcvbnm',
];

/** Cheap parts become one character each: a run, a repetition, a common word. */
function squeeze(password: string): string {
  let left = password.toLowerCase();
  for (const word of common) left = left.replaceAll(word, '•');
  for (const run of runs) {
    for (const line of [run, Array.from(run).toReversed().join('')]) {
      for (let length = line.length; length >= 3; length--) {
        for (let from = 0; from + length <= line.length; from++)
          left = left.replaceAll(line.slice(from, from + length), '•');
      }
    }
  }
  return left.replaceAll(/(.)\1+/gu, '$1').replaceAll(/(.{2,})\1+/gu, '$1');
}

function alphabetSize(password: string): number {
  let size = 0;
  if (/[a-z]/.test(password)) size += 26;
  if (/[A-Z]/.test(password)) size += 26;
  if (/\d/.test(password)) size += 10;
  if (/[^a-zA-Z0-9\s]/.test(password)) size += 20;
  if (/\s/.test(password)) size += 2;
  return Math.max(size, 2);
}

/** Bits a guesser needs, a cautious estimate; `own` are words a guesser knows (the address). */
export function guessBits(password: string, own: readonly string[] = []): number {
  let left = squeeze(password);
  for (const word of own) if (word.length >= 3) left = left.replaceAll(word.toLowerCase(), '•');
  const distinct = new Set(left).size;
  // Letters of a text are worth far less than random ones; digits and signs strewn in make words rarer.
  const strewn = password.replaceAll(/[\p{L}\s]/gu, '').length;
  const each = Math.min(Math.log2(alphabetSize(password)), strewn >= 3 ? 5 : 3.3);
  return each * left.length * Math.min(1, 0.4 + distinct / 12);
}

/** 0 too short, 1 weak … 5 very strong. */
export function passwordStrength(password: string, least: number, own: readonly string[] = []): 0 | 1 | 2 | 3 | 4 | 5 {
  if (Array.from(password).length < least) return 0;
  const bits = guessBits(password, own);
  if (bits < 28) return 1;
  if (bits < 40) return 2;
  if (bits < 55) return 3;
  return bits < 75 ? 4 : 5;
}
