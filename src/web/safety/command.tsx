// A command as it is typed where the program runs, with a button that copies it.

import { Button } from '../parts/button.tsx';
import { useWords } from '../parts/speech.tsx';
import { useSafetyWords } from './use-safety-words.ts';

export function Command(of: { readonly text: string; readonly say: (text: string) => void }) {
  const words = useWords();
  const own = useSafetyWords();
  const copy = (): void =>
    void navigator.clipboard.writeText(of.text).then(
      () => of.say(own.approve.copied),
      () => of.say(words.toasts.failed),
    );
  return (
    <span class="command">
      <code class="mono">{of.text}</code>
      <Button kind="link" onPress={copy}>
        {own.approve.copy}
      </Button>
    </span>
  );
}
