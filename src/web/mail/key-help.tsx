// Keyboard help (`?`): the command table, as it is.

import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useWords } from '../parts/speech.tsx';
import { commandKeys, keyWord } from './command-keys.ts';
import { commands } from './commands.ts';

export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  return (
    <Dialog label={words.keys.title} onClose={onClose}>
      <h2 class="section">{words.keys.title}</h2>
      <dl class="help-grid">
        {commands
          .filter((command) => commandKeys[command.name].length > 0)
          .map((command) => (
            <>
              <dt key={`${command.name}-word`}>{command.word(words)}</dt>
              <dd key={`${command.name}-keys`}>
                {commandKeys[command.name].map((key) => (
                  <kbd key={key}>{keyWord(key)}</kbd>
                ))}
              </dd>
            </>
          ))}
      </dl>
      <div class="dialog-buttons">
        <Button kind="outline" onPress={onClose} focus>
          {words.close}
        </Button>
      </div>
    </Dialog>
  );
}
