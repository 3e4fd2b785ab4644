// The mailbox: navigation, list and letter in three widths, or the server's view, or settings.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Backend, Preferences } from '../backend.ts';
import type { Writing } from '../writing.ts';
import {
  storedGrouping,
  storedListWidth,
  storeGrouping,
  storeLanguage,
  storeListWidth,
  storeTheme,
} from '../look/choices.ts';
import { Divider } from '../parts/divider.tsx';
import { Speech, useWords, type Spoken } from '../parts/speech.tsx';
import { useLayout } from '../parts/use-layout.ts';
import { useStore } from '../parts/use-store.ts';
import type { Language } from '../words/words.ts';
import { BottomBar } from './bottom-bar.tsx';
import { commandOf, isTyping } from './command-keys.ts';
import { LetterPane } from './letter-pane.tsx';
import { ListPane } from './list-pane.tsx';
import type { MailControl } from './mail-control.ts';
import { boxOf, type MailState } from './mail-state.ts';
import { Nav } from './nav.tsx';
import { BannerPlace, ComposeLater, OverlayPlace, SafetyMarkLater, ServerPlace, ToastPlace } from './overlay-place.tsx';
import { SettingsPlace } from './settings-place.tsx';
import { WelcomePane } from './welcome-place.tsx';
import { useLearning, useThread } from './use-thread.ts';
import { useExtras, type Extras } from './use-extras.ts';
import { useWelcome, type Choices, type Welcome } from './use-welcome.ts';

export interface MailPageProps {
  readonly backend: Backend & Writing;
  readonly control: MailControl;
  readonly first: Spoken;
}

/** Enter and arrows belong to the control that has the focus, if there is one. */
function isPressing(event: KeyboardEvent): boolean {
  const target = event.target;
  const control = target instanceof HTMLElement && target.closest('button, a, [role=menu], dialog') !== null;
  return control && (event.key === 'Enter' || event.key === ' ' || event.key.startsWith('Arrow'));
}

function useKeys(control: MailControl): (event: KeyboardEvent) => void {
  const onKey = useMemo(
    () =>
      (event: KeyboardEvent): void => {
        const command = commandOf(event, isTyping(event.target));
        const open = control.store.get().overlay;
        if (!command || event.defaultPrevented || isPressing(event)) return;
        if (open && command !== 'escape') return;
        if (control.model.store.get().serverView && command !== 'escape' && command !== 'server-view') return;
        if (control.store.get().settings && !['escape', 'palette', 'help', 'inbox'].includes(command)) return;
        event.preventDefault();
        control.run(command);
      },
    [control],
  );
  useEffect(() => {
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onKey]);
  return onKey;
}

function usePreferences(backend: Backend, firstLanguage: Language): Choices {
  const [preferences, setPreferences] = useState<Preferences>({
    language: firstLanguage,
    theme: undefined,
    density: 'cosy',
    grouped: storedGrouping(),
    welcomeGone: [],
  });
  const [isKnown, setKnown] = useState(false);
  const show = (next: Preferences): void => {
    setPreferences(next);
    if (next.language) storeLanguage(next.language);
    storeTheme(next.theme);
    storeGrouping(next.grouped);
  };
  useEffect(() => {
    void backend
      .preferences()
      .then(
        (kept) => show({ ...kept, language: kept.language ?? firstLanguage }),
        () => undefined,
      )
      .then(() => setKnown(true));
  }, [backend]);
  return {
    preferences,
    isKnown,
    set: (next) => {
      show(next);
      void backend.setPreferences(next);
    },
  };
}

export function MailPage(of: MailPageProps) {
  const choices = usePreferences(of.backend, of.first.language);
  return (
    <Speech first={of.first} language={choices.preferences.language ?? of.first.language}>
      <Mailbox {...of} choices={choices} />
    </Speech>
  );
}

