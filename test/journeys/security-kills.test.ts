// The program killed at every step of a new recovery phrase and of a second factor: one phrase opens, and nobody is locked out.

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { totpCode, totpStep } from '#office/accounts/totp.ts';
import { createEntryClient } from '../../src/web/client/entry.ts';
import { createHttpDoor } from '../../src/web/client/http-door.ts';
import type { OpenSession } from '../../src/web/client/open-session.ts';
import { makePhrase, putPhrase } from '../../src/web/client/put-phrase.ts';
import { createSecurity } from '../../src/web/client/security.ts';
import { cutReach, freshReach, patiently, recordingReach, type Cut, type CutReach, type Life } from '../cut-off.ts';
import { fromBase32 } from '../from-base32.ts';
import { checkMailbox, moveIn, sessionOf, type Entered, type Holder } from '../mailbox-holder.ts';
import { startProgram } from '../running-program.ts';

const UNDER_WAY = process.env['SIEGEL_LONG'] === '1' ? 10 : 1;

const WRAP_PUT = '/auth/wrap/put';
const CODE_PUT = '/auth/totp/put';
const PHRASE_STEPS = ['/auth/session', '/auth/challenge', WRAP_PUT];
const CODE_STEPS = ['/auth/challenge', CODE_PUT];

/** After every step, and under way at the one that is kept. */
function cutsOf(steps: readonly string[], keeping: string): readonly Cut[] {
  const underWay = Array.from({ length: UNDER_WAY }, () => ({ path: keeping, when: 'under way' }) as const);
  return [...steps.map((path) => ({ path, when: 'after' }) as const), ...underWay];
}

test('killed at every step of a new recovery phrase, exactly one of both phrases opens', async (t) => {
  const life: Life = { program: await startProgram() };
  try {
    const holder = await moveIn(life, 'anna');
    let session = await sessionOf(holder);
    let plainOld = makePhrase();
    const asked = recordingReach(holder.reach);
    assert.ok((await putPhrase(through(session, asked.reach), plainOld)).ok);
    assert.deepEqual(asked.paths, PHRASE_STEPS);
    const cuts = cutsOf(PHRASE_STEPS, WRAP_PUT);
    for (const one of cuts) {
      const plainNew = makePhrase();
      const cut = cutReach(session.reach, one, () => life.program.kill());
      await putPhrase(through(session, cut.reach), plainNew);
      assert.ok(cut.isKilled(), one.path);
      life.program = await life.program.restart();
      const recovered: { readonly plainPhrase: string; readonly entered: Entered }[] = [];
      for (const plainPhrase of [plainOld, plainNew]) {
        const entered = await recover(holder, plainPhrase);
        if (entered) recovered.push({ plainPhrase, entered });
      }
      const [only] = recovered;
      assert.ok(only && recovered.length === 1, `${one.when} ${one.path}: ${recovered.length} phrases open`);
      const fate = cut.fateOf(WRAP_PUT);
      if (fate === 'answered') assert.equal(only.plainPhrase, plainNew);
      if (fate === 'not sent') assert.equal(only.plainPhrase, plainOld);
      await checkMailbox(holder, only.entered);
      plainOld = only.plainPhrase;
      session = await sessionOf(only.entered);
    }
    t.diagnostic(`${cuts.length} kills`);
  } finally {
    await life.program.stop();
  }
});

test('killed at every step of setting a second factor, the person gets in: with a code from then on, or still without', async (t) => {
  const life: Life = { program: await startProgram() };
  try {
    const cuts = cutsOf(CODE_STEPS, CODE_PUT);
    for (const [index, one] of cuts.entries()) {
      const holder = await moveIn(life, `ben${index}`);
      const cut = cutReach(holder.reach, one, () => life.program.kill());
      const { session } = holder.signedIn;
      const security = createSecurity(through(await sessionOf(holder), cut.reach), session);
      const secret = fromBase32((await security.newCodeSecret()).secretBase32);
      // The code before this one is still good: the one of now is left for signing in.
      await wait(Math.max(0, 4_000 - (30_000 - (Date.now() % 30_000))));
      await security.confirmCode(totpCode(secret, totpStep(Date.now()) - 1));
      assert.ok(cut.isKilled(), one.path);
      life.program = await life.program.restart();
      await checkSignIn(holder, cut, () => totpCode(secret, totpStep(Date.now())));
    }
    t.diagnostic(`${cuts.length} kills`);
  } finally {
    await life.program.stop();
  }
});

async function checkSignIn(holder: Holder, cut: CutReach, code: () => string): Promise<void> {
  const reach = freshReach(holder.life);
  const entry = createEntryClient(reach, systemClock);
  const { address, password: plainPassword } = holder;
  const step = await patiently(() => entry.signIn({ address, plainPassword }));
  assert.ok(step.ok, JSON.stringify(step));
  const fate = cut.fateOf(CODE_PUT);
  if (fate === 'answered') assert.equal(step.value.step, 'code');
  if (fate === 'not sent') assert.equal(step.value.step, 'done');
  if (step.value.step === 'done') return checkMailbox(holder, { reach, signedIn: step.value.signedIn });
  const given = await entry.giveCode(code());
  assert.ok(given.ok && given.value.step === 'done', JSON.stringify(given));
  await checkMailbox(holder, { reach, signedIn: given.value.signedIn });
}

/** Undefined when the phrase is refused as wrong. */
async function recover(
  { life, address, password: plainNewPassword }: Holder,
  plainPhrase: string,
): Promise<Entered | undefined> {
  const reach = freshReach(life);
  const entry = createEntryClient(reach, systemClock);
  const step = await patiently(() => entry.recover({ address, plainPhrase, plainNewPassword }));
  if (!step.ok) {
    assert.equal(step.error.kind, 'wrong-phrase');
    return undefined;
  }
  assert.ok(step.value.step === 'done');
  return { reach, signedIn: step.value.signedIn };
}

/** The same session, asking by another `fetch`. */
function through(session: OpenSession, reach: typeof fetch): OpenSession {
  return { ...session, reach, door: createHttpDoor(reach) };
}
