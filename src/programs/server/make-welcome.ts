// What the program says when it stands: where everything is, how the first person joins, and what is not as it should be.

import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import type { DeskPost } from './desk-post.ts';
import type { Office } from './open-office.ts';
import type { SubmissionDoor } from './open-submission.ts';
import type { HouseTransit } from './open-transit.ts';
import type { Vault } from './open-vault.ts';
import { createInvite } from './operator-handlers.ts';
import type { Prepared } from './prepare.ts';
import type { Welcome } from './welcome.ts';

export interface WelcomeParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly office: Office;
  readonly smtpPort: number;
  readonly prepared: Prepared;
  readonly submission: SubmissionDoor;
  readonly transit: HouseTransit | undefined;
  readonly deskPost: DeskPost | undefined;
}

export async function makeWelcome({
  config,
  clock,
  vault,
  office,
  smtpPort,
  prepared,
  submission,
  ...places
}: WelcomeParts): Promise<Welcome> {
  const isFirst = vault.directory.countAccounts() === 0;
  const invite = isFirst ? await createInvite({ vault, clock, joinUrl: office.joinUrl }, 'operator') : undefined;
  return {
    url: office.url,
    smtp: `${config.bind}:${smtpPort}`,
    lmtpSocket: config.lmtpSocket,
    submission: submission.places,
    dataDir: config.dataDir,
    kitDir: config.kitDir,
    fingerprint: prepared.fingerprint,
    isKitNew: prepared.isKitNew,
    joinUrl: invite?.ok ? invite.value.url : undefined,
    domain: config.domain,
    warnings: [...prepared.warnings, ...submission.warnings, ...vault.warnings, ...warningsOf(places)],
  };
}

/** Of the places that take letters of their own. */
export function warningsOf({ transit, deskPost }: Pick<WelcomeParts, 'transit' | 'deskPost'>): readonly string[] {
  return [...(transit?.warnings ?? []), ...(deskPost?.warnings ?? [])];
}
