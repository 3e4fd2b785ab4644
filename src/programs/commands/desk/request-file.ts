// `siegel request file` and `request correct NUMBER`: what the clerk knows of a request. Whom it is about is sealed here, before anything leaves this command.

import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { Result } from '#base/result.ts';
import { ok } from '#base/result.ts';
import { sealCaseFile } from '#formats/desk/case-file.ts';
import { commitTarget } from '#formats/desk/digest.ts';
import { ask } from '../../ask.ts';
import type { Call, CommandRefusal, Run } from '../../command.ts';
import type { ResultOf } from '../../operator-methods.ts';
import { askOperator } from '../../operator-socket.ts';
import { describeChanged } from './describe-request.ts';
import { misused, readBytes, refused } from './read-text.ts';

type Policy = NonNullable<ResultOf<'desk.show'>['policy']>;

export const run: Run = async (call) => {
  const { options } = call;
  const { arrival = null } = options;
  for (const needed of arrival === null ? ['channel', 'kinds'] : ['kinds'])
    if (options[needed] === undefined) return misused(`--${needed} is missing. See: siegel request file --help`);
  const shown = await askOperator(call.config.dataDir, 'desk.show', {}, () => undefined);
  if (!shown.ok) return refused(shown.error.kind, shown.error.sentence);
  const { policy } = shown.value;
  if (policy === null) return refused('no-policy', 'No policy is in force: siegel desk policy brings one.');
  const came = arrival === null ? ok(options['channel']) : await channelOf(call, arrival);
  if (!came.ok) return came;
  const random = randomBytes(32);
  const caseFile = await makeCaseFile(call, policy, random);
  if (!caseFile.ok) return caseFile;
  const target = options['target'] === undefined ? null : commitTarget(random, options['target']);
  const given = {
    corrects: call.operands[0] ?? null,
    received: options['received'] ?? new Date().toISOString().slice(0, 10),
    authority: { class: options['class'] ?? 'PROSECUTION', country: options['country'] ?? policy.country },
    channel: options['channel'] ?? came.value,
    instrument: options['instrument'] ?? 'REQUEST',
    urgency: call.switches.has('emergency') ? 'EMERGENCY' : 'NORMAL',
    items: listOf(options['kinds']).map((kind) => ({
      kind,
      basis: options['basis'] ?? null,
      from: options['from'] ?? null,
      until: options['until'] ?? null,
      target,
    })),
    targets: 1,
    ...(options['answer-by'] !== undefined && { answerBy: options['answer-by'] }),
  };
  const params = { given, by: options['by'] ?? '', caseFile: caseFile.value, arrival };
  return ask(call, 'request.file', params, describeChanged);
};

/** How it came, as the house has seen it. */
async function channelOf({ config }: Call, id: string): Promise<Result<string, CommandRefusal>> {
  const answer = await askOperator(config.dataDir, 'request.arrivals', { all: true }, () => undefined);
  if (!answer.ok) return refused(answer.error.kind, answer.error.sentence);
  const found = answer.value.arrivals.find(({ arrival }) => arrival === id);
  if (found !== undefined) return ok(found.channel);
  return refused('no-such-arrival', `${id} is no arrival: siegel request arrivals shows what waits.`);
}

/** base64url; null: there is nothing that would have to be sealed. */
async function makeCaseFile(
  { options }: Call,
  { roster }: Policy,
  random: Uint8Array,
): Promise<Result<string | null, CommandRefusal>> {
  const { target, document } = options;
  if (target === undefined && document === undefined) return ok(null);
  const bytes = document === undefined ? undefined : await readBytes(document);
  if (bytes?.ok === false) return bytes;
  const documents = bytes === undefined ? [] : [{ name: basename(document ?? ''), bytes: bytes.value }];
  const targets = target === undefined ? [] : [{ target, random }];
  const sealed = await sealCaseFile({ targets, documents }, roster);
  return ok(Buffer.from(sealed).toString('base64url'));
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => part.toUpperCase());
}
