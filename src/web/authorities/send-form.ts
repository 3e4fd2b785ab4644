// What was written becomes one sealed case file: checked, sealed to everybody the house names, sent. Nothing of it leaves the browser unsealed.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { authoritiesAnswers, type AuthoritiesDesk } from '#formats/auth-wire/authorities-answers.ts';

export interface Form {
  readonly authority: string;
  readonly reference: string;
  readonly contact: string;
  readonly text: string;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

export const emptyForm: Form = { authority: '', reference: '', contact: '', text: '', files: [] };

export type FormFault = 'authority' | 'contact' | 'nothing' | 'tooLong' | 'tooManyFiles';
/** otherKeys: they changed since the page asked, or are not those whose fingerprints it shows. */
export interface SendTrouble {
  readonly kind: 'tooLarge' | 'tooOften' | 'later' | 'noConnection' | 'otherKeys';
}

/** The first thing that is missing. */
export function faultOf({ authority, contact, reference, text, files }: Form): FormFault | undefined {
  const { formFieldCharacters, formTextCharacters, formFilesMax } = limits.deskArrival;
  if (authority.trim() === '') return 'authority';
  if (contact.trim() === '') return 'contact';
  if (text.trim() === '' && files.length === 0) return 'nothing';
  const isLong = [authority, contact, reference].some(({ length }) => length > formFieldCharacters);
  if (isLong || text.length > formTextCharacters) return 'tooLong';
  return files.length > formFilesMax ? 'tooManyFiles' : undefined;
}

/** As the clerk reads it. */
export function formText({ authority, reference, contact, text }: Form): string {
  const fields = [
    ['Authority / Behörde', authority],
    ['File reference / Aktenzeichen', reference],
    ['Answer to / Antwort an', contact],
  ] as const;
  const lines = fields.map(([name, value]) => `${name}: ${value.replaceAll(/\s+/g, ' ').trim()}`);
  return `${lines.join('\n')}\n\n${text.replaceAll('\r\n', '\n').trim()}\n`;
}

export async function readDesk(reach: typeof fetch): Promise<AuthoritiesDesk | undefined> {
  try {
    const answer = await reach('/authorities/desk.json', { redirect: 'error', cache: 'no-store' });
    const parsed = v.safeParse(authoritiesAnswers.desk, await answer.json());
    return answer.ok && parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** A certificate that is not the one whose fingerprint is shown is sealed to by nobody. */
export async function sendForm(
  form: Form,
  desk: AuthoritiesDesk,
  reach: typeof fetch,
): Promise<Result<{ readonly arrival: string }, SendTrouble>> {
  const plain = { name: 'form.txt', bytes: new TextEncoder().encode(formText(form)) };
  const { sealCaseFile } = await import('#formats/desk/case-file.ts');
  const { readCertificate } = await import('#formats/desk/certificate.ts');
  let sealed: Uint8Array<ArrayBuffer>;
  try {
    for (const { certificate, fingerprint } of desk.roster)
      if ((await readCertificate(certificate)).getFingerprint() !== fingerprint) return err({ kind: 'otherKeys' });
    sealed = Uint8Array.from(await sealCaseFile({ targets: [], documents: [plain, ...form.files] }, desk.roster));
  } catch {
    return err({ kind: 'otherKeys' });
  }
  if (sealed.length > limits.deskFiling.caseFileBytes) return err({ kind: 'tooLarge' });
  return post(sealed, reach);
}

async function post(
  sealed: Uint8Array<ArrayBuffer>,
  reach: typeof fetch,
): Promise<Result<{ readonly arrival: string }, SendTrouble>> {
  let answer: Response;
  try {
    const headers = { 'content-type': 'application/octet-stream' };
    answer = await reach('/authorities/letters', { method: 'POST', headers, body: sealed, redirect: 'error' });
  } catch {
    return err({ kind: 'noConnection' });
  }
  if (answer.status === 413) return err({ kind: 'tooLarge' });
  if (answer.status === 429) return err({ kind: 'tooOften' });
  // the roster changed since the page was opened
  if (answer.status === 400) return err({ kind: 'otherKeys' });
  const parsed = v.safeParse(authoritiesAnswers.arrived, await answer.json().catch(() => undefined));
  return answer.status === 201 && parsed.success ? ok(parsed.output) : err({ kind: 'later' });
}
