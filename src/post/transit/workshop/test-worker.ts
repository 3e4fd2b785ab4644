// A worker for tests: tries what its locks should refuse, and misbehaves as it is told.

import { connect } from 'node:net';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { ok } from '#base/result.ts';
import type { Trial } from './messages.ts';
import { serveWork } from './serve-work.ts';

function connects(port: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => resolve(socket.destroy().destroyed));
  });
}

async function succeeds(what: Trial, where: string): Promise<boolean> {
  try {
    switch (what) {
      case 'write':
        writeFileSync(where, 'plain text');
        return true;
      case 'read':
        return readFileSync(where).length > 0;
      case 'connect':
        return await connects(where);
      case 'start':
        return spawnSync(where).status === 0;
    }
  } catch {
    return false;
  }
}

const role = process.argv[2];
const kept: Uint8Array[] = [];
await serveWork(
  {
    try: async ({ what, where }) => {
      if (where === 'environment') return ok({ isRefused: Object.keys(process.env).length === 0 });
      return ok({ isRefused: !(await succeeds(what, where)) });
    },
    bind: async ({ coding }) => {
      if (role === 'hang') for (;;) kept.length = 0;
      if (role === 'die') process.abort();
      if (role === 'noise') process.stdout.write('a library that prints');
      if (role === 'lie') process.stdout.write(Buffer.from('ffffffffffffffff', 'hex'));
      if (role === 'buffers') for (;;) kept.push(Buffer.alloc(64 << 20, 1));
      if (role === 'heap') for (const list: unknown[] = []; ;) list.push(Array.from({ length: 1_000 }, () => ({})));
      if (role === 'wasm') {
        const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536 });
        for (;;) {
          const before = memory.grow(1_024) * 65_536;
          new Uint8Array(memory.buffer).fill(1, before);
        }
      }
      return ok({ bytes: Buffer.from(coding) });
    },
  },
  process.stdin,
  process.stdout,
);
