// What is wished for before documents are dropped: what their pages become, one file or many, originals beside.

import { pageProfiles, type ProfileParts } from '#formats/transit-wire/profile.ts';
import { Select } from '../parts/select.tsx';
import type { TransitWords } from '../words/transit-en.ts';

export function Wishes(of: {
  readonly words: TransitWords;
  readonly wishes: ProfileParts;
  readonly onChange: (wishes: ProfileParts) => void;
}) {
  const { words, wishes, onChange } = of;
  return (
    <>
      <Select
        label={words.profile}
        value={wishes.pages}
        options={pageProfiles.map((value) => ({ value, word: words.profiles[value] }))}
        onChoose={(pages) => onChange({ ...wishes, pages })}
      />
      <Tick
        word={words.together}
        isSet={wishes.isTogether}
        onChange={(isTogether) => onChange({ ...wishes, isTogether })}
      />
      <Tick
        word={words.originals}
        isSet={wishes.hasOriginals}
        onChange={(hasOriginals) => onChange({ ...wishes, hasOriginals })}
      />
    </>
  );
}

function Tick(of: { readonly word: string; readonly isSet: boolean; readonly onChange: (isSet: boolean) => void }) {
  return (
    <label class="transit-tick">
      <input type="checkbox" checked={of.isSet} onChange={(event) => of.onChange(event.currentTarget.checked)} />
      {of.word}
    </label>
  );
}
