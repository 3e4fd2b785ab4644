// Chapter 3: the desk. A policy that two signed, a register of two years that was kept elsewhere, both years' reports published, and a fax of today.

import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { sealCaseFile } from '#formats/desk/case-file.ts';
import { readRegister } from '#office/desk/intake/read-register.ts';
import { exampleGermany } from '#office/desk/policy/example-policy.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import { commitTarget } from '#formats/desk/digest.ts';
import { requireDone, type DemoOffice } from '../demo-office.ts';
import { verdictsOf } from '../desk-people.ts';
import { OFFICE_DOMAIN, OFFICE_NAME } from '../persons.ts';
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
    await fileFax(office);
  },
};

async function putPolicy(office: DemoOffice): Promise<Policy> {
  const roster = office.desk.map(({ name, role, fingerprint, certificate }) => ({
    name,
    role,
    fingerprint,
    certificate,
  }));
  const policy: Policy = {
    ...(JSON.parse(exampleGermany()) as Policy),
    house: { name: OFFICE_NAME, replyTo: `anfragen@${OFFICE_DOMAIN}` },
    roster,
  };
  const text = canonicalJson(policy);
  requireDone(await office.ask('desk.policy', { text, signatures: await signedBy(office, text) }), 'a policy');
  return policy;
}

function signedBy({ desk }: DemoOffice, text: string): Promise<string[]> {
  return Promise.all(verdictsOf(desk).map((person) => person.sign(Buffer.from(text, 'utf8'))));
}

/** It waits for its two verdicts. */
async function fileFax(office: DemoOffice): Promise<void> {
  const random = randomBytes(32);
  const target = 'ein.mandant@example.org';
  const documents = [{ name: 'fax.txt', bytes: Buffer.from('Auskunftsersuchen, erfunden wie alles hier.') }];
  const sealed = await sealCaseFile({ targets: [{ target, random }], documents }, office.desk);
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
  const clerk = office.desk.find(({ role }) => role === 'CLERK');
  const caseFile = Buffer.from(sealed).toString('base64url');
  requireDone(await office.ask('request.file', { given, by: clerk?.name ?? '', caseFile, arrival: null }), 'a filing');
}
