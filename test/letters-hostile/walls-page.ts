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

/** As the page does after the press: whatever the purifier offers is asked of the own server, then the letter is drawn again. */
async function press(html: string): Promise<{ readonly asked: readonly string[]; readonly trackers: number }> {
  const { outside, trackersBlocked } = purifyLetter(html);
  const fetched = new Map<string, string>();
  for (const address of outside) {
    const body = JSON.stringify({ url: address });
    const answer = await fetch('/outside/image', { method: 'POST', body });
    fetched.set(address, URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type: 'image/png' })));
  }
  document.querySelector('iframe')?.remove();
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', frameSandbox);
  const loaded = new Promise<void>((resolve) => frame.addEventListener('load', () => resolve(), { once: true }));
  frame.srcdoc = policy.createHTML(frameDocument(purifyLetter(html, { fetched })));
  document.body.append(frame);
  await Promise.race([loaded, new Promise<void>((resolve) => setTimeout(resolve, 1500))]);
  return { asked: outside, trackers: trackersBlocked };
}

/** How many pictures the drawn letter shows: images that loaded, and styles with a picture of this page. */
function shown(): number {
  const page = document.querySelector('iframe')?.contentDocument;
  const view = page?.defaultView;
  if (!page || !view) return -1;
  const images = [...page.images].filter(({ naturalWidth }) => naturalWidth > 0).length;
  const styled = [...page.querySelectorAll('*')].filter((element) => {
    const { backgroundImage, listStyleImage } = view.getComputedStyle(element);
    return backgroundImage.includes('blob:') || (element.tagName === 'UL' && listStyleImage.includes('blob:'));
  });
  return images + styled.length;
}

Object.assign(window, { draw, press, shown });
