// Styles of a letter without anything that could fetch: read by the browser's own CSS parser, so that escapes and comments hide nothing.

/** Functions that load, in their normal form; a backslash that survives parsing stands in a string or a custom property. */
const fetching = /url\(|image\(|image-set\(|src\(|cross-fade\(|element\(|paint\(|\\|@import|expression\(|var\(/i;
/** Fixed boxes would lie over the letter's own text while it is scrolled. */
const moving: ReadonlySet<string> = new Set(['behavior', '-moz-binding', 'src']);

export function isHarmless(property: string, value: string): boolean {
  return !property.startsWith('--') && !moving.has(property) && !fetching.test(value);
}

/** Where a style may show a picture from elsewhere once its reader asked for it. */
const showing: ReadonlySet<string> = new Set(['background-image', 'border-image-source', 'list-style-image']);
/** As browsers write it; an address with an escape in it is none of these. */
const quotedUrl = /url\("([^"\\]*)"\)/g;

/** Who is told of pictures from elsewhere. */
export interface StylePictures {
  /** The address it is shown from, or undefined while it stays outside. */
  place(address: string): string | undefined;
  /** Named where nothing is ever shown. */
  block(address: string): void;
}

/** Removes every declaration that could fetch, after its pictures were told to `pictures`; those that have a place stay, with it. */
export function cleanDeclarations(style: CSSStyleDeclaration, pictures: StylePictures): void {
  for (const property of Array.from(style)) {
    const value = style.getPropertyValue(property);
    if (isHarmless(property, value)) continue;
    const placed = placedValue(property, value, pictures);
    if (placed === undefined) style.removeProperty(property);
    else style.setProperty(property, placed, style.getPropertyPriority(property));
  }
}

function placedValue(property: string, value: string, pictures: StylePictures): string | undefined {
  const addresses = [...value.matchAll(quotedUrl)].map((found) => found[1] ?? '');
  const mayShow = showing.has(property) && isHarmless(property, value.replaceAll(quotedUrl, 'none'));
  if (!mayShow || addresses.length === 0) {
    for (const address of value.match(/(?:https?:)?\/\/[^"')\s]+/gi) ?? []) pictures.block(address);
    return undefined;
  }
  const places = addresses.map((address) => pictures.place(address));
  if (places.some((found) => found === undefined)) return undefined;
  let next = 0;
  return value.replaceAll(quotedUrl, () => `url("${places[next++] ?? ''}")`);
}

function cleanRules(rules: CSSRuleList, pictures: StylePictures): string {
  const texts: string[] = [];
  for (const rule of Array.from(rules)) {
    if (rule instanceof CSSStyleRule) {
      cleanDeclarations(rule.style, pictures);
      if (rule.style.length > 0) texts.push(`${rule.selectorText}{${rule.style.cssText}}`);
    } else if (rule instanceof CSSMediaRule) {
      const inside = cleanRules(rule.cssRules, pictures);
      if (inside) texts.push(`@media ${rule.media.mediaText}{${inside}}`);
    }
    // @import, @font-face, @namespace, @supports and the rest are left out.
  }
  return texts.join('\n');
}

/** The style sheet of a letter, rebuilt from its harmless rules; '' when it does not parse. */
export function cleanSheet(text: string, pictures: StylePictures): string {
  const sheet = new CSSStyleSheet();
  try {
    sheet.replaceSync(text);
  } catch {
    return '';
  }
  // Serialised CSS never holds this, a string inside it could.
  return cleanRules(sheet.cssRules, pictures).replaceAll(/<\/?/g, '');
}
