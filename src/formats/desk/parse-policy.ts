// The signed policy from its text: each field checked, and each refusal says where in the file and what to do.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalBytes, canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { digestOf } from './digest.ts';
import {
  channels,
  decisions,
  deskRoles,
  instruments,
  kinds,
  reasons,
  reviewRoles,
  urgencies,
  type Digest,
} from './model.ts';
import { checkCertificate } from './certificate.ts';
import {
  countryField,
  dayField,
  digestField,
  fields,
  fingerprintField,
  idField,
  lineField,
  listOf,
  oneOf,
  placeOf,
  setOf,
  spokenField,
  wholeNumber,
} from './fields.ts';
import { reservedRules, type Policy } from './policy-shape.ts';

export interface PolicyRefusal {
  readonly kind: 'policy';
  /** "roster[2].certificate"; "policy" for the whole file. */
  readonly place: string;
  /** Follows the place: "is missing: add it". */
  readonly what: string;
}

const bounds = limits.deskPolicy;

const memberSchema = fields({
  name: lineField(bounds.nameCharacters),
  role: oneOf(deskRoles),
  fingerprint: fingerprintField,
  certificate: v.string('must be an OpenPGP public key in armor'),
});

const ruleSchema = fields({
  id: idField,
  channels: v.nullable(setOf(channels)),
  kinds: v.nullable(setOf(kinds)),
  instruments: v.nullable(setOf(instruments)),
  from: v.nullable(dayField),
  until: v.nullable(dayField),
  decision: oneOf(decisions),
  reason: v.nullable(oneOf(reasons)),
  norm: v.nullable(idField),
  why: spokenField,
});

const normSchema = fields({
  id: idField,
  cite: lineField(bounds.nameCharacters),
  title: spokenField,
  source: v.pipe(
    lineField(bounds.sourceCharacters),
    v.check(isWebAddress, 'must be an address that begins with https://'),
  ),
  from: v.nullable(dayField),
  until: v.nullable(dayField),
  kinds: setOf(kinds),
  instruments: setOf(instruments),
});

const policySchema: v.GenericSchema<unknown, Policy> = fields({
  v: v.literal(1, 'must be 1'),
  title: spokenField,
  dated: dayField,
  before: v.nullable(digestField),
  country: countryField,
  union: listOf(countryField, bounds.unionMax),
  zone: v.pipe(lineField(bounds.nameCharacters), v.check(isZone, 'must be a time zone, like "Europe/Berlin"')),
  house: fields({
    name: lineField(bounds.nameCharacters),
    replyTo: v.pipe(
      lineField(bounds.addressCharacters),
      v.check((text) => /^[^\s@<>]+@[^\s@<>]+$/.test(text), 'must be an e-mail address'),
    ),
  }),
  roster: listOf(memberSchema, bounds.rosterMax),
  admissibility: listOf(ruleSchema, bounds.rulesMax),
  norms: listOf(normSchema, bounds.normsMax),
  interceptions: fields({
    bands: v.nullable(listOf(wholeNumber(1, 1_000_000_000), bounds.bandsMax)),
  }),
  deadlines: listOf(
    fields({
      instrument: oneOf(instruments),
      urgency: oneOf(urgencies),
      hours: wholeNumber(1, bounds.hoursMax),
      norm: idField,
    }),
    bounds.deadlinesMax,
  ),
});

export async function parsePolicy(text: string): Promise<Result<Policy, PolicyRefusal>> {
  if (new TextEncoder().encode(text).length > bounds.textBytes)
    return refuse('policy', `is longer than ${bounds.textBytes} bytes: shorten it`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse('policy', `is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`);
  }
  const shaped = v.safeParse(policySchema, value, { abortEarly: true });
  if (!shaped.success) {
    const [issue] = shaped.issues;
    return refuse(placeOf(issue.path) || 'policy', issue.message);
  }
  const policy = shaped.output;
  if (canonicalJson(policy) !== canonicalJson(value))
    return refuse('policy', 'holds a field that is not known: take it out');
  const wrong = wrongIn(policy) ?? (await wrongCertificate(policy));
  return wrong === undefined ? ok(policy) : refuse(...wrong);
}

/** SHA-256 of the canonical JSON: what the next policy names in `before`, and each verdict in `policy`. */
export function policyDigest(policy: Policy): Digest {
  return digestOf(canonicalBytes(policy));
}

/** Place and sentence. */
type Wrong = readonly [place: string, what: string];

function wrongIn(policy: Policy): Wrong | undefined {
  return (
    wrongCountries(policy) ?? wrongRoster(policy) ?? wrongNorms(policy) ?? wrongRules(policy) ?? wrongFigures(policy)
  );
}

function wrongCountries({ country, union }: Policy): Wrong | undefined {
  if (union.includes(country)) return ['union', `names ${country}, the country of the house: take it out`];
  return repeated(union, 'union', (place, code) => [place, `names ${code} twice: name each country once`]);
}

