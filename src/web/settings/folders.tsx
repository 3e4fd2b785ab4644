// Folders: make, rename, delete.

import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { useStore } from '../parts/use-store.ts';
import { foldersOf } from '../mail/box-words.ts';
import { toldAbout } from './disclosure-table.tsx';
import { Block } from './block.tsx';
import type { SettingsProps } from './settings.tsx';

export function FolderSettings({ control, disclosure }: Pick<SettingsProps, 'control' | 'disclosure'>) {
  const words = useWords();
  const language = useLanguage();
  const { mailboxes } = useStore(control.model.store);
  const folders = foldersOf(mailboxes);
  return (
    <Block
      title={words.settings.folders}
      text={toldAbout(disclosure, 'folders', language)}
      action={
        <Button kind="outline" onPress={() => control.overlay({ kind: 'new-folder' })}>
          {words.dialogs.newFolder}
        </Button>
      }
    >
      {folders.length === 0 ? <p class="block-none meta">{words.settings.foldersNone}</p> : null}
      <ul class="lines">
        {folders.map((box) => (
          <li key={box.id} class="line">
            <Icon name="folder" />
            <span class="line-text">{box.name}</span>
            <Button kind="link" onPress={() => control.overlay({ kind: 'rename', box })}>
              {words.settings.rename}
            </Button>
            {box.total === 0 ? (
              <Button kind="link" onPress={() => control.overlay({ kind: 'remove', box })}>
                {words.settings.remove}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Block>
  );
}
