// Editor: the text of a letter, formatted on contenteditable or plain in a text area. Every change goes through the browser's own commands, so that its undo takes each back.

import type { TargetedClipboardEvent, TargetedDragEvent, TargetedKeyboardEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { escapeHtml } from '#formats/compose/quote.ts';
import { useWords } from '../parts/speech.tsx';
import { insertHtml, putHtml, tidyLetter } from './clean-html.ts';
import type { Quote, Written } from './compose-state.ts';
import { FormatBar, type Format } from './format-bar.tsx';
import { plainOf, tidyHtml } from './tidy-html.ts';

export interface EditorProps {
  readonly first: Written;
  readonly isPlain: boolean;
  readonly quote: Quote | undefined;
  readonly focus: boolean;
  readonly onReads: (read: () => Written) => void;
  readonly onTouch: () => void;
  readonly onPlain: (isPlain: boolean) => void;
  /** The quote stands in the text from now on. */
  readonly onQuoteShown: () => void;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onAttach: () => void;
}

function readRich(place: HTMLElement): Written {
  return { plainHtml: tidyHtml(place), plainText: plainOf(place) };
}

/** Text at the cursor, line by line. */
function insertText(text: string): void {
  const lines = text.replaceAll(/\r\n?/g, '\n').split('\n');
  if (lines.length === 1) document.execCommand('insertText', false, text);
  else insertHtml(lines.map((line) => `<div>${escapeHtml(line) || '<br>'}</div>`).join(''));
}

function insertFrom(data: DataTransfer): void {
  const html = data.getData('text/html');
  if (html !== '') insertHtml(tidyLetter(html).plainHtml);
  else insertText(data.getData('text/plain'));
}

function putCursor(place: HTMLElement, atEnd: boolean): void {
  const range = document.createRange();
  range.selectNodeContents(place);
  range.collapse(!atEnd);
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}

function blockquoteAt(place: HTMLElement): Element | null {
  const node = getSelection()?.anchorNode;
  const element = node instanceof Element ? node : (node?.parentElement ?? null);
  const quote = element?.closest('blockquote') ?? null;
  return quote && place.contains(quote) ? quote : null;
}

function formatsAt(place: HTMLElement): ReadonlySet<Format> {
  const on = new Set<Format>();
  if (document.queryCommandState('bold')) on.add('bold');
  if (document.queryCommandState('italic')) on.add('italic');
  if (document.queryCommandState('insertUnorderedList')) on.add('list');
  if (blockquoteAt(place)) on.add('quote');
  return on;
}

function format(place: HTMLElement, what: Format): void {
  place.focus();
  if (what === 'list') document.execCommand('insertUnorderedList');
  else if (what === 'quote') document.execCommand(blockquoteAt(place) ? 'outdent' : 'indent');
  else document.execCommand(what);
}

/** Which formats hold at the cursor, while it is in the text. */
function useFormats(place: { readonly current: HTMLElement | null }): ReadonlySet<Format> {
  const [on, setOn] = useState<ReadonlySet<Format>>(new Set());
  useEffect(() => {
    const look = (): void => {
      const editor = place.current;
      if (editor && document.activeElement === editor) setOn(formatsAt(editor));
    };
    document.addEventListener('selectionchange', look);
    return () => document.removeEventListener('selectionchange', look);
  }, []);
  return on;
}

function RichText(of: EditorProps & { readonly place: { current: HTMLDivElement | null } }) {
  const words = useWords();
  const { place } = of;
  const [isEmpty, setEmpty] = useState(false);
  const look = (): void =>
    setEmpty((place.current?.textContent ?? '') === '' && !place.current?.querySelector('li, blockquote'));
  useLayoutEffect(() => {
    const editor = place.current;
    if (!editor) return;
    putHtml(editor, of.first.plainHtml ?? '');
    document.execCommand('defaultParagraphSeparator', false, 'div');
    of.onReads(() => readRich(editor));
    look();
    if (!of.focus) return;
    editor.focus();
    putCursor(editor, false);
  }, []);
  const onPaste = (event: TargetedClipboardEvent<HTMLElement>): void => {
    const data = event.clipboardData;
    if (!data) return;
    event.preventDefault();
    const files = [...data.files];
    if (files.length > 0 && data.getData('text/html') === '') of.onFiles(files);
    else insertFrom(data);
  };
  const onDrop = (event: TargetedDragEvent<HTMLElement>): void => {
    const data = event.dataTransfer;
    if (!data || data.files.length > 0) return; // files belong to the sheet around it
    event.preventDefault();
    const spot = document.caretPositionFromPoint(event.clientX, event.clientY);
    if (spot) getSelection()?.collapse(spot.offsetNode, spot.offset);
    insertFrom(data);
  };
  const onKey = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey) return;
    const node = getSelection()?.anchorNode;
    const isEmptyLine = (node?.textContent ?? '') === '';
    if (!isEmptyLine || !place.current || !blockquoteAt(place.current)) return;
    event.preventDefault(); // an empty line leaves the quote
    document.execCommand('outdent');
  };
  return (
    <div
      ref={place}
      class="editor-text"
      contenteditable
      role="textbox"
      aria-multiline="true"
      aria-label={words.compose.text}
      data-placeholder={isEmpty ? words.compose.textPlaceholder : undefined}
      onInput={() => {
        look();
        of.onTouch();
      }}
      onPaste={onPaste}
      onDrop={onDrop}
      onKeyDown={onKey}
    />
  );
}

