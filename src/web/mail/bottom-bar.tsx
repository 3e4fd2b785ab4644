// The bar at the bottom of narrow screens: inbox, search, write, more.

import type { IconName } from '../look/icons.ts';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../parts/speech.tsx';

function BarItem(of: {
  readonly icon: IconName;
  readonly word: string;
  readonly current?: boolean;
  readonly onPress: () => void;
}) {
  return (
    <button type="button" class="bar-item" aria-current={of.current ? 'page' : undefined} onClick={of.onPress}>
      <Icon name={of.icon} />
      <span>{of.word}</span>
    </button>
  );
}

export function BottomBar(of: {
  readonly at: 'inbox' | 'search' | 'more';
  readonly onInbox: () => void;
  readonly onSearch: () => void;
  readonly onMore: () => void;
  readonly onWrite: () => void;
}) {
  const words = useWords();
  return (
    <nav class="bottom-bar" aria-label={words.places.navigation}>
      <BarItem icon="inbox" word={words.places.inbox} current={of.at === 'inbox'} onPress={of.onInbox} />
      <BarItem icon="search" word={words.places.search} current={of.at === 'search'} onPress={of.onSearch} />
      <BarItem icon="square-pen" word={words.compose.write} onPress={of.onWrite} />
      <BarItem icon="menu" word={words.more} current={of.at === 'more'} onPress={of.onMore} />
    </nav>
  );
}
