// DropPlace: files come in by drop or choice; the same name again is a new file.

import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Button } from './button.tsx';

export function DropPlace(of: {
  readonly class: string;
  /** What may be dropped, above the button. */
  readonly above: ComponentChildren;
  readonly choose: string;
  readonly kind: 'primary' | 'outline';
  /** For the field that takes the files. */
  readonly label: string;
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  /** Below the button. */
  readonly children?: ComponentChildren;
}) {
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (files: FileList | null | undefined): void => of.onFiles([...(files ?? [])]);
  return (
    <div
      class={`drop-place ${of.class}`}
      data-over={isOver ? '' : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      {of.above}
      <Button kind={of.kind} onPress={() => input.current?.click()}>
        {of.choose}
      </Button>
      <input
        ref={input}
        type="file"
        multiple={of.multiple === true}
        hidden
        aria-label={of.label}
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
      {of.children}
    </div>
  );
}
