// Chapter 3: the desk. A policy that two signed, a register of two years that was kept elsewhere, both years' reports published, a fax of today, and a letter that waits for the clerk.

import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import * as v from 'valibot';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { sealCaseFile } from '#formats/desk/case-file.ts';
import { readRegister } from '#office/desk/intake/read-register.ts';
import { exampleGermany } from '#office/desk/policy/example-policy.ts';
import type { Policy, RosterMember } from '#formats/desk/policy-shape.ts';
import { fingerprintField } from '#formats/desk/fields.ts';
import { armor } from '#formats/openpgp/armor.ts';
import { parsePublicKey } from '#formats/openpgp/public-key.ts';
import { commitTarget } from '#formats/desk/digest.ts';
import { requireDone, type DemoOffice } from '../demo-office.ts';
import { DESK_ADDRESS, OFFICE_NAME } from '../persons.ts';
import type { Chapter } from './chapter.ts';

const REGISTER = new URL('desk-register.csv', import.meta.url);
const YEARS = [2022, 2023] as const;

export const deskRegister: Chapter = {
  name: 'desk-register',
  daysBack: 0,
  async fill(office) {
    office.tell('Requests from authorities: a policy that two signed');
    const policy = await putPolicy(office);
    office.tell('Requests from authorities: the register of two years');
    const norms = new Set(policy.norms.map(({ id }) => id));
    const rules = { norms, country: policy.country, nowMs: office.nowMs };
    const { filings, faults } = await readRegister(createReadStream(REGISTER), rules);
    const [fault] = faults;
    if (fault !== undefined) throw new Error(`line ${fault.line} of the sample register: ${fault.what}`);
    const given = filings.map(({ past, ...of }) => ({ ...of, past: { ...past, reasons: [...past.reasons] } }));
    requireDone(await office.ask('request.import', { filings: given }), 'an import');
    for (const year of YEARS) {
      office.tell(`Requests from authorities: the report of ${year}`);
      const { report } = requireDone(await office.ask('report.draft', { year }), 'a report');
      const signatures = await signedBy(office, report);
      requireDone(await office.ask('report.publish', { report, signatures }), 'a publication');
    }
    await fileFax(office, policy);
    await office.deliver({
      from: 'poststelle@sta-musterstadt.example',
      to: DESK_ADDRESS,
      plainLetter: plainRequest(office),
    });
  },
};

async function putPolicy(office: DemoOffice): Promise<Policy> {
  const signers = office.desk.map(({ name, role, fingerprint, certificate }) => ({
    name,
    role,
    fingerprint,
    certificate,
  }));
  const roster = [...signers, await clerkOf(office)];
  const policy: Policy = {
    ...(JSON.parse(exampleGermany()) as Policy),
    house: { name: OFFICE_NAME, replyTo: DESK_ADDRESS },
    roster,
  };
  const text = canonicalJson(policy);
  requireDone(await office.ask('desk.policy', { text, signatures: await signedBy(office, text) }), 'a policy');
  return policy;
}

function signedBy({ desk }: DemoOffice, text: string): Promise<string[]> {
  return Promise.all(desk.map((person) => person.sign(Buffer.from(text, 'utf8'))));
}

/** Mara works in the page: her account's own key. */
async function clerkOf(office: DemoOffice): Promise<RosterMember> {
  const { name, address } = office.member('mara').person;
  const certificate = await office.fetchCertificate(address);
  const { fingerprint } = requireDone(parsePublicKey(certificate), 'a certificate');
  return {
    name,
    role: 'CLERK',
    fingerprint: v.parse(fingerprintField, Buffer.from(fingerprint).toString('hex')),
    certificate: armor('PGP PUBLIC KEY BLOCK', certificate, '\n'),
  };
}

/** It waits for its two verdicts. */
async function fileFax(office: DemoOffice, { roster }: Policy): Promise<void> {
  const random = randomBytes(32);
  const target = 'ein.mandant@example.org';
  const documents = [{ name: 'fax.txt', bytes: Buffer.from('Auskunftsersuchen, erfunden wie alles hier.') }];
  const sealed = await sealCaseFile({ targets: [{ target, random }], documents }, roster);
  const given = {
    corrects: null,
    received: new Date(office.nowMs).toISOString(),
    authority: { class: 'PROSECUTION', country: 'DE' },
    channel: 'FAX',
    instrument: 'REQUEST',
    urgency: 'NORMAL',
    items: [{ kind: 'SUBSCRIBER', basis: null, from: null, until: null, target: commitTarget(random, target) }],
    targets: 1,
  };
  const caseFile = Buffer.from(sealed).toString('base64url');
  requireDone(
    await office.ask('request.file', { given, by: office.member('mara').person.name, caseFile, arrival: null }),
    'a filing',
  );
}

/** Unencrypted, as many still come: it waits as an arrival. */
function plainRequest({ nowMs }: DemoOffice): string {
  const day = new Date(nowMs).toUTCString().replace('GMT', '+0000');
  return [
    'From: Poststelle <poststelle@sta-musterstadt.example>',
    `To: ${DESK_ADDRESS}`,
    'Subject: 4711 Js 12/26, Bestandsdaten',
    `Date: ${day}`,
    'Message-ID: <4711-js-12-26@sta-musterstadt.example>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Sehr geehrte Damen und Herren,',
    '',
    'wir bitten um Auskunft, wem das Postfach ein.mandant@example.org gehört.',
    '',
    'Erfunden wie alles hier.',
    '',
  ].join('\r\n');
}
