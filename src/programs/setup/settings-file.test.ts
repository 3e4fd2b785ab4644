// siegel.conf after a change: what was asked for is in it, all else is as it was.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeSettings } from './settings-file.ts';

const before =
  '# our house\ndomain = old.test\n\nlog = info\nsmtp-port=2525\nsmarthost = a.test:587\ndomain = older.test\n';

test('lines are changed where they stand, taken out, and put at the end; comments and other options stay', () => {
  const changes = new Map<string, string | undefined>([
    ['domain', 'new.test'],
    ['smtp-port', '25'],
    ['smarthost', undefined],
    ['mx-host', 'mail.new.test'],
    ['tls-cert', undefined],
  ]);
  const { text, difference } = changeSettings(before, changes);
  assert.equal(text, '# our house\ndomain = new.test\n\nlog = info\nsmtp-port = 25\nmx-host = mail.new.test\n');
  assert.deepEqual(difference, [
    '- domain = old.test',
    '+ domain = new.test',
    '- smtp-port=2525',
    '+ smtp-port = 25',
    '- smarthost = a.test:587',
    '- domain = older.test',
    '+ mx-host = mail.new.test',
  ]);
});

test('what is there already is no change, however it is spaced', () => {
  const { text, difference } = changeSettings('smtp-port=25\n', new Map([['smtp-port', '25']]));
  assert.deepEqual([text, difference], ['smtp-port=25\n', []]);
});

test('an empty file begins with what is asked for, and a file without its last line end keeps its lines', () => {
  assert.equal(changeSettings('', new Map([['domain', 'a.test']])).text, 'domain = a.test\n');
  assert.equal(changeSettings('log = info', new Map([['domain', 'a.test']])).text, 'log = info\ndomain = a.test\n');
  assert.equal(changeSettings('', new Map([['domain', undefined]])).text, '');
});
