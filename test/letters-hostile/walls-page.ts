// The page of the hostile letters' test: draws one letter through any of the walls, so that each can be left alone. Production has no such switches.

import { frameDocument, frameSandbox, innerPolicy } from '#web/letter/frame-document.ts';
import { createLetterPurifier } from '#web/letter/purify.ts';
import { createPolicy } from '#web/trusted-types.ts';

const purifyLetter = createLetterPurifier();

interface Walls {
  readonly purifier: boolean;
  readonly sandbox: boolean;
  readonly inner: boolean;
}

const policy = createPolicy('letter', { createHTML: (html: string): string => html });

function draw(html: string, walls: Walls): Promise<void> {
  document.querySelector('iframe')?.remove();
  const frame = document.createElement('iframe');
  if (walls.sandbox) frame.setAttribute('sandbox', frameSandbox);
  const letter = walls.purifier ? purifyLetter(html) : { styles: '', body: html, bodyAttributes: '' };
  let text = walls.purifier
    ? frameDocument(letter)
    : `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="${innerPolicy}"></head>${html}</html>`;
  if (!walls.inner) text = text.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  const loaded = new Promise<void>((resolve) => frame.addEventListener('load', () => resolve(), { once: true }));
  frame.srcdoc = policy.createHTML(text);
  document.body.append(frame);
  return Promise.race([loaded, new Promise<void>((resolve) => setTimeout(resolve, 1500))]);
}

Object.assign(window, { draw });
