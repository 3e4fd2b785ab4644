// Each key means one command, and none while somebody types.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandKeys, commandOf, hotkeyOf } from './command-keys.ts';
import { commands } from './commands.ts';

const stroke = (key: string, more: Partial<Parameters<typeof commandOf>[0]> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test('the keys people know do what they know', () => {
  const known = {
    j: 'next',
    k: 'previous',
    c: 'write',
    r: 'reply',
    a: 'reply-all',
    f: 'forward',
    z: 'undo',
    e: 'archive',
    '#': 'trash',
    u: 'unread',
    s: 'star',
    '/': 'search',
    '?': 'help',
    S: 'server-view',
  };
  for (const [key, name] of Object.entries(known)) assert.equal(commandOf(stroke(key), false), name);
  assert.equal(commandOf(stroke('Escape'), true), 'escape');
});

test('no key means two commands', () => {
  const keys = commands.flatMap((command) => commandKeys[command.name]);
  assert.equal(new Set(keys).size, keys.length);
});

test('while somebody types, letters are letters', () => {
  assert.equal(commandOf(stroke('e'), true), undefined);
  assert.equal(commandOf(stroke('#'), true), undefined);
});

test('the browser keeps its own shortcuts, the palette takes Cmd and Ctrl K', () => {
  assert.equal(commandOf(stroke('s', { ctrlKey: true }), false), undefined);
  assert.equal(commandOf(stroke('e', { altKey: true }), false), undefined);
  assert.equal(commandOf(stroke('k', { ctrlKey: true }), true), 'palette');
  assert.equal(commandOf(stroke('K', { metaKey: true }), false), 'palette');
});

test('a tooltip names the first key', () => {
  assert.equal(hotkeyOf('archive'), 'e');
  assert.equal(hotkeyOf('sign-out'), '');
});
