// At the start: which generation is the live one. A house of before is adopted, a kill in the middle of anything is made good.

import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { freeCluster, type ClusterPlace, type ClusterRefusal } from '../../database/postgres/cluster.ts';
import { liftFence, readFence } from '../../database/postgres/fence.ts';
import { nodeDisk } from '../../journal/disk.ts';
import type { GenerationFacts, Layout } from './layout.ts';
import type { Step } from './neighbours.ts';
import { sweepPoints } from './points.ts';

export interface FindWay {
  readonly layout: Layout;
  readonly native: string;
  readonly owner: ClusterPlace['owner'];
  readonly nowMs: number;
  readonly log: Log;
  readonly step: Step;
}

/** The name of the live generation; its cluster may still have to be made. */
export async function findLive(way: FindWay): Promise<Result<string, ClusterRefusal>> {
  const { layout, step } = way;
  await layout.makeFolder(layout.root);
  await layout.sweep();
  await sweepPoints(layout);
  const named = await layout.readPointer();
  const adopted = named === undefined ? await adopt(way) : ok(undefined);
  if (!adopted.ok) return adopted;
  const live = named ?? adopted.value ?? (await guess(layout));
  await dropUnfinished(way, live);
  await step('swept');
  if (live !== undefined && existsSync(layout.folder(live))) {
    if (named === undefined) await layout.writePointer(live);
    await step('adopted');
    await takeUp(way, live);
    return ok(live);
  }
  const made = await layout.newName();
  await layout.makeFolder(layout.folder(made));
  const facts = { name: made, madeMs: way.nowMs, source: 'empty', systemIdentifier: '', isReady: true } as const;
  await layout.writeFacts(facts);
  await layout.writePointer(made);
  return ok(made);
}

/** <postgres>/cluster of a house of before becomes gen-0001/cluster: the folder is renamed, nothing is copied. */
async function adopt({
  layout,
  native,
  owner,
  nowMs,
  step,
}: FindWay): Promise<Result<string | undefined, ClusterRefusal>> {
  const first = 'gen-0001';
  const old = join(layout.root, 'cluster');
  if (!(await layout.hasCluster(old))) return ok(undefined);
  if (await layout.hasCluster(layout.cluster(first))) {
    const sentence = `there are two databases in ${layout.root}, cluster and ${first}/cluster, and nothing says which is the live one. Move the one that is not aside and start again.`;
    return err({ kind: 'other-version', sentence });
  }
  // a postmaster whose program was killed still works in it
  const freed = await freeCluster({ native, owner, folder: layout.root });
  if (!freed.ok) return freed;
  await layout.makeFolder(layout.folder(first));
  await step('folder');
  await layout.writeFacts({ name: first, madeMs: nowMs, source: 'adopted', systemIdentifier: '', isReady: true });
  await step('facts');
  await rename(old, layout.cluster(first));
  await nodeDisk.syncDirectory(layout.folder(first));
  await nodeDisk.syncDirectory(layout.root);
  await step('renamed');
  return ok(first);
}

/** The pointer is lost, the rows can all be made again: the newest that was ready and is not retired. */
async function guess(layout: Layout): Promise<string | undefined> {
  for (const name of (await layout.names()).toReversed()) {
    const facts = await layout.readFacts(name);
    if (facts?.isReady === true && facts.retiredMs === undefined) return name;
  }
  return undefined;
}

/** Those that were being filled, or waited to take over, when the program ended: nobody has seen their rows. */
async function dropUnfinished({ layout, native, owner, log }: FindWay, live: string | undefined): Promise<void> {
  for (const name of await layout.names()) {
    if (name === live) continue;
    const facts = await layout.readFacts(name);
    const hasServed = facts?.isReady === true && facts.arrival === undefined;
    const isRiddle = facts === undefined && (await layout.hasCluster(layout.cluster(name)));
    if (hasServed || isRiddle) continue;
    await freeCluster({ native, owner, folder: layout.folder(name) });
    await layout.remove(name);
    log.warn('generation.unfinishedRemoved', {});
  }
}

/** A switch that was killed before its pointer moved left the live one fenced: it goes on. One that was killed after it retires the other. */
async function takeUp({ layout, nowMs, step }: FindWay, live: string): Promise<void> {
  const fence = await readFence(layout.folder(live));
  if (fence !== undefined && fence.kind !== 'maintenance') await liftFence(layout.folder(live));
  await step('lifted');
  const facts = await layout.readFacts(live);
  const systemIdentifier = await layout.systemIdentifier(live);
  const known: GenerationFacts = facts ?? {
    name: live,
    madeMs: nowMs,
    source: 'adopted',
    systemIdentifier,
    isReady: true,
  };
  const { retiredMs: _, reason: __, ...rest } = known;
  await layout.writeFacts({ ...rest, systemIdentifier, isReady: true });
  await step('takenUp');
  for (const name of await layout.names()) {
    if (name === live) continue;
    const other = await layout.readFacts(name);
    const why = (await readFence(layout.folder(name)))?.reason ?? 'another generation took over';
    if (other !== undefined && other.retiredMs === undefined)
      await layout.writeFacts({ ...other, retiredMs: nowMs, reason: why });
  }
  await step('othersRetired');
}
