// `npm run soak`: the long forms of what `npm test` runs short: 50 kills, 1,500 losses of power, every letter, every key.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));

/** Each file with what makes it long; the variables reach these files alone. */
const parts: readonly { readonly file: string; readonly env: Readonly<Record<string, string>> }[] = [
  { file: 'src/vault/journal/journal.test.ts', env: { SIEGEL_POWER_LOSSES: '1500' } },
  { file: 'test/journeys/kills.test.ts', env: { SIEGEL_KILLS: '50' } },
  { file: 'src/vault/book/kills.test.ts', env: { SIEGEL_KILLS: '50' } },
  { file: 'src/vault/book/power.test.ts', env: { SIEGEL_POWER_LOSSES: '1500' } },
  { file: 'test/journeys/delivery-kills.test.ts', env: { SIEGEL_LONG: '1' } },
  { file: 'test/journeys/password-kills.test.ts', env: { SIEGEL_LONG: '1' } },
  { file: 'test/journeys/security-kills.test.ts', env: { SIEGEL_LONG: '1' } },
  { file: 'test/suites/accounts/login-time.test.ts', env: { SIEGEL_LONG: '1' } },
  { file: 'test/journeys/full-disk.test.ts', env: {} },
  { file: 'test/journeys/letters.test.ts', env: { SIEGEL_LONG: '1' } },
  { file: 'test/journeys/canary.test.ts', env: { SIEGEL_LONG: '1' } },
  { file: 'test/journeys/rebuild.test.ts', env: { SIEGEL_LONG: '1' } },
  { file: 'test/journeys/accessibility.test.ts', env: { SIEGEL_LONG: '1' } },
  { file: 'test/journeys/compose-look.test.ts', env: { SIEGEL_LONG: '1' } },
  { file: 'test/journeys/contacts.test.ts', env: { SIEGEL_LONG: '1' } },
  { file: 'test/journeys/domain-page.test.ts', env: { SIEGEL_LONG: '1' } },
  { file: 'test/journeys/trust.test.ts', env: { SIEGEL_LONG: '1' } },
];

let failed = 0;
for (const { file, env } of parts) {
  const started = performance.now();
  const run = spawnSync(process.execPath, ['--test', '--test-reporter=spec', file], {
    cwd: project,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  if (run.status !== 0) failed += 1;
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${run.status === 0 ? 'passed' : 'FAILED'} ${file} in ${seconds} s ${JSON.stringify(env)}`);
}
console.log(`${parts.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
