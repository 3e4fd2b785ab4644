// Goes into NODE_OPTIONS of a whole test run: every connection outward of every process and thread is noted beside a copy of this file, with the places in the code that asked for it.

import { AsyncLocalStorage } from 'node:async_hooks';
import child from 'node:child_process';
import dgram from 'node:dgram';
import { channel } from 'node:diagnostics_channel';
import dns from 'node:dns';
import { openSync, writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isIP, Socket } from 'node:net';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';

/** One line of the notes. The first says whose they are; places come once, before the first connection that has them. */
export type NotedLine =
  | { readonly main: string; readonly pid: number; readonly thread: number }
  | { readonly places: readonly string[] }
  | {
      readonly how: 'tcp' | 'unix' | 'udp' | 'names';
      /** `address:port`, a path, or name servers. */
      readonly to: string;
      /** What the one door for HTTP says it is for. */
      readonly kind?: string;
      /** Counts the lines with places, from 0. */
      readonly at: number;
    };

const FRAMES_MAX = 60;
const DESTINATIONS_MAX = 1_000;
/** Opened before rights are dropped; a thread that begins later has a file of its own. */
const name = `${process.pid}-${threadId}-${process.hrtime.bigint()}.notes`;
const notes = openNotes();
const placesSeen = new Map<string, number>();
/** Places that asked, where the platform connects later by itself. */
const asking = new AsyncLocalStorage<string>();
const meant = new AsyncLocalStorage<string>();

/** Undefined: this process may write nowhere, as those of the document room; journeys of their own watch them from outside. */
function openNotes(): number | undefined {
  try {
    return openSync(join(import.meta.dirname, name), 'a', 0o644);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_ACCESS_DENIED') return undefined;
    throw cause;
  }
}

function write(line: NotedLine): void {
  if (notes !== undefined) writeSync(notes, `${JSON.stringify(line)}\n`);
}

/** Files of the code that led here, the nearest first, one a line; the platform's own are left out. */
function placesNow(): string {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = FRAMES_MAX;
  // a place somebody else's way of writing stacks could hide
  Reflect.deleteProperty(Error, 'prepareStackTrace');
  const stack = new Error('places').stack ?? '';
  Error.stackTraceLimit = stackTraceLimit;
  if (prepareStackTrace !== undefined) Error.prepareStackTrace = prepareStackTrace;
  const found = stack.split('\n').flatMap((frame) => {
    const place = /(?:file:\/\/|[( ])(\/[^()]*):(\d+):\d+\)?$/.exec(frame) ?? /(data:)[^()]*:(\d+):\d+\)?$/.exec(frame);
    return place === null || frame.includes(import.meta.filename) ? [] : [`${place[1]}:${place[2]}`];
  });
  return [...found, asking.getStore() ?? ''].filter((one) => one !== '').join('\n');
}

function note(how: 'tcp' | 'unix' | 'udp' | 'names', to: string, places: string, kind?: string): void {
  let at = placesSeen.get(places);
  if (at === undefined) {
    at = placesSeen.size;
    placesSeen.set(places, at);
    write({ places: places.split('\n') });
  }
  write({ how, to, at, ...(kind === undefined ? {} : { kind }) });
}

type Loose = (this: unknown, ...args: unknown[]) => unknown;

