// What `npm start` prints: exactly what a newcomer needs, and warnings that matter.

export interface Welcome {
  readonly url: string;
  readonly smtp: string;
  readonly lmtpSocket: string | undefined;
  /** Where mail programs hand letters in. */
  readonly submission: readonly string[];
  readonly dataDir: string;
  readonly kitDir: string;
  readonly fingerprint: string;
  readonly isKitNew: boolean;
  /** Undefined once somebody has a mailbox here. */
  readonly joinUrl: string | undefined;
  readonly domain: string;
  readonly warnings: readonly string[];
}

export function welcomeText(facts: Welcome): string {
  const lines = [
    `Siegel is ready for ${facts.domain}.`,
    '',
    `  Page        ${facts.url}`,
    `  Letters in  ${facts.smtp}${facts.lmtpSocket === undefined ? '' : ` and ${facts.lmtpSocket} (LMTP)`}`,
    ...facts.submission.map((place) => `  Letters out ${place}`),
    `  Data        ${facts.dataDir}`,
    `  Key kit     ${facts.kitDir}`,
    `              ${facts.fingerprint}`,
  ];
  if (facts.isKitNew)
    lines.push('              Keep a copy of it somewhere else: without it nobody can sign in to a restored backup.');
  if (facts.joinUrl !== undefined) {
    lines.push(
      '',
      `  Join        ${facts.joinUrl}`,
      '              works once, makes the first mailbox, whose owner is the operator',
    );
  }
  lines.push('', 'Three things to try:');
  lines.push(
    facts.joinUrl === undefined
      ? `  1  Open ${facts.url}`
      : '  1  Open the join link and choose an address and a password',
  );
  lines.push('  2  ./siegel try letter', '  3  Press S in the mailbox: all that this server can see of your mail');
  for (const warning of facts.warnings) lines.push('', `Warning: ${warning}`);
  return lines.join('\n');
}
