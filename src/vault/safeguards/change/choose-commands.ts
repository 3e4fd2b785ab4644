// Which commands of the journal a restore leaves out: by who did them, with which build, when, or one by one; shown before.

import { err, ok, type Result } from '#base/result.ts';
import type { KeyRecord } from '../../journal/journal.ts';
import type { LeaveOut } from './plan.ts';

export interface ChosenCommands {
  readonly seqs: readonly number[];
  /** How many of each kind. */
  readonly byKind: Readonly<Record<string, number>>;
}

export type ChoiceRefusal = {
  readonly kind: 'noChoice' | 'tooMany' | 'badActor' | 'notACommand';
  readonly sentence: string;
};

interface ReadableJournal {
  readKeyRecords(afterSeq: number): AsyncIterable<readonly KeyRecord[]>;
  findVoided(afterSeq: number): Promise<ReadonlySet<number>>;
}

/** What the house keeps of itself is never left out: its history would be another. */
const KEPT = new Set([
  'instanceCreated',
  'operatorPut',
  'operatorRemoved',
  'changeStepped',
  'incidentPut',
  'eraRaised',
  'receiptRecorded',
  'deskNoted',
  'deskFilePut',
]);
const COMMANDS_MAX = 5_000;
const ACTOR = /^(session|rule|app|tool|operator)(?::([0-9a-f]{32}))?$/;

/** Letters are never chosen: they were acknowledged. Commands that are left out already do not count again. */
export async function chooseCommands(
  journal: ReadableJournal,
  choice: LeaveOut,
): Promise<Result<ChosenCommands, ChoiceRefusal>> {
  if (choice.actor !== undefined && !ACTOR.test(choice.actor))
    return refuse(
      'badActor',
      'An actor is session, rule, app, tool or operator, or one of these with its id: session:0123….',
    );
  const isNarrow = choice.actor !== undefined || choice.build !== undefined || choice.seqs !== undefined;
  if (!isNarrow && choice.fromMs === undefined)
    return refuse('noChoice', 'Say which commands: by --actor, --build, --seqs or --from.');
  const voided = await journal.findVoided(0);
  const seqs: number[] = [];
  const byKind: Record<string, number> = {};
  for await (const records of journal.readKeyRecords(0)) {
    for (const record of records) {
      const kind = isMeant(record, choice);
      if (kind === undefined || voided.has(record.header.seq)) continue;
      seqs.push(record.header.seq);
      byKind[kind] = (byKind[kind] ?? 0) + 1;
    }
    if (seqs.length > COMMANDS_MAX)
      return refuse('tooMany', `More than ${COMMANDS_MAX} commands are meant. Choose fewer at a time.`);
  }
  const missing = choice.seqs?.find((seq) => !seqs.includes(seq) && !voided.has(seq));
  if (missing !== undefined) return refuse('notACommand', `Record ${missing} is no command that could be left out.`);
  return ok({ seqs, byKind });
}

function isMeant({ header, content }: KeyRecord, { actor, build, fromMs, toMs, seqs }: LeaveOut): string | undefined {
  if (content.kind !== 'command' || KEPT.has(content.command.kind)) return undefined;
  if (seqs !== undefined && !seqs.includes(header.seq)) return undefined;
  if (fromMs !== undefined && header.timeMs < fromMs) return undefined;
  if (toMs !== undefined && header.timeMs > toMs) return undefined;
  if (build !== undefined && Buffer.from(header.build).toString('hex') !== build) return undefined;
  if (actor !== undefined) {
    const [, kind, id] = ACTOR.exec(actor) ?? [];
    if (header.actor.kind !== kind) return undefined;
    if (id !== undefined && Buffer.from(header.actor.id).toString('hex') !== id) return undefined;
  }
  return content.command.kind;
}

function refuse(kind: ChoiceRefusal['kind'], sentence: string): Result<never, ChoiceRefusal> {
  return err({ kind, sentence: `${sentence} Nothing was changed. See: siegel change plan --restore --help` });
}
