// `siegel demo start`: the whole program on a folder of its own, filled with a law office, run until it is stopped.

import { options } from '#base/config/options.ts';
import { programDir, type Config } from '#base/config/read.ts';
import { systemClock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Call, CommandRefusal, Outcome } from '../command.ts';
import { askOperator } from '../operator-socket.ts';
import { chapters } from './chapters/chapters.ts';
import { openDeskPeople, type DeskPerson } from './desk-people.ts';
import { openDemoOffice } from './demo-office.ts';
import { demoFolderPath, readDemoFolder, removeDemoFolder, writeChapters, type DemoFolder } from './demo-folder.ts';
import { demoWelcome, type DemoWelcome } from './demo-welcome.ts';
import { movingClock } from './moving-clock.ts';
import { DESK_ADDRESS, OFFICE_DOMAIN } from './persons.ts';
import { choosePort, serveDemo, type ServedDemo } from './served-demo.ts';
import { serveFigures } from './served-figures.ts';
import { createTelling, type Telling } from './tell-progress.ts';

/** On loopback only: everybody may know these passwords. */
const HOST = '127.0.0.1';
const HTTP_PORT = 8026;
const SMTP_PORT = 2526;
const DAY_MS = 86_400_000;

export async function runDemo(call: Call): Promise<Outcome> {
  const { config, terminal, json, switches } = call;
  const startedMs = systemClock.monotonicMs();
  const folder = await prepareDemoFolder(config, switches.has('fresh'));
  if (!folder.ok) return folder;
  const telling = createTelling(terminal);
  if (folder.value.chapters.length === 0) writeChapters(folder.value, []);
  await using figures = await serveFigures(config, folder.value);
  const desk = await openDeskPeople(folder.value);
  const running = await openDemo({ config, figures: figures.flags, desk }, folder.value, telling);
  telling.end();
  if (!running.ok) return running;
  await using served = running.value;
  const tookMs = Math.round(systemClock.monotonicMs() - startedMs);
  const welcome: DemoWelcome = {
    url: served.url,
    ...served.smtp,
    folder: folder.value.path,
    tookMs,
    figures: figures.url,
  };
  terminal.print(json ? JSON.stringify(demoWelcome.json(welcome)) : demoWelcome.text(welcome, served.warnings));
  await Promise.race([untilStopped(), served.ended]);
  terminal.note('Stopping: the sample office stays as it is. Begin anew with --fresh.');
  return ok({ json: { stopped: true }, text: '' });
}

async function prepareDemoFolder(config: Config, isFresh: boolean): Promise<Result<DemoFolder, CommandRefusal>> {
  const path = demoFolderPath(config);
  const found = readDemoFolder(path);
  if (!found.ok) return found;
  const asked = await askOperator(found.value.dataDir, 'status', {});
  if (asked.ok) {
    const page = String(asked.value.facts['page'] ?? '');
    return err({ kind: 'refused', reason: 'already-running', sentence: `the demo runs already: ${page}` });
  }
  if (!isFresh && !found.value.isBroken) return found;
  removeDemoFolder(found.value);
  return readDemoFolder(path);
}

interface DemoParts {
  readonly config: Config;
  /** Options of a house that knows collector and relay. */
  readonly figures: Readonly<Record<string, string>>;
  readonly desk: readonly DeskPerson[];
}

/** Started and filled. What was begun is ended when something fails on the way. */
async function openDemo(
  { config, figures, desk }: DemoParts,
  folder: DemoFolder,
  telling: Telling,
): Promise<Result<ServedDemo, CommandRefusal>> {
  const due = chapters.filter(({ name }) => !folder.chapters.includes(name));
  const isNew = folder.chapters.length === 0;
  const nowMs = systemClock.nowMs();
  const startMs = isNew ? nowMs - Math.max(...chapters.map(({ daysBack }) => daysBack)) * DAY_MS : undefined;
  telling.tell(`The sample office ${isNew ? 'is made' : 'opens'} in ${folder.path}`);
  const trust = desk.map(({ fingerprint }) => fingerprint).join(',');
  const ofDesk = { 'desk-trust': trust, 'desk-address': DESK_ADDRESS };
  const flags = { ...(await flagsFor(config, folder)), ...figures, ...ofDesk };
  const started = await serveDemo({ flags, isFilled: due.length === 0, ...(startMs === undefined ? {} : { startMs }) });
  if (!started.ok || due.length === 0) return started;
  const served = started.value;
  await using opened = new AsyncDisposableStack();
  opened.use(served);
  const clock = movingClock(startMs);
  const { dataDir } = folder;
  const office = openDemoOffice({ served, dataDir, clock, nowMs, desk, tell: telling.tell });
  telling.tell('Leyla, Jonas and Mara make their mailboxes');
  if (isNew) await office.signUp();
  else await office.signIn();
  const done = [...folder.chapters];
  for (const chapter of due) {
    await chapter.fill(office);
    done.push(chapter.name);
    writeChapters(folder, done);
  }
  await served.openPage();
  opened.move();
  return ok(served);
}

/** Ports of its own, unless others than the usual were asked for; any free one where the wanted is taken. */
async function flagsFor(config: Config, folder: DemoFolder): Promise<Readonly<Record<string, string>>> {
  const surroundings = { isRoot: false, programDir };
  const wanted = (given: number, usual: number, own: number): number => (given === usual ? own : given);
  const httpPort = wanted(config.httpPort, options.httpPort.fallback(surroundings), HTTP_PORT);
  const smtpPort = wanted(config.smtpPort, options.smtpPort.fallback(surroundings), SMTP_PORT);
  return {
    'data-dir': folder.dataDir,
    'kit-dir': folder.kitDir,
    domain: OFFICE_DOMAIN,
    bind: HOST,
    'http-port': String(await choosePort(HOST, httpPort)),
    'smtp-port': String(await choosePort(HOST, smtpPort)),
    workers: String(config.workers),
    log: config.log,
    transit: '1',
    ...(config.runAs === undefined ? {} : { 'run-as': config.runAs }),
  };
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
