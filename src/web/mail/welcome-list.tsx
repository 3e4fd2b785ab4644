// The welcome messages as rows of the empty inbox; loaded only there.

import type { WelcomeKey } from '../backend.ts';
import { SealMark } from '../parts/seal-mark.tsx';
import { useWords } from '../parts/speech.tsx';
import type { Welcome } from './use-welcome.ts';

function WelcomeRow(of: { readonly name: WelcomeKey; readonly welcome: Welcome; readonly height: number }) {
  const { name, welcome } = of;
  const words = useWords();
  const { shown, cursor } = welcome;
  const { subject, snippet } = words.welcome[name];
  return (
    <div
      id={`welcome-${name}`}
      class="row row-still"
      role="option"
      aria-selected={name === cursor}
      aria-posinset={shown.indexOf(name) + 1}
      aria-setsize={shown.length}
      data-selected={name === cursor ? '' : undefined}
      style={{ height: `${of.height}px` }}
      onClick={() => welcome.open(name)}
    >
      <span class="row-dot" />
      <span class="row-line">
        <span class="row-name">{words.welcome.sender}</span>
        <span class="row-side">
          <SealMark shape="open" size={14} label={words.welcome.written} />
        </span>
      </span>
      <span class="row-line">
        <span class="row-text">
          <span class="row-subject">{subject}</span>
          <span class="row-snippet"> · {snippet}</span>
        </span>
      </span>
    </div>
  );
}

export interface WelcomeListProps {
  readonly welcome: Welcome;
  readonly rowHeight: number;
}

export function WelcomeList(of: WelcomeListProps) {
  const words = useWords();
  const { shown, cursor } = of.welcome;
  return (
    <div
      class="list-scroll welcome-list"
      role="listbox"
      tabindex={0}
      aria-label={words.list.messages}
      aria-activedescendant={cursor ? `welcome-${cursor}` : undefined}
    >
      {shown.map((name) => (
        <WelcomeRow key={name} name={name} welcome={of.welcome} height={of.rowHeight} />
      ))}
    </div>
  );
}