function Mailbox(of: MailPageProps & { readonly choices: Choices }) {
  const { backend, control } = of;
  const words = useWords();
  const state = useStore(control.model.store);
  const shown = useStore(control.store);
  const layout = useLayout();
  const extras = useExtras(backend, state.mailboxes);
  const welcome = useWelcome(control, of.choices);
  const onKey = useKeys(control);
  const { grouped } = of.choices.preferences;
  useEffect(() => control.model.setGrouping(grouped), [grouped]);
  useEffect(() => {
    const unread = state.mailboxes.find((known) => known.role === 'inbox')?.unread ?? 0;
    document.title = unread > 0 ? `${words.places.inbox} (${unread}) · ${words.productName}` : words.productName;
  }, [state.mailboxes, words]);
  if (state.serverView) {
    return (
      <ServerPlace
        backend={backend}
        state={state}
        isFirstRun={welcome.shown.length > 0}
        onOpen={(id) => control.store.get() && control.openLetter(id)}
        onLeave={() => control.run('server-view')}
      />
    );
  }
  return (
    <div class="mailbox" data-layout={layout} data-letter={state.opened || welcome.opened ? '' : undefined}>
      <BannerPlace state={state} extras={extras} onPhrase={() => control.openSettings('security')} />
      {layout === 'narrow' ? null : (
        <Nav
          state={state}
          inRoom={shown.settings}
          rail={layout === 'middle'}
          storage={extras.storage}
          onGo={(place) => control.go(place)}
          onSettings={(section) => control.openSettings(section)}
          onNewFolder={() => control.overlay({ kind: 'new-folder' })}
          onServerView={() => control.run('server-view')}
          hasTransit={extras.hasTransit}
          onFolders={(at) => control.overlay({ kind: 'folders', at })}
          onWrite={() => control.run('write')}
          safetyMark={<SafetyMarkLater store={control.safety} turn={state.mailboxes} />}
        />
      )}
      {shown.settings ? (
        <SettingsPlace
          backend={backend}
          writing={backend}
          control={control}
          section={shown.settings}
          choices={of.choices}
          disclosure={extras.disclosure}
        />
      ) : (
        <Panes {...of} layout={layout} extras={extras} welcome={welcome} onKey={onKey} />
      )}
      {layout === 'narrow' && !state.opened && !welcome.opened ? (
        <BottomBar
          at={barPlace(state, shown.settings !== undefined)}
          onInbox={() => control.goInbox()}
          onSearch={() => {
            if (shown.settings) control.leaveSettings();
            control.run('search');
          }}
          onMore={() => control.overlay({ kind: 'more' })}
          onWrite={() => control.run('write')}
        />
      ) : null}
      <OverlayPlace state={state} shown={shown} control={control} hasTransit={extras.hasTransit} />
      <ComposeLater backend={backend} control={control} asked={shown.asked} />
      <ToastPlace state={state} control={control} first={welcome.toast} onFirstGone={welcome.dropToast} />
    </div>
  );
}

function barPlace(state: MailState, inSettings: boolean): 'inbox' | 'search' | 'more' {
  if (!inSettings && state.place?.kind === 'search') return 'search';
  return !inSettings && boxOf(state)?.role === 'inbox' ? 'inbox' : 'more';
}

function Panes(
  of: MailPageProps & {
    readonly choices: Choices;
    readonly layout: ReturnType<typeof useLayout>;
    readonly extras: Extras;
    readonly welcome: Welcome;
    readonly onKey: (event: KeyboardEvent) => void;
  },
) {
  const { control, layout } = of;
  const state = useStore(control.model.store);
  const shown = useStore(control.store);
  const touch = useMemo(() => matchMedia('(pointer: coarse)').matches, []);
  const words = useWords();
  const others = useThread(of.backend, control.model, state);
  useLearning(of.backend, state);
  const place = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(storedListWidth);
  return (
    <main class="panes" ref={place} style={layout === 'wide' ? { '--list-width': `${width}px` } : {}}>
      <ListPane
        state={state}
        backend={of.backend}
        control={control}
        draftsTurn={shown.draftsTurn}
        welcome={of.welcome}
        layout={layout}
        compact={of.choices.preferences.density === 'compact'}
        touch={touch || layout === 'narrow'}
        searchAsked={shown.searchAsked}
        onSearch={(text) => control.search(text)}
        onLeaveSearch={() => control.leaveSearch()}
        onNeed={(ids) => control.model.need(ids)}
        onOpen={(id) => control.openLetter(id)}
        onMark={(id, how) => control.model.mark(id, how)}
        onSwipe={(id, way) => control.swipe(id, way)}
        onEmptyTrash={() => control.askEmptyTrash()}
      />
      {layout === 'wide' ? (
        <Divider
          label={words.list.width}
          width={width}
          onDrag={(next) => place.current?.style.setProperty('--list-width', `${next}px`)}
          onSettle={(next) => {
            setWidth(next);
            storeListWidth(next);
          }}
        />
      ) : null}
      {of.welcome.opened ? (
        <WelcomePane {...of} name={of.welcome.opened} />
      ) : layout === 'narrow' && !state.opened ? null : (
        <LetterPane
          state={state}
          layout={layout}
          disclosure={of.extras.disclosure}
          others={others}
          onOther={(id) => control.model.openOther(id)}
          onCommand={(name, at) => control.run(name, at)}
          onClose={() => control.closeLetter()}
          onAgain={() => (state.opened ? control.openLetter(state.opened) : undefined)}
          onKey={of.onKey}
          onWriteTo={(ask) => control.compose(ask)}
        />
      )}
    </main>
  );
}
