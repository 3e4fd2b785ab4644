// HTML of letters being written: a short list of elements and no styles, whoever made it (the editor, a paste, an answered letter), and its plain form.

import { escapeHtml } from '#formats/compose/quote.ts';

/** What is read of a DOM node; the browser's nodes fit. */
export interface ReadNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly childNodes: ArrayLike<ReadNode>;
  getAttribute?(name: string): string | null;
}

const ELEMENT = 1;
const TEXT = 3;
const DEPTH_MAX = 200;

const kept: Readonly<Record<string, string>> = {
  B: 'b', STRONG: 'b', I: 'i', EM: 'i', U: 'u', P: 'p', DIV: 'div', BLOCKQUOTE: 'blockquote', UL: 'ul', OL: 'ol', LI: 'li', PRE: 'pre', CODE: 'code',
  TABLE: 'table', TBODY: 'tbody', THEAD: 'thead', TR: 'tr', TD: 'td', TH: 'th', H1: 'h3', H2: 'h3', H3: 'h3', H4: 'h3',
}; // prettier-ignore
const dropped = new Set([
  'STYLE',
  'SCRIPT',
  'TITLE',
  'HEAD',
  'TEMPLATE',
  'NOSCRIPT',
  'IFRAME',
  'OBJECT',
  'SVG',
  'MATH',
]);
const blocks = new Set(['p', 'div', 'blockquote', 'ul', 'ol', 'li', 'pre', 'table', 'tr', 'h3']);
const link = /^(?:https?:\/\/|mailto:|tel:)/i;

function childrenOf(node: ReadNode): readonly ReadNode[] {
  return Array.from(node.childNodes);
}

function attribute(node: ReadNode, name: string): string {
  return node.getAttribute?.(name) ?? '';
}

/** What stands inside `node`, tidied. */
export function tidyHtml(node: ReadNode): string {
  return childrenOf(node)
    .map((child) => tidyNode(child, 0))
    .join('');
}

function tidyNode(node: ReadNode, depth: number): string {
  if (node.nodeType === TEXT) return escapeHtml(node.textContent ?? '');
  const name = node.nodeName.toUpperCase();
  if (node.nodeType !== ELEMENT || dropped.has(name) || depth > DEPTH_MAX) return '';
  if (name === 'BR') return '<br>';
  if (name === 'HR') return '<p>—</p>';
  if (name === 'IMG') return escapeHtml(attribute(node, 'alt'));
  const inside = childrenOf(node)
    .map((child) => tidyNode(child, depth + 1))
    .join('');
  if (name === 'A') {
    const href = attribute(node, 'href').trim();
    return link.test(href) ? `<a href="${escapeHtml(href)}">${inside}</a>` : inside;
  }
  const tag = kept[name];
  if (!tag) return inside;
  const cite = tag === 'blockquote' && attribute(node, 'type') === 'cite' ? ' type="cite"' : '';
  return `<${tag}${cite}>${inside}</${tag}>`;
}

/** Lines of what stands inside `node`: "> " before quotes, "- " before items of lists. */
export function plainOf(node: ReadNode): string {
  const lines = linesOf(node, 0);
  while (lines.at(-1)?.trim() === '') lines.pop();
  return lines.map((line) => line.trimEnd()).join('\n');
}

function linesOf(node: ReadNode, depth: number): string[] {
  const lines: string[] = [];
  let open = '';
  let isOpen = false;
  const close = (): void => {
    if (isOpen) lines.push(open);
    open = '';
    isOpen = false;
  };
  const walk = (child: ReadNode): void => {
    if (child.nodeType === TEXT) {
      const text = (child.textContent ?? '').replaceAll(/[\t\n\r ]+/g, ' ').replaceAll('\u00a0', ' ');
      const add = isOpen ? text : text.trimStart();
      if (add !== '') isOpen = true;
      open += add;
      return;
    }
    const name = child.nodeName.toUpperCase();
    if (child.nodeType !== ELEMENT || dropped.has(name)) return;
    const tag = kept[name];
    if (name === 'BR') {
      lines.push(open);
      open = '';
      isOpen = false;
    } else if (tag && blocks.has(tag) && depth < DEPTH_MAX) {
      close();
      lines.push(...blockLines(child, tag, depth));
    } else if (name === 'A') open += linkText(child, () => (isOpen = true));
    else if (name === 'IMG') open += attribute(child, 'alt');
    else {
      if ((tag === 'td' || tag === 'th') && isOpen) open += '  ';
      for (const inner of childrenOf(child)) walk(inner);
    }
  };
  for (const child of childrenOf(node)) walk(child);
  close();
  return lines;
}

function linkText(node: ReadNode, opened: () => void): string {
  const text = (node.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
  const href = attribute(node, 'href').trim();
  if (text !== '') opened();
  const bare = href.replace(/^mailto:/i, '');
  return !link.test(href) || text === href || text === bare || `${text}/` === href ? text : `${text} <${href}>`;
}

function blockLines(node: ReadNode, tag: string, depth: number): readonly string[] {
  if (tag === 'pre') return (node.textContent ?? '').replace(/\n$/, '').split('\n');
  const inside = linesOf(node, depth + 1);
  while (inside.at(-1) === '' && inside.length > 1) inside.pop();
  if (tag === 'blockquote') {
    while (inside.at(-1)?.trim() === '') inside.pop();
    return [...inside.map((line) => (line === '' || line.startsWith('>') ? `>${line}` : `> ${line}`)), ''];
  }
  if (tag === 'li') return inside.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`));
  if (tag === 'ol') return numbered(inside);
  if (tag === 'div' || tag === 'tr') return inside.length === 0 ? [''] : inside;
  return [
    ...(inside.length === 0 && tag === 'p' ? [''] : inside),
    ...(tag === 'p' && inside.join('') === '' ? [] : ['']),
  ];
}

function numbered(lines: readonly string[]): readonly string[] {
  let number = 0;
  return [...lines.map((line) => (line.startsWith('- ') ? `${++number}. ${line.slice(2)}` : line)), ''];
}