function PlainText(of: EditorProps & { readonly place: { current: HTMLTextAreaElement | null } }) {
  const words = useWords();
  useLayoutEffect(() => {
    const area = of.place.current;
    if (!area) return;
    area.value = of.first.plainText;
    of.onReads(() => ({ plainHtml: undefined, plainText: area.value }));
    if (!of.focus) return;
    area.focus();
    area.setSelectionRange(0, 0);
  }, []);
  return (
    <textarea
      ref={of.place}
      class="editor-text editor-plain"
      aria-label={words.compose.text}
      placeholder={words.compose.textPlaceholder}
      onInput={of.onTouch}
      onPaste={(event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0) return;
        event.preventDefault();
        of.onFiles(files);
      }}
    />
  );
}

export function Editor(of: EditorProps) {
  const words = useWords();
  const rich = useRef<HTMLDivElement>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  const formats = useFormats(rich);
  const showQuote = (): void => {
    const { quote } = of;
    if (!quote) return;
    if (rich.current) {
      rich.current.focus();
      putCursor(rich.current, true);
      // In an empty text the first line is the one that is written on.
      const isEmpty = rich.current.childNodes.length === 0;
      insertHtml(`${isEmpty ? '<div><br></div>' : ''}<div><br></div>${quote.plainHtml}`);
      putCursor(rich.current, false);
    } else if (plain.current) {
      const area = plain.current;
      area.focus();
      area.setSelectionRange(area.value.length, area.value.length);
      document.execCommand('insertText', false, `\n\n${quote.plainText}`);
      area.setSelectionRange(0, 0);
    }
    of.onQuoteShown();
  };
  return (
    <div class="editor">
      <FormatBar
        isPlain={of.isPlain}
        formats={formats}
        place={rich}
        onFormat={(what) => (rich.current ? format(rich.current, what) : undefined)}
        onPlain={() => of.onPlain(!of.isPlain)}
        onAttach={of.onAttach}
      />
      <div
        class="editor-scroll"
        onClick={(event) =>
          event.target === event.currentTarget ? (rich.current ?? plain.current)?.focus() : undefined
        }
      >
        {of.isPlain ? <PlainText {...of} place={plain} /> : <RichText {...of} place={rich} />}
        {of.quote ? (
          <button
            type="button"
            class="editor-quote"
            aria-label={words.compose.showQuote}
            title={words.compose.showQuote}
            onClick={showQuote}
          >
            …
          </button>
        ) : null}
      </div>
    </div>
  );
}
