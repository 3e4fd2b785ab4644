// Navigation: mailboxes by role, folders, settings; a column when wide, a rail of icons in between.

import { isOfDesk } from './of-desk.ts';
import type { ComponentChildren } from 'preact';
import type { MailboxInfo } from '../backend.ts';
import type { IconName } from '../look/icons.ts';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { WaxMark } from '../parts/seal-mark.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { sizeText } from '../words/dates.ts';
import { boxIcon, boxWord, foldersOf, roleOrder } from './box-words.ts';
import type { MailState } from './mail-state.ts';
import { isRoom, samePlace, type Place, type Room, type SettingsSection } from './place.ts';

export interface NavProps {
  readonly state: MailState;
  /** The page beside the mail that is open. */
  readonly inRoom: SettingsSection | undefined;
  readonly rail: boolean;
  readonly storage: { readonly usedBytes: number; readonly limitBytes: number } | undefined;
  readonly onGo: (place: Place) => void;
  readonly onSettings: (section?: SettingsSection) => void;
  readonly onNewFolder: () => void;
  readonly onServerView: () => void;
  /** The house has a room for documents. */
  readonly hasTransit: boolean;
  /** The rail shows one folder for all: its menu stands at the button. */
  readonly onFolders: (at: HTMLElement) => void;
  readonly onWrite: () => void;
  /** The state of safety, for operators. */
  readonly safetyMark: ComponentChildren;
}

export function NavItem(of: {
  readonly icon: IconName;
  readonly word: string;
  readonly count?: number;
  readonly current?: boolean;
  readonly hotkey?: string;
  readonly rail?: boolean;
  readonly mark?: ComponentChildren;
  readonly onPress: (at: HTMLElement) => void;
}) {
  const words = useWords();
  const { count = 0 } = of;
  const unread = count > 0 ? `, ${words.places.unread(count)}` : '';
  return (
    <button
      type="button"
      class="nav-item"
      aria-current={of.current ? 'page' : undefined}
      aria-label={of.rail ? `${of.word}${unread}` : undefined}
      title={of.hotkey ? `${of.word} (${of.hotkey})` : of.rail ? of.word : undefined}
      onClick={(event) => of.onPress(event.currentTarget)}
    >
      <Icon name={of.icon} />
      <span class="nav-word">{of.word}</span>
      {of.mark}
      {count > 0 ? (
        <span class="nav-count" aria-hidden="true">
          {count > 999 && of.rail ? '999+' : count}
        </span>
      ) : null}
      {count > 0 && !of.rail ? <span class="unseen">{unread}</span> : null}
    </button>
  );
}

export function boxesInOrder(state: MailState): readonly MailboxInfo[] {
  return roleOrder.flatMap((role) => state.mailboxes.find((box) => box.role === role) ?? []);
}

export function Nav(of: NavProps) {
  const words = useWords();
  const { state, rail } = of;
  const isAt = (place: Place): boolean => of.inRoom === undefined && samePlace(place, state.place);
  const item = (box: MailboxInfo) => (
    <NavItem
      key={box.id}
      icon={boxIcon(box)}
      word={boxWord(box, words)}
      count={box.role === 'trash' || box.role === 'sent' || box.role === 'archive' ? 0 : box.unread}
      current={isAt({ kind: 'mailbox', id: box.id })}
      rail={rail}
      onPress={() => of.onGo({ kind: 'mailbox', id: box.id })}
    />
  );
  const [inbox, ...others] = boxesInOrder(state);
  const folders = foldersOf(state.mailboxes);
  return (
    <nav class={rail ? 'nav nav-rail' : 'nav'} aria-label={words.places.navigation}>
      <div class="nav-brand">
        <WaxMark size={28} />
        <span class="nav-brand-word">{words.productName}</span>
      </div>
      <button
        type="button"
        class="button button-primary nav-write"
        title={`${words.compose.write} (c)`}
        onClick={of.onWrite}
      >
        <Icon name="square-pen" />
        <span class="nav-word">{words.compose.write}</span>
      </button>
      <div class="nav-scroll">
        {inbox ? item(inbox) : null}
        <NavItem
          icon="star"
          word={words.places.starred}
          current={isAt({ kind: 'starred' })}
          rail={rail}
          onPress={() => of.onGo({ kind: 'starred' })}
        />
        {others.map(item)}
        <div class="nav-heading">
          <span class="label">{words.places.folders}</span>
          <IconButton icon="folder-plus" label={words.places.newFolder} onPress={of.onNewFolder} />
        </div>
        {rail && folders.length > 0 ? (
          <NavItem
            icon="folder"
            word={words.places.folders}
            rail
            current={folders.some((box) => isAt({ kind: 'mailbox', id: box.id }))}
            onPress={of.onFolders}
          />
        ) : null}
        {rail ? null : folders.map(item)}
      </div>
      <NavFoot {...of} />
    </nav>
  );
}

/** A document of its own, beside this one: the mailbox stays open. */
export function TransitItem({ rail = false }: { readonly rail?: boolean }) {
  return (
    <NavItem
      icon="file-text"
      word={useWords().places.transit}
      rail={rail}
      onPress={() => window.open('/transit', '_blank', 'noopener')}
    />
  );
}

function NavFoot(of: NavProps) {
  const words = useWords();
  const language = useLanguage();
  const { state, rail } = of;
  const room = (name: Room, icon: IconName) => (
    <NavItem
      icon={icon}
      word={words.places[name]}
      current={of.inRoom === name}
      rail={rail}
      mark={name === 'safety' && of.safetyMark}
      onPress={() => of.onSettings(name)}
    />
  );
  return (
    <div class="nav-foot">
      {state.session?.role === 'operator' ? room('safety', 'shield-check') : null}
      {isOfDesk(state.session) ? room('desk', 'landmark') : null}
      {room('contacts', 'users')}
      {of.hasTransit ? <TransitItem rail={rail} /> : null}
      <NavItem icon="scan-eye" word={words.places.serverView} hotkey="S" rail={rail} onPress={of.onServerView} />
      <NavItem
        icon="settings"
        word={words.places.settings}
        hotkey=","
        current={of.inRoom !== undefined && !isRoom(of.inRoom)}
        rail={rail}
        onPress={() => of.onSettings()}
      />
      <div class="nav-account">
        <span class="nav-address" title={state.session?.address}>
          {state.session?.address}
        </span>
        {of.storage ? (
          <>
            <span class="nav-storage">
              {words.places.storage(
                sizeText(language, of.storage.usedBytes),
                sizeText(language, of.storage.limitBytes),
              )}
            </span>
            <span class="nav-storage-bar" aria-hidden="true">
              <span style={{ width: `${Math.min(100, (of.storage.usedBytes / of.storage.limitBytes) * 100)}%` }} />
            </span>
          </>
        ) : null}
      </div>
    </div>
  );
}
