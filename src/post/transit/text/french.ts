// Whether a page that was read as German is French, in part or as a whole: by small words that only French has so often. It is judged as a whole, whoever reads its parts.

import type { Refusal, Result } from '#base/result.ts';
import type { PageText } from '../contract.ts';

const FRENCH = setOf(
  'le la les et une un pour dans que qui sur pas vous nous avec cette ce ces par aux au votre notre sont ont leur est ne se',
);
const GERMAN = setOf(
  'der die das und ist nicht mit für den dem ein eine zu von im auf wir sie ich wird sich bei nach als auch oder über zum zur',
);
const HITS_MIN = 5;
/** A name or a saying repeats one of them; sentences use several. */
const KINDS_MIN = 3;

export type FrenchShare = 'none' | 'some' | 'all';

export function frenchIn(lines: PageText['lines']): FrenchShare {
  const words = lines.flatMap((line) => line.flatMap(({ text }) => text.toLowerCase().match(/\p{L}+/gu) ?? []));
  const french = words.filter((word) => FRENCH.has(word));
  if (french.length < HITS_MIN || new Set(french).size < KINDS_MIN) return 'none';
  const german = words.filter((word) => GERMAN.has(word)).length;
  return german * 4 < french.length ? 'all' : 'some';
}

/**
 * `readAs` reads the whole page, in one part or in two: as German, and once more where it proves to be French. The surer reading
 * counts; the first refusal ends it.
 */
export async function readInItsLanguage<E extends Refusal>(
  readAs: (french: FrenchShare) => Promise<Result<PageText, E>>,
): Promise<Result<PageText, E>> {
  const german = await readAs('none');
  const share = german.ok ? frenchIn(german.value.lines) : 'none';
  if (!german.ok || share === 'none') return german;
  const again = await readAs(share);
  return again.ok && again.value.confidence < german.value.confidence ? german : again;
}

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}
