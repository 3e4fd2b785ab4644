// Addresses of pictures elsewhere: which could be shown on request, and which only count who opens a letter.

import { limits } from '#base/limits.ts';

/** As the server is asked for it, over HTTPS always; undefined: nothing that can be asked for. */
export function outsideAddress(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^(?:https?:)?\/\//i.test(trimmed)) return undefined;
  const url = URL.parse(trimmed.replace(/^(?:https?:)?\/\//i, 'https://'));
  if (url === null || url.username !== '' || url.password !== '') return undefined;
  url.hash = '';
  // a host may hold a quote and a query a backslash: either could end a style's url(""), and no picture needs them
  const isPlain = url.href.length <= limits.outgoing.urlCharacters && !/["\\<>\s]/.test(url.href);
  return isPlain ? url.href : undefined;
}

interface Candidate {
  readonly address: string;
  readonly weight: number;
}

/** The address of a srcset for a usual screen: the widest up to two points a pixel, else the last (HTML §4.8.4). */
export function bestOfSrcset(text: string): string | undefined {
  const candidates = text.split(/,\s+|,(?=https?:|\/\/)/i).flatMap((part): Candidate[] => {
    const [address = '', density = '1x'] = part.trim().split(/\s+/);
    const [, number, unit] = /^([\d.]+)([wx])$/.exec(density) ?? [];
    const weight = unit === 'w' ? Number(number) / 700 : Number(number ?? 1);
    return outsideAddress(address) === undefined || !Number.isFinite(weight) ? [] : [{ address, weight }];
  });
  const fitting = candidates.filter(({ weight }) => weight <= 2).toSorted((a, b) => b.weight - a.weight);
  return (fitting[0] ?? candidates.at(-1))?.address;
}

/** Names that pixels have everywhere, whoever counts. */
const PIXEL_NAME =
  /^(?:open(?:s|ed)?|track(?:ing|er)?|pixel|px|beacon|imp|impression|1x1|blank|clear|spacer|transparent)$/i;
const COUNTING_FOLDER = /^(?:open(?:s|ed)?|track(?:ing|er)?|pixels?|beacons?|imp|impressions?)$/i;
/** Long enough to name one reader. */
const TOKEN = /^[\w~.%=+-]{16,}$/;

/** By the shape of the address alone: a counter's name, or a token for one reader below a counter's folder. */
export function looksLikeCounter(address: string): boolean {
  const url = URL.parse(outsideAddress(address) ?? '');
  if (url === null) return false;
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  const last = segments.at(-1) ?? '';
  const extension = /\.(?:gif|png|jpe?g|webp|bmp|svg|php|aspx?|cgi)$/i;
  const name = last.replace(extension, '');
  const isPictureName = extension.test(last);
  if (/^[a-z]\.gif$/i.test(last)) return true;
  if (PIXEL_NAME.test(name) && (isPictureName || url.search !== '')) return true;
  const tokens = [...segments, ...url.searchParams.values()].filter((text) => TOKEN.test(text.replace(extension, '')));
  return segments.slice(0, -1).some((segment) => COUNTING_FOLDER.test(segment)) && tokens.length > 0;
}

const TINY_STYLE =
  /display:\s*none|visibility:\s*hidden|opacity:\s*0(?:\.0+)?\s*(?:;|$)|(?:^|[^-])(?:max-)?(?:width|height):\s*[0-2](?:px)?\s*(?:;|!|$)/i;

/** A picture that nobody is meant to see. A size that says otherwise counts more than a name. */
export function isTracker(image: Element, address: string): boolean {
  const size = (name: string): number => {
    const text = image.getAttribute(name) ?? '';
    return /^\s*\d/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  };
  const [width, height] = [size('width'), size('height')];
  if (width <= 2 || height <= 2 || image.hasAttribute('hidden')) return true;
  if (TINY_STYLE.test(image.getAttribute('style') ?? '')) return true;
  return !(width > 2 && height > 2) && looksLikeCounter(address);
}
