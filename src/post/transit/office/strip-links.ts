// Ways out of an Office document taken out of its parts: OOXML relationships (ECMA-376-2 §9), ODF references (ODF 1.3-3 §19.916).

export interface Stripped {
  readonly text: string;
  readonly removed: number;
}

const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const RELATIONSHIP = /<(?:[\w.-]+:)?Relationship((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))+)\s*\/?>/g;
const TAG = /<([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))+)\s*(\/?)>/g;
/** What a reader clicks on, and nothing fetches by itself. */
const CLICKED = /^(?:https?|mailto):/i;
const OUTSIDE = /^\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2}|file|\.\.[/\\]|[/\\])/i;
const NAMESPACE = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** The part written anew from what was understood: what was not is gone. */
export function stripRelationships(text: string): Stripped {
  const kept: string[] = [];
  let removed = 0;
  for (const [, attributes = ''] of text.matchAll(RELATIONSHIP)) {
    const all = attributesOf(attributes);
    const [id = '', type = '', target = ''] = ['Id', 'Type', 'Target'].map((name) => all.get(name));
    const isExternal = all.get('TargetMode')?.trim() === 'External';
    const isClicked = isExternal && type.endsWith('/hyperlink') && CLICKED.test(target);
    const isInside = !isExternal && !/^\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(target);
    if (!isClicked && !isInside) removed += 1;
    else if (!/\/(?:vbaProject|wordVbaData|attachedTemplate)$/.test(type))
      kept.push(
        `<Relationship Id="${packed(id)}" Type="${packed(type)}" Target="${packed(target)}"${isClicked ? ' TargetMode="External"' : ''}/>`,
      );
  }
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  return { text: `${head}<Relationships xmlns="${NAMESPACE}">${kept.join('')}</Relationships>`, removed };
}

/** References to what does not lie in the document itself; links that are clicked on stay. */
export function stripReferences(text: string): Stripped {
  let removed = 0;
  const done = text.replace(TAG, (tag, name: string, attributes: string, end: string) => {
    const isClicked = name === 'text:a' || name === 'draw:a';
    let isChanged = false;
    const kept = attributes.replace(ATTRIBUTE, (attribute: string, key: string, first?: string, second?: string) => {
      const value = plain(first ?? second ?? '');
      if (!/(?:^|:)href$/.test(key) || !OUTSIDE.test(value) || (isClicked && CLICKED.test(value))) return attribute;
      removed += 1;
      isChanged = true;
      return '';
    });
    return isChanged ? `<${name}${kept}${end}>` : tag;
  });
  return { text: done, removed };
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(ATTRIBUTE)].map(([, key = '', first, second]) => [key, plain(first ?? second ?? '')]),
  );
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function plain(value: string): string {
  return value.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return NAMED.get(name) ?? whole;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

function packed(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
