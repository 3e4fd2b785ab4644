// The program killed at every step of a password change: exactly one of both passwords opens, the same keys and letter with it.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#base/clock.ts';
import { createEntryClient } from '../../src/web/client/entry.ts';
import { cutReach, freshReach, recordingReach, type Cut, type CutReach, type Life } from '../cut-off.ts';
import { checkMailbox, enter, moveIn, type Entered, type Holder } from '../mailbox-holder.ts';
import { startProgram } from '../running-program.ts';

const LONG = process.env['SIEGEL_LONG'] === '1';

/** `change`: the whole of it. Left waiting by a client that died, it ends at the next login: `prove` with the new password, `give up` with the old. */
type Flow = 'change' | 'prove' | 'give up';

interface Round extends Cut {
  readonly flow: Flow;
  /** The password that is tried first after the kill: while both wait, it decides. */
  readonly first: Password;
}

type Password = 'old' | 'new';
/** What the server holds: one credential, or both until one of them is used. */
type Held = Password | 'both';

const PENDING = '/auth/credential/pending';
const PROMOTE = '/auth/credential/promote';
const PROVE = '/auth/login/prove';
const FINISH = '/auth/login/finish';

const STEPS: Readonly<Record<Flow, readonly string[]>> = {
  change: ['/auth/login/start', FINISH, '/auth/credential/start', PENDING, PROMOTE],
  prove: ['/auth/login/start', FINISH, PROVE],
  'give up': ['/auth/login/start', FINISH],
};

/** What is held at the beginning, and which requests change it. */
const DECIDES: Readonly<Record<Flow, { readonly from: Held; readonly by: readonly (readonly [string, Held])[] }>> = {
  change: {
    from: 'old',
    by: [
      [PENDING, 'both'],
      [PROMOTE, 'new'],
    ],
  },
  prove: { from: 'both', by: [[PROVE, 'new']] },
  'give up': { from: 'both', by: [[FINISH, 'old']] },
};

/** Which passwords may open after the kill: one that was answered is the only one, what was only sent may have happened or not. */
function mayOpen({ flow, first }: Round, { fateOf }: CutReach): ReadonlySet<Password> {
  const { from, by } = DECIDES[flow];
  let held: readonly Held[] = [from];
  for (const [path, next] of by) {
    const fate = fateOf(path);
    if (fate === 'answered') held = [next];
    if (fate === 'sent') held = [...held, next];
  }
  return new Set(held.map((one) => (one === 'both' ? first : one)));
}

let passwords = 0;

/** One flow cut off, the program started again, both passwords tried; what is wrong with that, or the session of the one that opens. */
async function findFault(holder: Holder, from: Entered, round: Round): Promise<string | Entered> {
  const { life, address } = holder;
  const plain = { old: holder.password, new: `password number ${++passwords}` };
  if (round.flow !== 'change') await leaveWaiting(from, plain);
  const cut = cutReach(round.flow === 'change' ? from.reach : freshReach(life), round, () => life.program.kill());
  const entry = createEntryClient(cut.reach, systemClock);
  if (round.flow === 'change') await change(entry, from.signedIn, plain);
  else await entry.signIn({ address, plainPassword: round.flow === 'prove' ? plain.new : plain.old });
  assert.ok(cut.isKilled(), `${round.path} was never asked for`);
  life.program = await life.program.restart();
  const order: readonly Password[] = round.first === 'old' ? ['old', 'new'] : ['new', 'old'];
  const opened: (Entered & { readonly by: Password })[] = [];
  for (const by of order) {
    const entered = await enter(holder, plain[by]);
    if (!entered) continue;
    opened.push({ ...entered, by });
    await checkMailbox(holder, entered);
  }
  const [session] = opened;
  if (session === undefined || opened.length > 1) return `${opened.length} of both passwords open`;
  if (!mayOpen(round, cut).has(session.by)) return `the ${session.by} password opens`;
  holder.password = plain[session.by];
  return session;
}

/** A change whose client dies before the last step, without a kill. */
async function leaveWaiting({ reach, signedIn }: Entered, plain: Readonly<Record<Password, string>>): Promise<void> {
  const cut = cutReach(reach, { path: PROMOTE, when: 'before' }, () => Promise.resolve());
  await change(createEntryClient(cut.reach, systemClock), signedIn, plain);
  assert.equal(cut.fateOf(PENDING), 'answered');
}

function change(
  entry: ReturnType<typeof createEntryClient>,
  signedIn: Entered['signedIn'],
  plain: Readonly<Record<Password, string>>,
) {
  return entry.changePassword({ signedIn, plainOldPassword: plain.old, plainNewPassword: plain.new });
}

