// A clock that is over is told to the people of the desk, in their mailboxes, once: not again after a restart, and nothing of whom it is about.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openHouseWithDesk } from '../desk/house-with-desk.ts';
import { readLetters } from '../read-letters.ts';
import { until } from '../world.ts';

const TARGET = 'leyla.canary@kanzlei.test';

test('an order whose time is over is told of once', { timeout: 180_000 }, async () => {
  await using house = await openHouseWithDesk();
  await house.putPolicy();
  const { mara, jonas } = house.members;
  assert.ok((await mara.work.confirmDeskFounders(house.founders)).ok);
  const filed = await mara.work.fileRequest({
    given: {
      corrects: null,
      received: '2026-01-05T10:00:00Z',
      authority: { class: 'COURT', country: 'FR' },
      channel: 'PGP',
      instrument: 'EU_PRODUCTION_ORDER',
      urgency: 'NORMAL',
      items: [{ kind: 'SUBSCRIBER', basis: null, from: null, until: null, target: null }],
      targets: 1,
    },
    plainTarget: TARGET,
    documents: [],
  });
  assert.ok(filed.ok, JSON.stringify(filed));
  let program = await house.program.restart();
  try {
    const notices = async (who: typeof mara): Promise<readonly string[]> =>
      (await readLetters(who.person)).map(String).filter((text) => text.includes(filed.value.filing));
    const [told = ''] = await until(async () => {
      const found = await notices(mara);
      return found.length > 0 ? found : undefined;
    }, 'the notice');
    assert.match(told, /answer due 2026-01-15 10:00 UTC \(over\)/);
    assert.doesNotMatch(told, /canary|COURT|FR\b|EU_PRODUCTION/);
    assert.equal((await notices(jonas)).length, 1);
    program = await program.restart();
    await wait(8_000);
    assert.equal((await notices(mara)).length, 1);
  } finally {
    await program.stop();
  }
});
