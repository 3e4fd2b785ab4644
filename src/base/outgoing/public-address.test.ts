// Which addresses are public: every special network, its edges, and notations that hide an address.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

const PUBLIC = [
  ...'1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255'.split(' '),
  ...'172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 198.17.255.255 198.20.0.0 223.255.255.255'.split(' '),
  ...'2606:4700::1111 2a00:1450:4001::5 2001:200::1 2001:4860:4860::8888 2600::'.split(' '),
];
const NOT_PUBLIC = [
  ...'0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.0.9'.split(' '),
  ...'169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1'.split(' '),
  ...'198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::2'.split(' '),
  ...'::ffff:1.1.1.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:0:1.1.1.1 ::127.0.0.1 64:ff9b::1.1.1.1'.split(' '),
  ...'64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:10::1 2001:db8::1 2002:7f00:1::'.split(' '),
  ...'2002:808:808::1 3fff::1 5f00::1 fc00::1 fd12::1 fe80::1 fe80::1%eth0 2606:4700::1111%eth0 fec0::1'.split(' '),
  ...'ff02::1 4000::1 8000::1'.split(' '),
];
const NOT_AN_ADDRESS = [
  '',
  'example.org',
  'localhost',
  '127.1',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '2130706433',
  '1.1.1.01',
  '1.1.1',
  ' 1.1.1.1',
  '1.1.1.1 ',
  '1.1.1.1:443',
  '[2606:4700::1111]',
  '2606:4700::1111/64',
  '１.1.1.1',
];

test('an address of the public Internet is public', () => {
  for (const address of PUBLIC) assert.equal(isPublicAddress(address), true, address);
});

test('private, local, shared, documented, mapped and translated addresses are not public', () => {
  for (const address of NOT_PUBLIC) assert.equal(isPublicAddress(address), false, address);
});

test('what is no address in its usual notation is not public', () => {
  for (const text of NOT_AN_ADDRESS) assert.equal(isPublicAddress(text), false, text);
});

test('an IPv6 address that carries an IPv4 address is never public', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.constantFrom('::ffff:', '::', '64:ff9b::', '::ffff:0:'), (address, prefix) => {
      assert.equal(isPublicAddress(prefix + address), false);
    }),
    { numRuns: 200 },
  );
});

test('any text gets an answer', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (text) => typeof isPublicAddress(text) === 'boolean'),
  );
});

test('loopback is 127.0.0.0/8 and ::1', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1']) assert.equal(isLoopbackAddress(address), true, address);
  for (const address of ['126.0.0.1', '128.0.0.1', '::', '::ffff:127.0.0.1', 'localhost', '127.1'])
    assert.equal(isLoopbackAddress(address), false, address);
});