function wrongRoster({ roster }: Policy): Wrong | undefined {
  for (const role of reviewRoles) {
    if (!roster.some((member) => member.role === role))
      return ['roster', `names no ${role}: every verdict needs an OFFICER and a LAWYER`];
  }
  const names = roster.map(({ name }) => name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' '));
  return (
    repeated(names, 'roster', (place) => [
      `${place}.name`,
      'stands here twice: the roles are held by different people',
    ]) ??
    repeated(
      roster.map(({ fingerprint }) => fingerprint),
      'roster',
      (place) => [`${place}.fingerprint`, 'stands here twice: each person has a key of their own'],
    )
  );
}

function wrongNorms({ norms }: Policy): Wrong | undefined {
  const ids = norms.map(({ id }) => id);
  return (
    repeated(ids, 'norms', (place, id) => [`${place}.id`, `"${id}" is taken: give each norm an id of its own`]) ??
    first(norms, (norm, at) => wrongTime(norm, `norms[${at}]`))
  );
}

function wrongRules({ admissibility, norms }: Policy): Wrong | undefined {
  const ids = admissibility.map(({ id }) => id);
  return (
    repeated(ids, 'admissibility', (place, id) => [
      `${place}.id`,
      `"${id}" is taken: give each rule an id of its own`,
    ]) ??
    first(admissibility, (rule, at) => {
      const place = `admissibility[${at}]`;
      if (reservedRules.some((id) => id === rule.id))
        return [`${place}.id`, `"${rule.id}" is a word of the program: choose another id`];
      if (rule.norm !== null && !norms.some(({ id }) => id === rule.norm)) return unknownNorm(place, rule.norm);
      if (rule.decision === 'REJECT_FORMAL') {
        if (rule.reason === null)
          return [`${place}.reason`, 'is null: REJECT_FORMAL needs the reason that the letter gives'];
        if (rule.norm === null) return [`${place}.norm`, 'is null: REJECT_FORMAL needs the norm that the letter cites'];
      } else if (rule.reason !== null) {
        return [`${place}.reason`, 'is for REJECT_FORMAL only: write null'];
      }
      return wrongTime(rule, place);
    })
  );
}

function wrongFigures({ deadlines, norms, interceptions }: Policy): Wrong | undefined {
  const bands = interceptions.bands ?? [];
  const falls = bands.findIndex((band, at) => at > 0 && band <= (bands[at - 1] ?? 0));
  if (falls > 0) return [`interceptions.bands[${falls}]`, 'must be greater than the one before it'];
  const named = deadlines.map(({ instrument, urgency }) => `${instrument} ${urgency}`);
  return (
    repeated(named, 'deadlines', (place, what) => [place, `${what} has a deadline already: keep one`]) ??
    first(deadlines, ({ norm }, at) =>
      norms.some(({ id }) => id === norm) ? undefined : unknownNorm(`deadlines[${at}]`, norm),
    )
  );
}

async function wrongCertificate({ roster, dated }: Policy): Promise<Wrong | undefined> {
  const seen = new Set<string>();
  for (const [at, member] of roster.entries()) {
    const place = `roster[${at}].certificate`;
    const checked = await checkCertificate(member, dated);
    if (!checked.ok) return [place, checked.error.what];
    for (const fingerprint of checked.value.fingerprints) {
      if (seen.has(fingerprint)) return [place, 'holds a key of somebody else here: each person has keys of their own'];
      seen.add(fingerprint);
    }
  }
  return undefined;
}

function unknownNorm(place: string, id: string): Wrong {
  return [`${place}.norm`, `names "${id}", which is not among the norms: add it there or name another`];
}

function wrongTime({ from, until }: Pick<Policy['norms'][number], 'from' | 'until'>, place: string): Wrong | undefined {
  return from !== null && until !== null && until < from ? [`${place}.until`, 'lies before `from`'] : undefined;
}

function repeated(
  values: readonly string[],
  list: string,
  say: (place: string, value: string) => Wrong,
): Wrong | undefined {
  const at = values.findIndex((value, at) => values.indexOf(value) < at);
  return at < 0 ? undefined : say(`${list}[${at}]`, values[at] ?? '');
}

function first<T>(items: readonly T[], find: (item: T, at: number) => Wrong | undefined): Wrong | undefined {
  for (const [at, item] of items.entries()) {
    const wrong = find(item, at);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function isWebAddress(text: string): boolean {
  return text.startsWith('https://') && URL.canParse(text);
}

function isZone(text: string): boolean {
  try {
    // offsets like "+01:00" have no summer
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions();
    return /^[A-Za-z]/.test(timeZone);
  } catch {
    return false;
  }
}

function refuse(place: string, what: string): Result<Policy, PolicyRefusal> {
  return err({ kind: 'policy', place, what });
}
