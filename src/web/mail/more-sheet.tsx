// The sheet behind "More" on narrow screens: every other mailbox, folders, settings.

import { isOfDesk } from './of-desk.ts';
import type { MailboxInfo } from '../backend.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useWords } from '../parts/speech.tsx';
import { SafetyMark } from '../safety/safety-mark.tsx';
import type { SafetyLook } from '../safety/watch-safety.ts';
import type { Store } from '../store.ts';
import { boxIcon, boxWord, foldersOf } from './box-words.ts';
import type { MailState } from './mail-state.ts';
import { boxesInOrder, NavItem, TransitItem } from './nav.tsx';
import type { Place, Room } from './place.ts';

export function MoreSheet(of: {
  readonly state: MailState;
  readonly safety: Store<SafetyLook>;
  readonly hasTransit: boolean;
  readonly onGo: (place: Place) => void;
  readonly onSettings: (section?: Room) => void;
  readonly onNewFolder: () => void;
  readonly onServerView: () => void;
  readonly onSignOut: () => void;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const then = (act: () => void) => (): void => {
    of.onClose();
    act();
  };
  const item = (box: MailboxInfo) => (
    <NavItem
      key={box.id}
      icon={boxIcon(box)}
      word={boxWord(box, words)}
      count={box.role === 'trash' || box.role === 'sent' || box.role === 'archive' ? 0 : box.unread}
      onPress={then(() => of.onGo({ kind: 'mailbox', id: box.id }))}
    />
  );
  const [, ...others] = boxesInOrder(of.state);
  return (
    <Dialog label={words.more} kind="sheet" onClose={of.onClose}>
      <div class="sheet-list">
        <NavItem icon="star" word={words.places.starred} onPress={then(() => of.onGo({ kind: 'starred' }))} />
        {others.map(item)}
        <div class="sheet-line" />
        {foldersOf(of.state.mailboxes).map(item)}
        <NavItem icon="folder-plus" word={words.places.newFolder} onPress={then(of.onNewFolder)} />
        <div class="sheet-line" />
        {of.state.session?.role === 'operator' ? (
          <NavItem
            icon="shield-check"
            word={words.places.safety}
            mark={<SafetyMark store={of.safety} turn={of.state.mailboxes} />}
            onPress={then(() => of.onSettings('safety'))}
          />
        ) : null}
        {isOfDesk(of.state.session) ? (
          <NavItem icon="landmark" word={words.places.desk} onPress={then(() => of.onSettings('desk'))} />
        ) : null}
        <NavItem icon="users" word={words.places.contacts} onPress={then(() => of.onSettings('contacts'))} />
        {of.hasTransit ? <TransitItem /> : null}
        <NavItem icon="scan-eye" word={words.places.serverView} onPress={then(of.onServerView)} />
        <NavItem icon="settings" word={words.places.settings} onPress={then(() => of.onSettings())} />
        <NavItem icon="log-out" word={words.places.signOut} onPress={then(of.onSignOut)} />
      </div>
    </Dialog>
  );
}
