// Runs a conversation written as a text file against a door. The language is explained in dialogues/README.md.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { requireValue } from '#base/assert.ts';
import { TestClient } from './test-client.ts';

/** A line `@ name = value`. */
export interface DialogueOption {
  readonly name: string;
  readonly value: string | undefined;
}

export interface DialogueHouse {
  /** Where `connect`, `connect-lmtp`, `connect-tls` go. */
  readonly entrances: Readonly<Record<string, number | string>>;
  /** Letters as they came, newest last. */
  readonly letters: readonly { readonly plainText: string; readonly recipients: readonly unknown[] }[];
  close(): Promise<void>;
}

export type OpenDialogueHouse = (options: readonly DialogueOption[]) => Promise<DialogueHouse>;

interface Conversation {
  readonly house: DialogueHouse;
  client: TestClient | undefined;
}

/** Throws with file and line at the first thing that is not as written. */
export async function runDialogue(path: string, open: OpenDialogueHouse): Promise<void> {
  const lines = readFileSync(path, 'utf8').split('\n');
  const talk: Conversation = { house: await open(lines.flatMap(optionIn)), client: undefined };
  try {
    for (const [index, line] of lines.entries()) {
      try {
        await obey(talk, line);
      } catch (cause) {
        throw new Error(`${path}:${index + 1}: ${line}\n${cause instanceof Error ? cause.message : ''}`, { cause });
      }
    }
  } finally {
    talk.client?.drop();
    await talk.house.close();
  }
}

function optionIn(line: string): readonly DialogueOption[] {
  const [, name, value] = /^@ (\w+)(?: = (\S+))?$/.exec(line) ?? [];
  return name === undefined ? [] : [{ name, value }];
}

export function requireOne<const T extends string>(value: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  assert.ok(found !== undefined, `one of ${allowed.join(', ')}`);
  return found;
}

async function obey(talk: Conversation, line: string): Promise<void> {
  const verb = line.split(' ', 1)[0] ?? '';
  const rest = line.slice(verb.length + 1);
  switch (verb) {
    case '':
    case '#':
    case '@':
      return;
    case 'connect':
    case 'connect-lmtp':
    case 'connect-tls':
      talk.client?.drop();
      talk.client = await TestClient.connect(requireValue(talk.house.entrances[verb], verb));
      return verb === 'connect-tls' ? talk.client.startTls() : undefined;
    case '->':
      return client(talk).send(`${rest}\r\n`);
    case '=>b64':
      return client(talk).send(`${bytesOf(rest).toString('base64')}\r\n`);
    case '=>':
      return client(talk).send(bytesOf(rest));
    case '<-':
      return expectReply(client(talk), rest);
    case '<eof>':
      return assert.equal(await client(talk).line(), undefined);
    case 'starttls':
      return client(talk).startTls();
    case 'end':
      return client(talk).endSending();
    case 'wait':
      return new Promise((resolve) => setTimeout(resolve, Number(rest)));
    case 'letters':
      return assert.equal(talk.house.letters.length, Number(rest));
    case 'letter':
      return assert.equal(talk.house.letters.at(-1)?.plainText, bytesOf(rest).toString('latin1'));
    case 'readers':
      return assert.equal(talk.house.letters.at(-1)?.recipients.length, Number(rest));
    default:
      assert.fail('not a line of a dialogue');
  }
}

function client(talk: Conversation): TestClient {
  assert.ok(talk.client !== undefined, 'connect first');
  return talk.client;
}

/** The last line of the next reply must match; `*` stands for anything. With `…` in front, one of its lines must. */
async function expectReply(from: TestClient, pattern: string): Promise<void> {
  const lines = await from.reply();
  const anyLine = pattern.startsWith('… ');
  const wanted = new RegExp(
    `^${(anyLine ? pattern.slice(2) : pattern)
      .split('*')
      .map((piece) => piece.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&'))
      .join('.*')}$`,
  );
  const candidates = anyLine ? lines : lines.slice(-1);
  assert.ok(
    candidates.some((line) => wanted.test(line)),
    `the server said ${JSON.stringify(lines)}`,
  );
}

/** \r \n \t \\ \xHH, and {text*1000} for a text many times over. */
function bytesOf(text: string): Buffer {
  const unfolded = text.replace(/\{(.+?)\*(\d+)\}/g, (_, piece: string, count: string) => piece.repeat(Number(count)));
  const plain = unfolded.replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_, hex: string | undefined, one: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
    return { r: '\r', n: '\n', t: '\t' }[one ?? ''] ?? one ?? '';
  });
  return Buffer.from(plain, 'latin1');
}
