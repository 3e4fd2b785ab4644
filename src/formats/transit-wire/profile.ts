// How documents are to be worked on, in one word for every wish: what pages become, whether they come in one file, whether originals stand beside.

export const pageProfiles = ['balanced', 'g4', 'faithful'] as const;
/** `balanced`: one bit a pixel for ink, its colours and the pictures behind it small; `g4`: ink coded as CCITT G4; `faithful`: the whole page as a picture. */
export type PageProfile = (typeof pageProfiles)[number];

/** `together`: all that could be made new in one file; `original`: what came is given back beside. The one spelling of each wish. */
export type Profile = `${PageProfile}${'' | '+together'}${'' | '+original'}`;

export interface ProfileParts {
  readonly pages: PageProfile;
  readonly isTogether: boolean;
  readonly hasOriginals: boolean;
}

export const profiles: readonly Profile[] = pageProfiles.flatMap((pages) =>
  [false, true].flatMap((isTogether) =>
    [false, true].map((hasOriginals) => profileOfParts({ pages, isTogether, hasOriginals })),
  ),
);

/** As people write them after a plus; German beside English. */
const WORDS: ReadonlyMap<string, keyof typeof wishes> = new Map([
  ['balanced', 'balanced'],
  ['g4', 'g4'],
  ['faithful', 'faithful'],
  ['treu', 'faithful'],
  ['together', 'together'],
  ['zusammen', 'together'],
  ['original', 'original'],
]);
const wishes = {
  balanced: (parts: ProfileParts): ProfileParts => parts,
  // a faithful file holds no JBIG2 either, so both wishes are met by it
  g4: (parts: ProfileParts): ProfileParts => ({ ...parts, pages: parts.pages === 'faithful' ? 'faithful' : 'g4' }),
  faithful: (parts: ProfileParts): ProfileParts => ({ ...parts, pages: 'faithful' }),
  together: (parts: ProfileParts): ProfileParts => ({ ...parts, isTogether: true }),
  original: (parts: ProfileParts): ProfileParts => ({ ...parts, hasOriginals: true }),
} as const;

/** `treu+zusammen`, in any order and case; nothing at all is `balanced`. Undefined: a word that is no wish. */
export function readProfile(text: string): Profile | undefined {
  let parts: ProfileParts = { pages: 'balanced', isTogether: false, hasOriginals: false };
  for (const word of text === '' ? [] : text.toLowerCase().split('+')) {
    const wish = WORDS.get(word);
    if (wish === undefined) return undefined;
    parts = wishes[wish](parts);
  }
  return profileOfParts(parts);
}

export function profileOfParts({ pages, isTogether, hasOriginals }: ProfileParts): Profile {
  return `${pages}${isTogether ? '+together' : ''}${hasOriginals ? '+original' : ''}`;
}

export function partsOfProfile(profile: Profile): ProfileParts {
  const [first, ...more] = profile.split('+');
  return {
    pages: pageProfiles.find((one) => one === first) ?? 'balanced',
    isTogether: more.includes('together'),
    hasOriginals: more.includes('original'),
  };
}
