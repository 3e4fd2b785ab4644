// What somebody writes past the rules about letters that came in by themselves, and how it is found.

import assert from 'node:assert/strict';
import type { ArrivalId } from '#formats/desk/model.ts';
import type { Person } from '../../policy/test-policy.ts';
import { sha256 } from '../../register/chain.ts';
import type { People, TestRegister } from '../test-register.ts';
import type { FindingKind } from './findings.ts';

type Breach = readonly [string, FindingKind, (register: TestRegister) => void | Promise<void>];

/** `of`: who there is, once they are made. */
export function arrivalBreaches(of: () => { readonly people: People; readonly stranger: Person }): readonly Breach[] {
  return [
    ['a letter filed under another channel', 'otherFiling', (register) => register.takeArrival({ channel: 'POST' })],
    [
      'a letter filed with another time',
      'otherFiling',
      (register) => register.takeArrival({ receivedMs: Date.parse('2023-06-01T09:00:00Z') }),
    ],
    [
      'a letter filed twice',
      'illegal',
      (register) => {
        register.takeArrival();
        const [arrival, by] = ['arrival-takenabcdef2' as ArrivalId, of().people.clerk.member.fingerprint];
        register.push({ kind: 'TAKEN', arrival, filing: register.file(), by });
      },
    ],
    [
      'two letters that are the same filing',
      'otherFiling',
      (register) => {
        register.takeArrival();
        const filing = [...register.rows.keys()].at(-1) ?? assert.fail();
        const [arrival] = register.arrive('arrival-secondabcde2');
        register.push({ kind: 'TAKEN', arrival, filing, by: of().people.clerk.member.fingerprint });
      },
    ],
    [
      'a letter dismissed by nobody of the roster',
      'notInRoster',
      (register) => {
        const [arrival] = register.arrive('arrival-secondabcde2');
        register.push({ kind: 'DISMISSED', arrival, why: 'SPAM', by: of().stranger.member.fingerprint });
      },
    ],
    [
      'a letter sealed to a key that no policy named',
      'notInRoster',
      (register) => {
        const [, event] = register.arrive('arrival-secondabcde2');
        const arrival = 'arrival-thirdabcdef2' as ArrivalId;
        register.push({ ...event, arrival, to: [...event.to, of().stranger.member.fingerprint] });
      },
    ],
    [
      'a letter answered under another policy',
      'otherDecision',
      (register) => {
        const [arrival] = register.arrive('arrival-secondabcde2');
        register.push({ kind: 'AUTO_REPLIED', arrival, letter: sha256(), policy: sha256(), rule: 'none' });
      },
    ],
  ];
}