/** The function in its place, called after `hear` has seen the arguments, which it may change. */
function listenIn(holder: object, key: string, hear: (self: unknown, args: unknown[]) => void): void {
  const held: unknown = Reflect.get(holder, key);
  if (typeof held !== 'function') return;
  const heard: Loose = function (...args) {
    hear(this, args);
    return Reflect.apply(held, this, args);
  };
  Object.defineProperty(heard, 'name', { value: held.name });
  // what stands on the function itself, such as its form for promisify
  for (const own of Object.getOwnPropertySymbols(held)) Reflect.set(heard, own, Reflect.get(held, own));
  Reflect.set(holder, key, heard);
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

listenIn(Socket.prototype, 'connect', (socket, args) => {
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  const path = typeof first === 'string' && !/^\d+$/.test(first) ? first : field(first, 'path');
  const places = placesNow();
  const kind = meant.getStore();
  if (typeof path === 'string') note('unix', path, places, kind);
  else if (socket instanceof Socket)
    socket.on('connectionAttempt', (address, port) => note('tcp', `${address}:${port}`, places, kind));
});

const sentTo = new WeakMap<object, Set<string>>();
function noteDatagram(socket: unknown, port: unknown, address: unknown): void {
  if (typeof socket !== 'object' || socket === null || typeof port !== 'number') return;
  const to = `${typeof address === 'string' ? address : '127.0.0.1'}:${port}`;
  const known = sentTo.get(socket) ?? new Set();
  sentTo.set(socket, known);
  if (known.has(to)) return;
  if (known.size >= DESTINATIONS_MAX) known.clear();
  known.add(to);
  note('udp', to, placesNow());
}
listenIn(dgram.Socket.prototype, 'connect', (socket, [port, address]) => noteDatagram(socket, port, address));
listenIn(dgram.Socket.prototype, 'send', (socket, args) => {
  const isSlice = typeof args[1] === 'number' && typeof args[2] === 'number';
  noteDatagram(socket, args[isSlice ? 3 : 1], args[isSlice ? 4 : 2]);
});

/** Names are asked past the sockets of the platform. What is asked is not noted, only whom. */
function noteNames(self: unknown): void {
  const servers: unknown = field(self, 'getServers');
  const list: unknown = typeof servers === 'function' ? Reflect.apply(servers, self, []) : [];
  note('names', Array.isArray(list) ? list.join(' ') : '', placesNow());
}
for (const holder of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  const names = [...Object.getOwnPropertyNames(Object.getPrototypeOf(holder)), ...Object.getOwnPropertyNames(holder)];
  for (const key of new Set(names)) if (/^(?:resolve|reverse)/.test(key)) listenIn(holder, key, noteNames);
}
for (const holder of [dns, dns.promises])
  listenIn(holder, 'lookup', (_, [asked]) => {
    // an address is no question
    if (typeof asked !== 'string' || isIP(asked) === 0) note('names', 'the machine', placesNow());
  });

const realFetch = globalThis.fetch;
globalThis.fetch = function fetch(...args) {
  return asking.run(placesNow(), () => realFetch(...args));
};
channel('siegel:outgoing').bindStore(meant, (what) => String(field(what, 'kind')));

/** A child with an environment of its own is listened to as well. */
const flag = `--import=${import.meta.filename}`;
/** A test that records a child by itself judges it by itself. */
const RECORDED = /--import=\S*\/siegel-connections-[^/\s]+\/record\.mjs/;
listenIn(child.ChildProcess.prototype, 'spawn', (_: unknown, [options]) => {
  const pairs: unknown = field(options, 'envPairs');
  if (!Array.isArray(pairs) || typeof options !== 'object' || options === null) return;
  const at = pairs.findIndex((pair) => typeof pair === 'string' && pair.startsWith('NODE_OPTIONS='));
  const before = at < 0 ? '' : String(pairs[at]).slice('NODE_OPTIONS='.length);
  if (RECORDED.test(before)) return;
  const rest: readonly unknown[] = pairs.filter((_pair, index) => index !== at);
  Reflect.set(options, 'envPairs', [...rest, `NODE_OPTIONS=${`${before} ${flag}`.trim()}`]);
});
for (const key of ['spawnSync', 'execFileSync']) {
  listenIn(child, key, (_, args) => {
    const at = args.findIndex((arg) => typeof field(arg, 'env') === 'object');
    const options: unknown = args[at];
    const env: unknown = field(options, 'env');
    if (typeof env !== 'object' || env === null || typeof options !== 'object') return;
    const given = field(env, 'NODE_OPTIONS');
    const before = typeof given === 'string' ? given : '';
    if (RECORDED.test(before)) return;
    args[at] = { ...options, env: { ...env, NODE_OPTIONS: `${before} ${flag}`.trim() } };
  });
}
syncBuiltinESMExports();
write({ main: process.argv[1] ?? process.execArgv.join(' '), pid: process.pid, thread: threadId });
