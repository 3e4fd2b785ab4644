// `siegel request arrivals`: what came in by itself and waits for a person, oldest first.

import { ok } from '#base/result.ts';
import { ask } from '../../ask.ts';
import type { Outcome, Run } from '../../command.ts';
import { writeCaseFiles } from './write-case-files.ts';

export const run: Run = (call) =>
  ask(call, 'request.arrivals', { all: call.switches.has('all') }, async (shown): Promise<Outcome> => {
    const folder = call.options['case-files'];
    const files = shown.arrivals.map(({ file }) => file);
    const written = folder === undefined ? ok([]) : await writeCaseFiles(call, folder, files);
    if (!written.ok) return written;
    const lines = shown.arrivals.map(({ arrival, receivedMs, channel, bytes, state, isAnswered, filing, why }, at) =>
      [
        arrival,
        new Date(receivedMs).toISOString(),
        channel.padEnd(10),
        `${bytes} bytes sealed`,
        isAnswered ? 'answered by program' : '',
        state === 'WAITING' ? '' : `${state} ${filing ?? why ?? ''}`,
        written.value[at] ?? '',
      ]
        .filter((part) => part !== '')
        .join('  '),
    );
    const next = 'Open one with gpg --decrypt, then: siegel request file --arrival ID …, or siegel request dismiss ID';
    return ok({
      json: { ...shown, files: written.value },
      text: lines.length === 0 ? 'Nothing waits.' : [...lines, '', next].join('\n'),
    });
  });
