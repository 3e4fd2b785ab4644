// What the guard in the database costs: letters a second over the whole path, with its triggers and, in turn, without them.

import { startDnsServer } from '../test/fakes/dns-server.ts';
import { makeSigningDomain } from '../test/fakes/signed-letters.ts';
import { tamper } from '../test/own-database.ts';
import { startProgram, type RunningProgram } from '../test/running-program.ts';
import { baseOrder, deliver, makeLetters } from './intake.ts';

const DOMAIN = 'siegel.test';
const RECIPIENTS = ['anna', 'ben', 'carla', 'deniz'];
const ROUNDS = 5;
const CONNECTIONS = 32;

/** The twin: every trigger of the guard is taken away. */
const TAKE_AWAY = `DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT t.tgname AS name, c.relname AS of FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND t.tgname LIKE 'guard\\_%'
  LOOP EXECUTE format('DROP TRIGGER %I ON %I', one.name, one.of); END LOOP;
END $$`;

export async function run(flags: readonly string[]): Promise<unknown> {
  const quick = flags.includes('--quick');
  const letters = quick ? 800 : 4_000;
  const signer = makeSigningDomain('sender.example');
  const dns = await startDnsServer(signer.zone);
  const wire = await makeLetters(signer, quick ? 100 : 400);
  const env = {
    SIEGEL_DNS: `127.0.0.1:${dns.port}`,
    SIEGEL_TRUSTED_NETWORKS: '',
    SIEGEL_DOMAIN: DOMAIN,
    SIEGEL_LOG: 'error',
  };
  await using guarded = await startProgram({ env });
  await using without = await startProgram({ env });
  await tamper(without.dataDir, TAKE_AWAY);
  const recipients = RECIPIENTS.map((name) => `${name}@${DOMAIN}`);
  const order = (program: RunningProgram, count: number): Parameters<typeof deliver>[1] => ({
    ...baseOrder(wire, recipients),
    target: program.smtpPort,
    protocol: 'smtp',
    connections: CONNECTIONS,
    letters: count,
  });
  for (const program of [guarded, without]) {
    for (const name of RECIPIENTS) await program.signUp(name, `bench-${name}-password`);
    await deliver(program, order(program, 400)); // warm
  }
  const ratios: number[] = [];
  const rates: { guarded: number; without: number }[] = [];
  for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
    // who goes first changes, so that what grows during a round disturbs both
    const [first, second] = round % 2 === 0 ? [guarded, without] : [without, guarded];
    const [one, two] = [await deliver(first, order(first, letters)), await deliver(second, order(second, letters))];
    const [own, twin] = first === guarded ? [one, two] : [two, one];
    ratios.push(own.wholePerSecond / twin.wholePerSecond);
    rates.push({ guarded: Math.round(own.wholePerSecond), without: Math.round(twin.wholePerSecond) });
    console.error(`guarded ${rates.at(-1)?.guarded}/s, without ${rates.at(-1)?.without}/s`);
  }
  await dns.close();
  const sorted = ratios.toSorted((a, b) => a - b);
  return { ratio: Math.round((sorted[Math.floor(sorted.length / 2)] ?? Number.NaN) * 100) / 100, rates };
}
