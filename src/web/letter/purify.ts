// The outer wall around a letter's HTML: DOMPurify with a hook that lets no address through but links that people press and pictures inside the letter.

import DOMPurify, { type Config } from 'dompurify';
import { limits } from '#base/limits.ts';
import { cleanDeclarations, cleanSheet, type StylePictures } from './clean-css.ts';
import { bestOfSrcset, isTracker, looksLikeCounter, outsideAddress } from './outside-address.ts';

export interface PurifiedLetter {
  readonly styles: string;
  readonly body: string;
  /** Attributes of the body element as HTML text, with a leading space, or ''. */
  readonly bodyAttributes: string;
  /** Pictures elsewhere that are not shown, trackers not counted. */
  readonly imagesBlocked: number;
  /** Pictures from elsewhere that are shown because the reader asked for them. */
  readonly imagesShown: number;
  /** Those of the blocked that could be asked for, as the server takes their addresses. */
  readonly outside: readonly string[];
  /** Invisible pictures elsewhere and those that only count readers: they stay outside whatever is pressed. */
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

/** Where pictures are shown from: addresses of this page, data: or blob:, never another. */
export interface PicturePlaces {
  /** By Content-ID. */
  readonly inline: ReadonlyMap<string, string>;
  /** By address elsewhere, once the reader asked for them. */
  readonly fetched: ReadonlyMap<string, string>;
}

/** What the hooks need to know of the letter that is being purified. */
class Now {
  readonly #places: PicturePlaces;
  readonly outside = new Set<string>();
  images = 0;
  shown = 0;
  trackers = 0;

  constructor(places: PicturePlaces) {
    this.#places = places;
  }

  /** Address of the picture inside the letter, or undefined when it lies elsewhere. */
  inside(address: string): string | undefined {
    const value = address.trim();
    if (insidePicture.test(value)) return value;
    return /^cid:/i.test(value) ? this.#places.inline.get(decoded(value.slice(4))) : undefined;
  }

  /** The place of a picture elsewhere; undefined: it stays there, and is counted. */
  place(address: string, isCounter: boolean): string | undefined {
    if (isCounter) {
      this.trackers++;
      return undefined;
    }
    const asked = outsideAddress(address);
    const fetched = asked === undefined ? undefined : this.#places.fetched.get(asked);
    if (fetched !== undefined) {
      this.shown++;
      return fetched;
    }
    this.images++;
    if (asked !== undefined) this.outside.add(asked);
    return undefined;
  }

  /** What names nothing elsewhere is not counted. */
  readonly inStyle: StylePictures = {
    place: (address) => (isElsewhere(address) ? this.place(address, looksLikeCounter(address)) : undefined),
    block: (address) => this.block(address),
  };

  /** Named where no picture is shown: it stays outside whatever is pressed. */
  block(address: string): void {
    if (looksLikeCounter(address)) this.trackers++;
    else this.images++;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isElsewhere(address: string): boolean {
  return /^(?:https?:)?\/\//i.test(address.trim());
}

/** Old ways to name a picture become the one that the hooks below judge: srcset becomes src, background a style. */
function inOneWay(node: Element): void {
  const background = node.getAttribute('background');
  node.removeAttribute('background');
  if (background !== null && node instanceof HTMLElement) {
    const address = outsideAddress(background);
    if (address !== undefined && node.style.backgroundImage === '') node.style.backgroundImage = `url("${address}")`;
  }
  if (node.nodeName !== 'IMG') return;
  const best = bestOfSrcset(node.getAttribute('srcset') ?? '');
  node.removeAttribute('srcset');
  if (best !== undefined && !node.getAttribute('src')) node.setAttribute('src', best);
}

function placeOf(image: Element, address: string, now: Now): string | undefined {
  return now.inside(address) ?? now.place(address, isTracker(image, address));
}

function withHooks(purify: typeof DOMPurify, now: () => Now): typeof DOMPurify {
  purify.addHook('uponSanitizeElement', (node, data) => {
    if (data.tagName !== 'style' || !(node instanceof Element)) return;
    node.textContent = cleanSheet(node.textContent ?? '', now().inStyle);
  });
  purify.addHook('beforeSanitizeAttributes', (node) => {
    if (node instanceof Element) inOneWay(node);
  });
  purify.addHook('uponSanitizeAttribute', (node, data) => {
    const name = data.attrName;
    if (name === 'style') {
      if (node instanceof HTMLElement) {
        cleanDeclarations(node.style, now().inStyle);
        data.attrValue = node.style.cssText;
      } else data.keepAttr = false;
    } else if (name === 'src') {
      const place = node.nodeName === 'IMG' ? placeOf(node, data.attrValue, now()) : undefined;
      if (node.nodeName !== 'IMG') now().block(data.attrValue);
      if (place !== undefined) {
        // A kept attribute stays as it stands on the node: what the hook says of its value is not looked at.
        node.setAttribute('src', place);
        data.forceKeepAttr = true;
      } else data.keepAttr = false;
    } else if (name === 'href') {
      data.keepAttr = (node.nodeName === 'A' || node.nodeName === 'AREA') && pressable.test(data.attrValue.trim());
    } else if (name.includes(':') || name.startsWith('on')) data.keepAttr = false;
    else if (name === 'srcset' || name === 'poster') now().images++;
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

export type PurifyLetter = (plainHtml: string, places?: Partial<PicturePlaces>) => PurifiedLetter;

/** Made once a page: the browser grants the policy `dompurify` one time only. */
export function createLetterPurifier(): PurifyLetter {
  let now = new Now({ inline: new Map(), fetched: new Map() });
  const purify = withHooks(DOMPurify(), () => now);
  if (!purify.isSupported) throw new Error('this browser cannot purify letters');
  return (plainHtml, { inline = new Map(), fetched = new Map() } = {}) => {
    now = new Now({ inline, fetched });
    const root: unknown = purify.sanitize(plainHtml, rules);
    if (!(root instanceof Element)) throw new TypeError('the purifier gives an element');
    const { images, shown, trackers, outside } = now;
    const asked = [...outside].slice(0, limits.outside.picturesInLetterMax);
    return {
      ...parts(root, plainHtml),
      imagesBlocked: images,
      imagesShown: shown,
      trackersBlocked: trackers,
      outside: asked,
    };
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
function parts(
  root: Element,
  plainHtml: string,
): Omit<PurifiedLetter, 'imagesBlocked' | 'imagesShown' | 'trackersBlocked' | 'outside'> {
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
