// Block: one setting with its name, its state in a sentence, and what can be done.

import type { ComponentChildren } from 'preact';

export function Block(of: {
  readonly title: string;
  readonly text?: string | undefined;
  readonly action?: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  return (
    <section class="block">
      <div class="block-head">
        <div>
          <h2 class="block-title">{of.title}</h2>
          {of.text ? <p class="meta">{of.text}</p> : null}
        </div>
        {of.action ? <div class="block-action">{of.action}</div> : null}
      </div>
      {of.children}
    </section>
  );
}
