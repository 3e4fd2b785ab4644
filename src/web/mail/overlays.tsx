// What lies over the mailbox: palette, keys, the move menu, questions before something is erased.

import { unreachable } from '#base/assert.ts';
import type { LetterId } from '#base/ids.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Menu, type MenuChoice } from '../parts/menu.tsx';
import { useWords } from '../parts/speech.tsx';
import { boxIcon, boxWord, foldersOf } from './box-words.ts';
import { hotkeyOf } from './command-keys.ts';
import { commands } from './commands.ts';
import { labelTick } from './label-tick.ts';
import { DeleteQuestion } from './delete-question.tsx';
import { KeyHelp } from './key-help.tsx';
import type { ControlState, MailControl } from './mail-control.ts';
import { boxOf, targetsOf, type MailState } from './mail-state.ts';
import { MoreSheet } from './more-sheet.tsx';
import { NameDialog } from './name-dialog.tsx';
import { boxesInOrder } from './nav.tsx';
import { Palette, type PaletteChoice } from './palette.tsx';

function useMoveChoices(state: MailState, control: MailControl): readonly MenuChoice[] {
  const words = useWords();
  const here = boxOf(state)?.id;
  return [...boxesInOrder(state), ...foldersOf(state.mailboxes)]
    .filter((box) => box.id !== here && box.role !== 'drafts' && box.role !== 'sent')
    .map((box) => ({
      key: box.id,
      word: boxWord(box, words),
      icon: boxIcon(box),
      onPress: () => control.moveTo(box.id),
    }));
}

function useLabelChoices(state: MailState, control: MailControl, ids: readonly LetterId[]): readonly MenuChoice[] {
  const words = useWords();
  const rows = ids.map((id) => state.rows.get(id));
  const labels = foldersOf(state.mailboxes).map((box): MenuChoice => {
    const tick = labelTick(rows, box.id);
    const onPress = (): void => control.label(box.id, tick !== 'all', ids);
    return { key: box.id, word: box.name, icon: 'folder', tick, onPress };
  });
  const onPress = (): void => control.overlay({ kind: 'new-folder' });
  return [...labels, { key: 'new', word: words.places.newFolder, icon: 'folder-plus', onPress }];
}

function usePaletteChoices(state: MailState, control: MailControl): readonly PaletteChoice[] {
  const words = useWords();
  const acts = targetsOf(state).length > 0;
  const own = commands
    .filter((command) => !command.quiet && (acts || !command.onLetters))
    .map((command) => ({
      key: command.name,
      word: command.word(words),
      icon: command.icon,
      hotkey: hotkeyOf(command.name),
      onChoose: () => control.run(command.name),
    }));
  const boxes = [...boxesInOrder(state), ...foldersOf(state.mailboxes)]
    .filter((box) => box.role !== 'inbox')
    .map((box) => ({
      key: box.id,
      word: boxWord(box, words),
      icon: boxIcon(box),
      hotkey: '',
      onChoose: () => control.go({ kind: 'mailbox', id: box.id }),
    }));
  return [...own, ...boxes];
}

export interface OverlaysProps {
  readonly state: MailState;
  readonly shown: ControlState;
  readonly control: MailControl;
  readonly hasTransit: boolean;
}

export function Overlays(of: OverlaysProps) {
  const words = useWords();
  const { state, control } = of;
  const { overlay } = of.shown;
  const moves = useMoveChoices(state, control);
  const choices = usePaletteChoices(state, control);
  const labels = useLabelChoices(state, control, overlay?.kind === 'label' ? overlay.ids : []);
  const folders: readonly MenuChoice[] = [
    ...foldersOf(state.mailboxes).map((box) => ({
      key: box.id,
      word: box.unread > 0 ? `${box.name} (${box.unread})` : box.name,
      icon: boxIcon(box),
      onPress: () => control.go({ kind: 'mailbox', id: box.id }),
    })),
    {
      key: 'new',
      word: words.places.newFolder,
      icon: 'folder-plus',
      onPress: () => control.overlay({ kind: 'new-folder' }),
    },
  ];
  const close = (): void => control.overlay(undefined);
  if (!overlay) return null;
  switch (overlay.kind) {
    case 'palette':
      return <Palette choices={choices} onClose={close} />;
    case 'help':
      return <KeyHelp onClose={close} />;
    case 'move':
      return (
        <Menu
          label={words.letter.moveTo}
          heading={words.letter.moveTo}
          at={overlay.at}
          choices={moves}
          onClose={close}
        />
      );
    case 'label':
      return (
        <Menu
          label={words.letter.labelWith}
          heading={words.letter.labelWith}
          at={overlay.at}
          choices={labels}
          onClose={close}
        />
      );
    case 'folders':
      return (
        <Menu
          label={words.places.folders}
          heading={words.places.folders}
          at={overlay.at}
          choices={folders}
          onClose={close}
        />
      );
    case 'more':
      return (
        <MoreSheet
          state={state}
          safety={control.safety}
          hasTransit={of.hasTransit}
          onGo={(place) => control.go(place)}
          onSettings={(section) => control.openSettings(section)}
          onNewFolder={() => control.overlay({ kind: 'new-folder' })}
          onServerView={() => control.run('server-view')}
          onSignOut={() => control.run('sign-out')}
          onClose={close}
        />
      );
    case 'new-folder':
      return (
        <NameDialog
          title={words.dialogs.newFolder}
          verb={words.dialogs.createFolder}
          first=""
          onName={(name) => void control.model.createFolder(name)}
          onClose={close}
        />
      );
    case 'rename':
      return (
        <NameDialog
          title={words.dialogs.renameFolder}
          verb={words.dialogs.renameButton}
          first={overlay.box.name}
          onName={(name) => void control.model.renameFolder(overlay.box.id, name)}
          onClose={close}
        />
      );
    case 'remove':
      return (
        <Confirm
          title={words.dialogs.removeFolder(overlay.box.name)}
          text={words.dialogs.removeFolderText}
          verb={words.dialogs.removeFolderButton}
          onConfirm={() => void control.model.removeFolder(overlay.box)}
          onClose={close}
        />
      );
    case 'delete':
      return (
        <DeleteQuestion
          count={overlay.ids.length}
          onConfirm={(isNow) => void control.model.destroy(overlay.ids, isNow)}
          onClose={close}
        />
      );
    default:
      return unreachable(overlay);
  }
}
