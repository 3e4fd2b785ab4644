// The honest counter in words: who collects, whether it is agreed to, every question with its bytes, everything that was sent.

import { unreachable } from '#base/assert.ts';
import type { TelemetryAnswer } from '#formats/auth-wire/telemetry-answers.ts';

export function describeTelemetry(told: TelemetryAnswer): string {
  const { collector } = told;
  if (collector === null)
    return 'No collector is configured: nothing is asked, nothing is sent. (Option telemetry-collector.)';
  return [
    `Collector  ${collector.operator}, ${collector.country.en}`,
    `           ${collector.url}`,
    `Purpose    ${collector.purpose.en}`,
    `Published  ${collector.published.en}`,
    `Way        ${collector.relay ?? 'no relay is configured: only reports without one could be agreed to'}`,
    `List       ${told.catalogueHash ?? '-'}`,
    '',
    stateOf(told),
    ...told.differences.map(({ place, before, after }) => `  ${place}\n    - ${before ?? ''}\n    + ${after ?? ''}`),
    '',
    ...told.rules.map((rule) => `· ${rule.en}`),
    '',
    ...told.questions.flatMap(questionLines),
    `Sent so far: ${told.sent.length}, the newest first, each of ${told.sealedBytes} bytes`,
    ...told.sent.flatMap(sentLines),
  ].join('\n');
}

export function stateOf({ consent, nextMs, catalogueHash }: TelemetryAnswer): string {
  const agree = `siegel telemetry on ${catalogueHash ?? 'LIST'}`;
  switch (consent.state) {
    case 'unasked':
      return `Not asked yet: nothing is sent. To agree to this list: ${agree}`;
    case 'off':
      return `Off since ${day(consent.sinceMs)}: nothing is sent. To agree to this list: ${agree}`;
    case 'changed':
      return `The list has changed since it was agreed to: nothing is sent. To agree to the new one: ${agree}`;
    case 'on':
      return `On since ${day(consent.sinceMs)}${consent.isDirect ? ', without a relay' : ''}. Next report: ${nextMs === null ? '-' : new Date(nextMs).toISOString().slice(0, 16).replace('T', ' ')} UTC. To end it: siegel telemetry off`;
    default:
      return unreachable(consent.state);
  }
}

function questionLines(question: TelemetryAnswer['questions'][number]): readonly string[] {
  const { text, why, buckets, truth, randomised, hash, plain, sealed, isAnswered } = question;
  const name = (index: number | null): string => (index === null ? 'not measured' : (buckets[index]?.en ?? '?'));
  return [
    text.en,
    `  why          ${why.en}`,
    `  true answer  ${name(truth)}`,
    `  would send   ${name(randomised)}${isAnswered ? ' (this quarter has had its answer)' : ''}`,
    `  question     ${hash}`,
    `  before       ${plain}`,
    `  after        ${sealed}`,
    '',
  ];
}

function sentLines({
  timeMs,
  kind,
  question,
  answer,
  outcome,
  plain,
  sealed,
}: TelemetryAnswer['sent'][number]): readonly string[] {
  const what = kind === 'cover' ? 'no answer (a cover report)' : `${question ?? '?'}: answer ${answer ?? '?'}`;
  const came = { taken: 'taken', refused: 'refused by the collector', noAnswer: 'no answer came' }[outcome];
  return [`  ${new Date(timeMs).toISOString()}  ${what}; ${came}`, `    before ${plain}`, `    after  ${sealed}`];
}

function day(timeMs: number | null): string {
  return timeMs === null ? 'the beginning' : new Date(timeMs).toISOString().slice(0, 10);
}
