// Each question's answer at both ends of each of its buckets, and for the systems that say what they are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { questions } from '#office/telemetry/catalogue/questions.ts';
import { answersOf, type HouseFacts } from './measure-house.ts';

const house: HouseFacts = {
  users: 3,
  letters: 1_200,
  usedBytes: 900_000_000,
  osRelease: 'ID=debian\n',
  platform: 'linux',
  isDatabaseOwn: false,
  use: 'real',
  hasDocuments: false,
  hasSecondPlace: false,
  version: '0.1.0',
};

function answered(id: string, facts: Partial<HouseFacts>): string | undefined {
  const answer = answersOf({ ...house, ...facts }).get(id);
  const question = questions.find((one) => one.id === id);
  const bucket = answer === undefined ? undefined : question?.buckets[answer];
  return bucket?.en;
}

test('every question has an answer', () => {
  assert.deepEqual(
    [...answersOf(house).keys()],
    questions.map(({ id }) => id),
  );
});

test('people: each bucket from its first to its last', () => {
  const bounds = [0, 1, 2, 5, 6, 25, 26, 100, 101, 500, 501, 90_000];
  assert.deepEqual(
    bounds.map((users) => answered('users', { users })),
    ['1', '1', '2–5', '2–5', '6–25', '6–25', '26–100', '26–100', '101–500', '101–500', '> 500', '> 500'],
  );
});

test('letters: each decade from its first to its last', () => {
  const decades = [0, 999, 1_000, 9_999, 10_000, 99_999, 100_000, 999_999, 1_000_000, 9_999_999, 10_000_000];
  const said = decades.map((letters) => answersOf({ ...house, letters }).get('letters'));
  assert.deepEqual(said, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5]);
});

test('the average mailbox is one of houses with mailboxes; at a bound it is in the upper bucket', () => {
  assert.equal(answered('mailbox-size', { users: 0, usedBytes: 0 }), undefined);
  const megabytes = [0, 99.9, 100, 499.9, 500, 1_000, 5_000, 20_000, 900_000];
  const said = megabytes.map((each) => answersOf({ ...house, usedBytes: each * 3 * 1_000_000 }).get('mailbox-size'));
  assert.deepEqual(said, [0, 0, 1, 1, 2, 3, 4, 5, 5]);
});

test('systems: by their own word, by their family, and where they say nothing', () => {
  const linux: readonly (readonly [string, string])[] = [
    ['ID=debian', 'Debian, Ubuntu'],
    ['NAME="Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"', 'Debian, Ubuntu'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"', 'Fedora, RHEL, SUSE'],
    ['ID="opensuse-leap"\nID_LIKE="suse opensuse"', 'Fedora, RHEL, SUSE'],
    ['ID=alpine', 'Alpine'],
    ['ID=nixos', 'another Linux'],
    ['VARIANT_ID=debian', 'another Linux'],
    ['', 'another Linux'],
  ];
  for (const [osRelease, said] of linux) assert.equal(answered('system', { osRelease }), said, osRelease);
  assert.equal(answered('system', { platform: 'darwin', osRelease: '' }), 'macOS, BSD');
  assert.equal(answered('system', { platform: 'freebsd' }), 'macOS, BSD');
  assert.equal(answered('system', { platform: 'aix' }), questions.find(({ id }) => id === 'system')?.buckets[5]?.en);
});

test('database, use, rooms, version', () => {
  const answer = (id: string, facts: Partial<HouseFacts>): number | undefined =>
    answersOf({ ...house, ...facts }).get(id);
  assert.deepEqual(
    [false, true].map((isDatabaseOwn) => answer('database', { isDatabaseOwn })),
    [0, 1],
  );
  assert.deepEqual(
    (['demo', 'trial', 'real'] as const).map((use) => answer('use', { use })),
    [0, 1, 2],
  );
  const rooms = [false, true].flatMap((hasSecondPlace) =>
    [false, true].map((hasDocuments) => answer('rooms', { hasDocuments, hasSecondPlace })),
  );
  assert.deepEqual(rooms, [0, 1, 2, 3]);
  const versions = ['0.1.0', '0.2.9', '0.3.0-rc', '0.4.0', '0.5.0', '0.10.1', '1.0.0', '1.2.0'];
  assert.deepEqual(
    versions.map((version) => answer('version', { version })),
    [0, 1, 2, 3, 4, 4, 4, 4],
  );
});
