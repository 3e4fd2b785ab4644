// For tests: reads hp of the field around an offset by one regular grammar over a string, written apart from the reader it checks.

/** hp as a strict reader of RFC 2045 sees it, letter by letter; undefined when a quote or comment holds it. */
export function strictParameter(bytes: Uint8Array, offset: number): string | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  // the field: from the last line start before the offset that is no fold, to the next line that is none
  let start = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  if (offset === 0) start = 0;
  while (start > 0 && /[ \t]/.test(text.charAt(start))) start = text.lastIndexOf('\n', start - 2) + 1;
  const rest = text.slice(start);
  const end = rest.search(/\n(?![ \t])/);
  const field = end < 0 ? rest : rest.slice(0, end);
  const head = /^Content-Type[ \t]*:/i.exec(field);
  if (!head) return undefined;
  return valueOutsideQuotes(field.slice(head[0].length));
}

function valueOutsideQuotes(value: string): string | undefined {
  const state = { quote: false, depth: 0 };
  for (let i = 0; i < value.length; i++) {
    const c = value.charAt(i);
    if ((state.quote || state.depth > 0) && c === '\\') {
      i++;
      continue;
    }
    if (state.quote) state.quote = c !== '"';
    else if (c === '(') state.depth++;
    else if (c === ')' && state.depth > 0) state.depth--;
    else if (state.depth === 0 && c === '"') state.quote = true;
    else if (state.depth === 0 && c === ';') {
      const found = /^;[ \t\r\n]*hp[ \t\r\n]*=[ \t\r\n]*"([a-z]*)"/i.exec(value.slice(i, i + 60));
      if (found) return found[1];
    }
  }
  return undefined;
}
