// The outer wall around a letter's HTML: DOMPurify with a hook that lets no address through but links that people press and pictures inside the letter.

import DOMPurify, { type Config } from 'dompurify';
import { cleanDeclarations, cleanSheet } from './clean-css.ts';

export interface PurifiedLetter {
  readonly styles: string;
  readonly body: string;
  /** Attributes of the body element as HTML text, with a leading space, or ''. */
  readonly bodyAttributes: string;
  /** Pictures elsewhere that were not loaded, trackers not counted. */
  readonly imagesBlocked: number;
  /** Invisible or one-pixel pictures elsewhere. */
  readonly trackersBlocked: number;
  /** It had text and nothing of it is left to show. */
  readonly nothingLeft: boolean;
}

const pressable = /^(?:https?:|mailto:|tel:)/i;
const insidePicture = /^data:image\/(?:png|jpe?g|gif|webp|avif|bmp|svg\+xml)[;,]/i;
const forbiddenTags = [
  'form', 'input', 'button', 'select', 'option', 'textarea', 'label', 'fieldset', 'dialog', 'audio', 'video', 'source',
  'track', 'picture', 'svg', 'math', 'template', 'slot', 'noscript', 'link', 'meta', 'base', 'iframe', 'object', 'embed', 'marquee',
]; // prettier-ignore
const forbiddenAttributes = [
  'srcset', 'ping', 'background', 'poster', 'lowsrc', 'dynsrc', 'longdesc', 'usemap', 'action', 'formaction', 'contenteditable',
  'autofocus', 'tabindex', 'accesskey', 'popover', 'popovertarget', 'is', 'slot', 'part', 'loading', 'fetchpriority',
]; // prettier-ignore

/** What the hooks need to know of the letter that is being purified. */
interface Now {
  inline: ReadonlyMap<string, string>;
  images: number;
  trackers: number;
}

function isTracker(image: Element): boolean {
  const tiny = (name: string): boolean => Number.parseInt(image.getAttribute(name) ?? '99', 10) <= 2;
  const style = image.getAttribute('style') ?? '';
  return (
    (tiny('width') && tiny('height')) ||
    /display:\s*none|visibility:\s*hidden|(?:^|[^-])(?:width|height):\s*[01]px/i.test(style)
  );
}

/** Address of the picture inside the letter, or undefined when it lies elsewhere. */
function picture(address: string, inline: ReadonlyMap<string, string>): string | undefined {
  const value = address.trim();
  if (insidePicture.test(value)) return value;
  return /^cid:/i.test(value) ? inline.get(decodeURIComponent(value.slice(4))) : undefined;
}

function withHooks(purify: typeof DOMPurify, now: Now): typeof DOMPurify {
  purify.addHook('uponSanitizeElement', (node, data) => {
    if (data.tagName !== 'style' || !(node instanceof Element)) return;
    const clean = cleanSheet(node.textContent ?? '');
    now.images += clean.blocked;
    node.textContent = clean.text;
  });
  purify.addHook('uponSanitizeAttribute', (node, data) => {
    const name = data.attrName;
    if (name === 'style') {
      if (node instanceof HTMLElement) {
        now.images += cleanDeclarations(node.style);
        data.attrValue = node.style.cssText;
      } else data.keepAttr = false;
    } else if (name === 'src') {
      const inside = node.nodeName === 'IMG' ? picture(data.attrValue, now.inline) : undefined;
      if (inside) {
        // A kept attribute stays as it stands on the node: what the hook says of its value is not looked at.
        node.setAttribute('src', inside);
        data.forceKeepAttr = true;
      } else {
        data.keepAttr = false;
        if (isTracker(node)) now.trackers++;
        else now.images++;
      }
    } else if (name === 'href') {
      data.keepAttr = (node.nodeName === 'A' || node.nodeName === 'AREA') && pressable.test(data.attrValue.trim());
    } else if (name.includes(':') || name.startsWith('on')) data.keepAttr = false;
    else if (name === 'srcset' || name === 'background' || name === 'poster') now.images++;
  });
  purify.addHook('afterSanitizeAttributes', (node) => {
    if (node.nodeName !== 'A' && node.nodeName !== 'AREA') return;
    node.setAttribute('target', '_blank');
    node.setAttribute('rel', 'noopener noreferrer nofollow');
  });
  return purify;
}

function shows(body: Element): boolean {
  return (body.textContent ?? '').trim() !== '' || body.querySelector('img[src]') !== null;
}

export type PurifyLetter = (plainHtml: string, inline?: ReadonlyMap<string, string>) => PurifiedLetter;

/** Made once a page: the browser grants the policy `dompurify` one time only. `inline` maps Content-IDs to blob: addresses of this page. */
export function createLetterPurifier(): PurifyLetter {
  const now: Now = { inline: new Map(), images: 0, trackers: 0 };
  const purify = withHooks(DOMPurify(), now);
  if (!purify.isSupported) throw new Error('this browser cannot purify letters');
  return (plainHtml, inline = new Map()) => {
    Object.assign(now, { inline, images: 0, trackers: 0 });
    const root: unknown = purify.sanitize(plainHtml, rules);
    if (!(root instanceof Element)) throw new TypeError('the purifier gives an element');
    return { ...parts(root, plainHtml), imagesBlocked: now.images, trackersBlocked: now.trackers };
  };
}

const rules: Config & { readonly RETURN_DOM: true } = {
  WHOLE_DOCUMENT: true,
  RETURN_DOM: true,
  USE_PROFILES: { html: true },
  FORBID_TAGS: forbiddenTags,
  FORBID_ATTR: forbiddenAttributes,
  ADD_ATTR: ['target'],
  ALLOW_DATA_ATTR: false,
  ALLOW_UNKNOWN_PROTOCOLS: false,
};

/** The purified document taken apart, as strings. */
function parts(root: Element, plainHtml: string): Omit<PurifiedLetter, 'imagesBlocked' | 'trackersBlocked'> {
  const styles = [...root.querySelectorAll('style')].map((style) => style.textContent ?? '');
  for (const style of root.querySelectorAll('style')) style.remove();
  const body = root.querySelector('body') ?? root;
  const shell = body.cloneNode(false);
  const attributes = shell instanceof Element ? (/^<body([^>]*)>/.exec(shell.outerHTML)?.[1] ?? '') : '';
  // Whatever the letter said between tags counts as text, also inside what is never shown.
  const hadText =
    plainHtml.replaceAll(/<style[\s\S]*?<\/style>|<script[\s\S]*?<\/script>|<!--[\s\S]*?-->|<[^>]*>/gi, '').trim() !==
    '';
  return {
    styles: styles.some((text) => text !== '') ? `<style>${styles.join('\n')}</style>` : '',
    body: body.innerHTML,
    bodyAttributes: attributes,
    nothingLeft: hadText && !shows(body),
  };
}
