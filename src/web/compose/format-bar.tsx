// FormatBar: bold, italic, list, quote, link, attach, and the switch to plain text; a press keeps the cursor where it is.

import { useRef, useState } from 'preact/hooks';
import type { IconName } from '../look/icons.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../parts/speech.tsx';
import { linkOf } from './link-address.ts';

export type Format = 'bold' | 'italic' | 'list' | 'quote';

const formats: readonly (readonly [Format, IconName, string])[] = [
  ['bold', 'bold', 'Ctrl B'],
  ['italic', 'italic', 'Ctrl I'],
  ['list', 'list', ''],
  ['quote', 'text-quote', ''],
];

function Tool(of: {
  readonly icon: IconName;
  readonly label: string;
  readonly hotkey?: string;
  readonly pressed?: boolean;
  readonly onPress: () => void;
}) {
  return (
    <button
      type="button"
      class="icon-button format-tool"
      aria-label={of.label}
      title={of.hotkey ? `${of.label} (${of.hotkey})` : of.label}
      {...(of.pressed === undefined ? {} : { 'aria-pressed': of.pressed })}
      onPointerDown={(event) => event.preventDefault()}
      onClick={of.onPress}
    >
      <Icon name={of.icon} />
    </button>
  );
}

function LinkDialog(of: {
  readonly first: string;
  readonly onLink: (address: string) => void;
  readonly onRemove: (() => void) | undefined;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const [text, setText] = useState(of.first);
  const [isWrong, setWrong] = useState(false);
  const set = (): void => {
    const address = linkOf(text);
    if (address === undefined) return setWrong(true);
    of.onClose();
    return of.onLink(address);
  };
  return (
    <Dialog label={words.compose.linkTitle} onClose={of.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          set();
        }}
      >
        <h2 class="section dialog-heading">{words.compose.linkTitle}</h2>
        <Field
          label={words.compose.linkAddress}
          value={text}
          focus
          error={isWrong ? words.compose.linkWrong : undefined}
          onInput={(value) => {
            setText(value);
            setWrong(false);
          }}
        />
        <div class="dialog-buttons">
          {of.onRemove ? (
            <Button kind="plain" onPress={of.onRemove}>
              {words.compose.linkRemove}
            </Button>
          ) : null}
          <Button kind="plain" onPress={of.onClose}>
            {words.cancel}
          </Button>
          <Button kind="primary" submits>
            {words.compose.linkButton}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The link the cursor stands in, or nothing. */
function linkAt(range: Range | undefined): HTMLAnchorElement | undefined {
  const node = range?.commonAncestorContainer;
  const element = node instanceof Element ? node : node?.parentElement;
  return element?.closest('a') ?? undefined;
}

function useLink(place: { readonly current: HTMLElement | null }) {
  const range = useRef<Range | undefined>(undefined);
  const [isAsked, setAsked] = useState(false);
  const back = (): Selection | null => {
    place.current?.focus();
    const selection = getSelection();
    if (range.current && selection) {
      selection.removeAllRanges();
      selection.addRange(range.current);
    }
    return selection;
  };
  return {
    isAsked,
    first: linkAt(range.current)?.href ?? '',
    ask: (): void => {
      const selection = getSelection();
      const within = selection?.anchorNode && place.current?.contains(selection.anchorNode);
      range.current = within && selection.rangeCount > 0 ? selection.getRangeAt(0).cloneRange() : undefined;
      setAsked(true);
    },
    close: (): void => setAsked(false),
    set: (address: string): void => {
      // After the dialog has given the keyboard back.
      setTimeout(() => {
        const selection = back();
        const link = linkAt(range.current);
        if (link) selection?.selectAllChildren(link);
        if (selection?.isCollapsed) {
          document.execCommand('insertText', false, address.replace(/^mailto:/, ''));
          const length = address.replace(/^mailto:/, '').length;
          for (let left = length; left > 0; left--) selection.modify('extend', 'backward', 'character');
        }
        document.execCommand('createLink', false, address);
        selection?.collapseToEnd();
      });
    },
    remove: (): void => {
      setAsked(false);
      setTimeout(() => {
        const link = linkAt(range.current);
        const selection = back();
        if (link) selection?.selectAllChildren(link);
        document.execCommand('unlink');
      });
    },
  };
}

export function FormatBar(of: {
  readonly isPlain: boolean;
  readonly formats: ReadonlySet<Format>;
  readonly place: { readonly current: HTMLElement | null };
  readonly onFormat: (what: Format) => void;
  readonly onPlain: () => void;
  readonly onAttach: () => void;
}) {
  const words = useWords();
  const link = useLink(of.place);
  const { format } = words.compose;
  return (
    <div class="format-bar" role="toolbar" aria-label={format.bar}>
      <Tool icon="paperclip" label={words.compose.attach} onPress={of.onAttach} />
      {of.isPlain ? null : (
        <>
          <span class="format-line" />
          {formats.map(([what, icon, hotkey]) => (
            <Tool
              key={what}
              icon={icon}
              label={format[what]}
              hotkey={hotkey}
              pressed={of.formats.has(what)}
              onPress={() => of.onFormat(what)}
            />
          ))}
          <Tool icon="link" label={format.link} onPress={link.ask} />
        </>
      )}
      <button type="button" class="button button-plain format-switch" onClick={of.onPlain}>
        {of.isPlain ? format.rich : format.plain}
      </button>
      {link.isAsked ? (
        <LinkDialog
          first={link.first}
          onLink={link.set}
          onRemove={link.first === '' ? undefined : link.remove}
          onClose={link.close}
        />
      ) : null}
    </div>
  );
}
