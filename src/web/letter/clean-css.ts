// Styles of a letter without anything that could fetch: read by the browser's own CSS parser, so that escapes and comments hide nothing.

/** Functions that load, in their normal form; a backslash that survives parsing stands in a string or a custom property. */
const fetching = /url\(|image\(|image-set\(|src\(|cross-fade\(|element\(|paint\(|\\|@import|expression\(|var\(/i;
/** Fixed boxes would lie over the letter's own text while it is scrolled. */
const moving: ReadonlySet<string> = new Set(['behavior', '-moz-binding', 'src']);

export function isHarmless(property: string, value: string): boolean {
  return !property.startsWith('--') && !moving.has(property) && !fetching.test(value);
}

/** Removes every declaration that could fetch; counts those that named a picture elsewhere. */
export function cleanDeclarations(style: CSSStyleDeclaration): number {
  let blocked = 0;
  for (const property of Array.from(style)) {
    const value = style.getPropertyValue(property);
    if (isHarmless(property, value)) continue;
    if (/https?:|\/\//i.test(value)) blocked++;
    style.removeProperty(property);
  }
  return blocked;
}

interface CleanSheet {
  readonly text: string;
  readonly blocked: number;
}

function cleanRules(rules: CSSRuleList): CleanSheet {
  const texts: string[] = [];
  let blocked = 0;
  for (const rule of Array.from(rules)) {
    if (rule instanceof CSSStyleRule) {
      blocked += cleanDeclarations(rule.style);
      if (rule.style.length > 0) texts.push(`${rule.selectorText}{${rule.style.cssText}}`);
    } else if (rule instanceof CSSMediaRule) {
      const inside = cleanRules(rule.cssRules);
      blocked += inside.blocked;
      if (inside.text) texts.push(`@media ${rule.media.mediaText}{${inside.text}}`);
    }
    // @import, @font-face, @namespace, @supports and the rest are left out.
  }
  return { text: texts.join('\n'), blocked };
}

/** The style sheet of a letter, rebuilt from its harmless rules; '' when it does not parse. */
export function cleanSheet(text: string): CleanSheet {
  const sheet = new CSSStyleSheet();
  try {
    sheet.replaceSync(text);
  } catch {
    return { text: '', blocked: 0 };
  }
  const clean = cleanRules(sheet.cssRules);
  // Serialised CSS never holds this, a string inside it could.
  return { ...clean, text: clean.text.replaceAll(/<\/?/g, '') };
}
