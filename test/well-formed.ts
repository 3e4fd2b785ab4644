// Whether a text of HTML closes every element in the order in which it was opened, and names every id once.

/** HTML §13.1.2: elements without an end. */
const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr']);
const TAG = /<(\/?)([a-z][a-z0-9-]*)((?:\s+[a-z:-]+(?:="[^"<]*")?)*)\s*(\/?)>/gi;

/** What is wrong, in order; empty: nothing. */
export function faultsOf(html: string): readonly string[] {
  const faults: string[] = [];
  const open: string[] = [];
  const ids = new Set<string>();
  let end = 0;
  for (const tag of html.matchAll(TAG)) {
    const [whole, slash, name = '', attributes = '', closed] = tag;
    const between = html.slice(end, tag.index);
    if (/[<>]/.test(between)) faults.push(`a sign that is no tag: ${between.trim().slice(0, 60)}`);
    if (/&(?!(?:[a-z]+|#\d+|#x[0-9a-f]+);)/i.test(between))
      faults.push(`a bare ampersand: ${between.trim().slice(0, 60)}`);
    end = tag.index + whole.length;
    const id = /\sid="([^"]*)"/.exec(attributes)?.[1];
    if (id !== undefined && ids.has(id)) faults.push(`two elements are called ${id}`);
    if (id !== undefined) ids.add(id);
    if (slash === '/') {
      const last = open.pop();
      if (last !== name) faults.push(`</${name}> closes <${last ?? 'nothing'}>`);
    } else if (closed !== '/' && !VOID.has(name)) open.push(name);
  }
  if (/[<>]/.test(html.slice(end))) faults.push('a sign that is no tag at the end');
  return [...faults, ...open.map((name) => `<${name}> is never closed`), ...danglingIds(html, ids)];
}

/** What aria names has to be there. */
function danglingIds(html: string, ids: ReadonlySet<string>): readonly string[] {
  return [...html.matchAll(/aria-(?:labelledby|describedby)="([^"]*)"/g)]
    .flatMap(([, named = '']) => named.split(' '))
    .filter((id) => !ids.has(id))
    .map((id) => `nothing is called ${id}`);
}