/** Changes the password in one go: the next round begins with this session. */
async function changeAgain(holder: Holder, entered: Entered): Promise<Entered> {
  const plain = { old: holder.password, new: `password number ${++passwords}` };
  const changed = await change(createEntryClient(entered.reach, systemClock), entered.signedIn, plain);
  assert.ok(changed.ok, JSON.stringify(changed));
  holder.password = plain.new;
  return { reach: entered.reach, signedIn: changed.value };
}

/** Short: after every step, and under way where something is kept. Long: before, after and six times under way, each password first. */
function makeRounds(): readonly Round[] {
  if (!LONG) {
    return [
      ...STEPS.change.map((path) => ({ flow: 'change', path, when: 'after', first: 'old' }) as const),
      { flow: 'change', path: PENDING, when: 'after', first: 'new' },
      { flow: 'change', path: PENDING, when: 'under way', first: 'new' },
      { flow: 'change', path: PROMOTE, when: 'under way', first: 'old' },
      { flow: 'prove', path: PROVE, when: 'after', first: 'old' },
      { flow: 'prove', path: PROVE, when: 'under way', first: 'old' },
      { flow: 'give up', path: FINISH, when: 'after', first: 'new' },
    ];
  }
  const whens = ['before', 'after', ...Array.from({ length: 3 }, () => 'under way' as const)] as const;
  const each = (flow: Flow): Round[] =>
    STEPS[flow].flatMap((path) =>
      whens.flatMap((when) => (['old', 'new'] as const).map((first): Round => ({ flow, path, when, first }))),
    );
  return [...each('change'), ...each('prove'), ...each('give up')];
}

/** The first fault that a round finds. */
async function runRounds(t: TestContext, rounds: readonly Round[], script?: string): Promise<string | undefined> {
  const life: Life = { program: await startProgram(script === undefined ? {} : { script }) };
  try {
    const holder = await moveIn(life, 'anna');
    let entered: Entered = holder;
    for (const round of rounds) {
      const found = await findFault(holder, entered, round);
      if (typeof found === 'string') {
        return `${round.flow}, killed ${round.when} ${round.path}, ${round.first} first: ${found}`;
      }
      entered = await changeAgain(holder, found);
    }
    assert.ok(await enter(holder, holder.password));
    t.diagnostic(`${rounds.length} kills`);
    return undefined;
  } finally {
    await life.program.stop();
  }
}

test('killed at every step of a password change, exactly one of both passwords opens, and the next change works', async (t) => {
  assert.equal(await runRounds(t, makeRounds()), undefined);
});

test('the steps that are cut are all the requests of a change, and of the login that ends one left waiting', async () => {
  const life: Life = { program: await startProgram() };
  try {
    const holder = await moveIn(life, 'anna');
    const plain = { old: holder.password, new: 'password of the change' };
    const changing = recordingReach(holder.reach);
    await leaveWaiting(holder, plain);
    assert.ok((await change(createEntryClient(changing.reach, systemClock), holder.signedIn, plain)).ok);
    assert.deepEqual(changing.paths, STEPS.change);
    const again = await enter(holder, plain.new);
    assert.ok(again);
    await leaveWaiting(again, { old: plain.new, new: 'password left waiting' });
    const proving = recordingReach(freshReach(life));
    const { address } = holder;
    const proved = await createEntryClient(proving.reach, systemClock).signIn({
      address,
      plainPassword: 'password left waiting',
    });
    assert.ok(proved.ok);
    assert.deepEqual(proving.paths, STEPS.prove);
  } finally {
    await life.program.stop();
  }
});

const twin = (name: string): string => fileURLToPath(new URL(`../twins/${name}.ts`, import.meta.url));

test('twin: a promotion that is answered before it is kept is found by the same rounds', async (t) => {
  const rounds = makeRounds().filter(({ path, when }) => path === PROMOTE && when === 'after');
  const fault = await runRounds(t, rounds, twin('promotes-early'));
  t.diagnostic(String(fault));
  assert.match(fault ?? '', /the old password opens/);
});

test('twin: an old credential that is erased before the new one is written leaves nothing that opens', async (t) => {
  const round = { flow: 'change', path: PENDING, when: 'under way', first: 'old', killAfterMs: 2_000 } as const;
  const fault = await runRounds(t, [round], twin('erases-first'));
  t.diagnostic(String(fault));
  assert.match(fault ?? '', /0 of both passwords open/);
});
