// The operator's door: JSON lines over a 0600 unix socket in the data folder; who may enter the folder may ask.

import { chmod, open, unlink } from 'node:fs/promises';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { readLines } from './json-lines.ts';
import {
  isOperatorMethod,
  operatorMethods,
  type OperatorHandlers,
  type OperatorMethod,
  type OperatorRefusal,
  type ParamsOf,
  type Progress,
  type ResultOf,
} from './operator-methods.ts';

const SOCKET_NAME = 'siegel.sock';
/** sockaddr_un.sun_path holds 108 bytes with the closing zero. */
const SOCKET_PATH_BYTES_MAX = 107;

const answerShape = v.variant('kind', [
  v.object({ kind: v.literal('progress'), done: v.number(), total: v.number() }),
  v.object({ kind: v.literal('result'), value: v.unknown() }),
  v.object({ kind: v.literal('refusal'), refusal: v.object({ kind: v.string(), sentence: v.string() }) }),
]);
const questionShape = v.object({ method: v.string(), params: v.unknown() });

export interface OperatorDoor {
  close(): Promise<void>;
}

/** Opens the door. Refused when another program already answers there: a data folder has one program. */
export async function serveOperator(
  dataDir: string,
  handlers: OperatorHandlers,
  log: Log,
): Promise<Result<OperatorDoor, OperatorRefusal>> {
  const folder = await open(dataDir);
  const path = socketPath(dataDir, folder.fd);
  if (await isAnswered(path)) {
    await folder.close();
    return err({
      kind: 'already-running',
      sentence: `another siegel already runs on ${dataDir}. Stop it first, or give another --data-dir.`,
    });
  }
  await unlink(path).catch(() => undefined);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    converse(socket, handlers, log).catch((cause: unknown) => {
      log.fault('operator conversation failed', cause);
      socket.destroy();
    });
  });
  server.maxConnections = limits.operator.connectionsMax;
  await listen(server, path);
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await folder.close();
  };
  return ok({ close });
}

/** Asks the running program. `onProgress` hears how far a long piece of work is. */
export async function askOperator<M extends OperatorMethod>(
  dataDir: string,
  method: M,
  params: ParamsOf<M>,
  onProgress?: Progress,
): Promise<Result<ResultOf<M>, OperatorRefusal>> {
  const connected = await connectTo(dataDir);
  if (!connected.ok) return connected;
  await using connection = connected.value;
  const { socket } = connection;
  socket.write(`${JSON.stringify({ method, params })}\n`);
  for await (const line of readLines(socket, limits.operator.answerBytes)) {
    const answer = v.safeParse(answerShape, line);
    if (!answer.success) break;
    if (answer.output.kind === 'refusal') return err(answer.output.refusal);
    if (answer.output.kind === 'result') {
      const result = v.safeParse(operatorMethods[method].result, answer.output.value);
      if (!result.success) break;
      // The schema of this very method has just said so.
      return ok(result.output as ResultOf<M>);
    }
    onProgress?.(answer.output.done, answer.output.total);
  }
  return err({
    kind: 'broken-answer',
    sentence:
      'the running program ended the conversation early or is of another version. Look at its log, restart it and try again.',
  });
}

async function converse(socket: Socket, handlers: OperatorHandlers, log: Log): Promise<void> {
  // A peer that goes away in mid-sentence is no fault of ours.
  socket.on('error', () => undefined);
  socket.setTimeout(limits.operator.questionWaitMs, () => socket.destroy());
  for await (const line of readLines(socket, limits.operator.questionBytes)) {
    const question = v.safeParse(questionShape, line);
    if (!question.success || !isOperatorMethod(question.output.method)) {
      say(socket, {
        kind: 'refusal',
        refusal: {
          kind: 'unknown-method',
          sentence: 'the running program does not know this question; it may be of another version.',
        },
      });
      break;
    }
    socket.setTimeout(0);
    await sayWhole(socket, await answer(question.output.method, question.output.params, { handlers, socket, log }));
    break;
  }
  socket.end();
}

interface Conversation {
  readonly handlers: OperatorHandlers;
  readonly socket: Socket;
  readonly log: Log;
}

async function answer<M extends OperatorMethod>(
  method: M,
  params: unknown,
  at: Conversation,
): Promise<v.InferOutput<typeof answerShape>> {
  const parsed = v.safeParse(operatorMethods[method].params, params);
  if (!parsed.success) {
    const fields = parsed.issues.map((issue) => v.getDotPath(issue) ?? method).join(', ');
    return {
      kind: 'refusal',
      refusal: { kind: 'bad-parameter', sentence: `this does not have the right form: ${fields}.` },
    };
  }
  const progress: Progress = (done, total) => say(at.socket, { kind: 'progress', done, total });
  try {
    const outcome = await at.handlers[method](parsed.output, progress);
    return outcome.ok ? { kind: 'result', value: outcome.value } : { kind: 'refusal', refusal: outcome.error };
  } catch (cause) {
    at.log.fault('operator question failed', cause);
    return {
      kind: 'refusal',
      refusal: { kind: 'internal', sentence: 'something went wrong in the running program; its log says where.' },
    };
  }
}

function say(socket: Socket, what: v.InferOutput<typeof answerShape>): void {
  if (socket.writable) socket.write(`${JSON.stringify(what)}\n`);
}

/** The umask keeps the socket closed to others from its first moment. */
async function listen(server: Server, path: string): Promise<void> {
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(before);
  }
  await chmod(path, 0o600);
}

interface Connection extends AsyncDisposable {
  readonly socket: Socket;
}

async function connectTo(dataDir: string): Promise<Result<Connection, OperatorRefusal>> {
  const folder = await open(dataDir).catch((cause: unknown) => errorCode(cause));
  if (typeof folder === 'string') return err(notRunning(dataDir, folder));
  const socket = connect(socketPath(dataDir, folder.fd));
  const code = await new Promise<string | undefined>((resolve) => {
    socket.once('connect', () => resolve(undefined));
    socket.once('error', (cause) => resolve(errorCode(cause)));
  });
  await folder.close();
  if (code !== undefined) return err(notRunning(dataDir, code));
  socket.on('error', () => undefined);
  const dispose = async (): Promise<void> => void socket.destroy();
  return ok({ socket, [Symbol.asyncDispose]: dispose });
}

/** A path that the kernel takes however deep the folder lies: through the open folder when the plain one is too long. */
function socketPath(dataDir: string, folderFd: number): string {
  const plain = join(dataDir, SOCKET_NAME);
  return Buffer.byteLength(plain) <= SOCKET_PATH_BYTES_MAX ? plain : `/proc/self/fd/${folderFd}/${SOCKET_NAME}`;
}

function notRunning(dataDir: string, code: string): OperatorRefusal {
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      kind: 'not-allowed',
      sentence: `you may not enter ${dataDir}. Run this as root or as the user that siegel runs as.`,
    };
  }
  return {
    kind: 'not-running',
    sentence: `no siegel runs on ${dataDir}. Start it with npm start, or give its folder with --data-dir.`,
  };
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function errorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown';
}

/** Resolves when all of it has left, or nobody hears it any more: leaving the loop ends the socket, and with it what still waits. */
function sayWhole(socket: Socket, what: v.InferOutput<typeof answerShape>): Promise<void> {
  return new Promise((resolve) => {
    if (!socket.writable) return resolve();
    socket.once('close', resolve);
    socket.write(`${JSON.stringify(what)}\n`, () => resolve());
  });
}
