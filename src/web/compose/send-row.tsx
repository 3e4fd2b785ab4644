// The send row: the one button in wax, ink when anyone would get it unsealed, with the times to send later; what was kept; the trash.

import { useState } from 'preact/hooks';
import { limits } from '#base/limits.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Menu, type MenuChoice } from '../parts/menu.tsx';
import { nowMs } from '../parts/now.ts';
import { SealMark } from '../parts/seal-mark.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { timeOfDay } from '../words/dates.ts';
import type { Keeping } from './compose-state.ts';
import { laterChoices, localInputText, parseLocalInput } from './send-times.ts';

export interface SendRowProps {
  readonly unsealedCount: number;
  readonly isSending: boolean;
  readonly mayNot: boolean;
  readonly keeping: Keeping;
  readonly onSend: (sendAtMs?: number) => void;
  readonly onTrash: () => void;
}

function Kept({ keeping }: { readonly keeping: Keeping }) {
  const words = useWords();
  const language = useLanguage();
  const still = { new: '', saving: '', offline: words.compose.notSaved, followed: words.compose.elsewhere.followed };
  const text = keeping.kind === 'saved' ? words.compose.saved(timeOfDay(language, keeping.atMs)) : still[keeping.kind];
  return (
    <span class="compose-kept" role="status" data-kind={keeping.kind}>
      {text}
    </span>
  );
}

function LaterDialog(of: { readonly onTime: (atMs: number) => void; readonly onClose: () => void }) {
  const words = useWords();
  const now = nowMs();
  const [text, setText] = useState(localInputText(laterChoices(now)[0]?.atMs ?? now));
  const parsed = parseLocalInput(text, nowMs());
  const error = parsed === 'past' ? words.compose.laterPast : parsed === 'far' ? words.compose.laterFar : undefined;
  const isTime = typeof parsed === 'object';
  return (
    <Dialog label={words.compose.laterTitle} onClose={of.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typeof parsed !== 'object') return;
          of.onClose();
          of.onTime(parsed.atMs);
        }}
      >
        <h2 class="section dialog-heading">{words.compose.laterTitle}</h2>
        <label class="field">
          <span class="field-label">{words.compose.laterField}</span>
          <span class="field-box">
            <input
              class="field-input"
              type="datetime-local"
              value={text}
              min={localInputText(now)}
              max={localInputText(now + limits.queue.aheadMs)}
              aria-invalid={error ? 'true' : undefined}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </span>
          <span class={error ? 'field-help field-error' : 'field-help'} role={error ? 'alert' : undefined}>
            {error}
          </span>
        </label>
        <div class="dialog-buttons">
          <Button kind="plain" onPress={of.onClose}>
            {words.cancel}
          </Button>
          <Button kind="primary" submits disabled={!isTime}>
            {words.compose.laterButton}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function useLaterChoices(onTime: (atMs: number) => void, onPick: () => void): readonly MenuChoice[] {
  const words = useWords();
  const language = useLanguage();
  const now = nowMs();
  const fixed = laterChoices(now).map(({ key, atMs }): MenuChoice => ({
    key,
    word: `${words.compose.laterWhen[key]}, ${timeOfDay(language, atMs)}`,
    icon: 'clock',
    onPress: () => onTime(atMs),
  }));
  return [...fixed, { key: 'pick', word: words.compose.laterWhen.pick, icon: 'calendar-clock', onPress: onPick }];
}

export function SendRow(of: SendRowProps) {
  const words = useWords();
  const [menu, setMenu] = useState<HTMLElement | undefined>(undefined);
  const [isPicking, setPicking] = useState(false);
  const choices = useLaterChoices(
    (atMs) => of.onSend(atMs),
    () => setPicking(true),
  );
  const isOpen = of.unsealedCount > 0;
  const off = of.isSending || of.mayNot;
  return (
    <>
      <footer class="compose-foot">
        <div class={isOpen ? 'send send-open' : 'send'} data-sending={of.isSending ? '' : undefined}>
          <button
            type="button"
            class="send-main"
            title={`${words.compose.seal} (Ctrl ↵)`}
            disabled={of.mayNot}
            // what is switched off loses the keyboard: Escape would no longer reach the sheet
            aria-disabled={of.isSending ? 'true' : undefined}
            onClick={() => of.onSend()}
          >
            <SealMark shape={isOpen ? 'open' : 'end-to-end'} size={20} />
            <span>{isOpen ? words.compose.sendUnsealed(of.unsealedCount) : words.compose.seal}</span>
          </button>
          <button
            type="button"
            class="send-later"
            aria-label={words.compose.later}
            title={words.compose.later}
            aria-haspopup="menu"
            aria-expanded={menu !== undefined}
            disabled={off}
            onClick={(event) => setMenu(event.currentTarget)}
          >
            <Icon name="chevron-down" />
          </button>
        </div>
        <Kept keeping={of.keeping} />
        <IconButton icon="trash-2" label={words.compose.trash} onPress={of.onTrash} />
      </footer>
      {menu ? (
        <Menu
          label={words.compose.later}
          heading={words.compose.later}
          at={menu}
          choices={choices}
          onClose={() => setMenu(undefined)}
        />
      ) : null}
      {isPicking ? <LaterDialog onTime={(atMs) => of.onSend(atMs)} onClose={() => setPicking(false)} /> : null}
    </>
  );
}
