// What `siegel setup` asks a person, with what is known already as the answer to Enter.

import type { Config } from '#base/config/read.ts';
import * as values from '#base/config/values.ts';
import { isUnset, type Wishes } from './wanted-settings.ts';

/** Shows a question and gives the line that was typed; undefined when input has ended. */
export type AskPerson = (question: string) => Promise<string | undefined>;

export class InputEnded extends Error {}

interface Question<T> {
  readonly text: string;
  readonly known: string;
  readonly parse: (answer: string) => T | undefined;
  readonly wrong: string;
}

const TRIES_MAX = 20;

/** Asks until an answer is one. Throws InputEnded when nobody answers any more. */
async function askFor<T>(ask: AskPerson, { text, known, parse, wrong }: Question<T>): Promise<T> {
  for (let tries = 0, hint = ''; tries < TRIES_MAX; tries++, hint = `${wrong}\n`) {
    const typed = await ask(`${hint}${text}${known === '' ? '' : ` [${known}]`}: `);
    if (typed === undefined) break;
    const answer = parse(typed.trim() === '' ? known : typed.trim());
    if (answer !== undefined) return answer;
  }
  throw new InputEnded('nobody answers');
}

export async function askWishes(ask: AskPerson, config: Config): Promise<Wishes> {
  const domain = await askFor(ask, {
    text: 'Domain of your addresses (what stands behind the @)',
    known: isUnset(config.domain) ? '' : config.domain,
    parse: values.domain,
    wrong: 'That is not a domain name such as example.org.',
  });
  const mxHost = await askFor(ask, {
    text: 'Name of this machine for other mail servers and for browsers',
    known: config.mxHost ?? `mail.${domain}`,
    parse: values.domain,
    wrong: 'That is not a name such as mail.example.org.',
  });
  const out = await askOut(ask, config);
  const backupDir = await askFor(ask, {
    text: 'Folder for backups, best on another disk; - for none yet',
    known: config.backupDir ?? '-',
    parse: (answer) => (answer === '-' ? { path: undefined } : { path: values.path(answer) }),
    wrong: 'That is not a path.',
  });
  return { domain, mxHost, out, backupDir: backupDir.path, certificate: await askCertificate(ask, config) };
}

async function askOut(ask: AskPerson, config: Config): Promise<Wishes['out']> {
  const known = config.smarthost;
  const relay = await askFor(ask, {
    text: 'How letters leave: through a smarthost (its host:port), or direct to their recipients’ servers (type direct)',
    known: known === undefined ? 'direct' : `${known.host}:${known.port}`,
    parse: (answer) => (answer === 'direct' ? answer : values.mailRelay(answer)),
    wrong: 'Type direct, or a host such as relay.example.net:587.',
  });
  if (relay === 'direct') return { kind: 'direct' };
  const login = await askFor(ask, {
    text: 'File with user and password at the smarthost, two lines, mode 600; - if it asks for none',
    known: config.smarthostLogin ?? '-',
    parse: (answer) => (answer === '-' ? { path: undefined } : { path: values.path(answer) }),
    wrong: 'That is not a path.',
  });
  return { kind: 'smarthost', relay, loginFile: login.path };
}

async function askCertificate(ask: AskPerson, config: Config): Promise<Wishes['certificate']> {
  const kind = await askFor(ask, {
    text: 'Certificate: files you have, acme (fetched by itself), or proxy (one in front has it, or none)',
    known: config.acme !== undefined ? 'acme' : config.tlsCert !== undefined ? 'files' : 'proxy',
    parse: values.oneOf(['files', 'acme', 'proxy']),
    wrong: 'Type files, acme or proxy.',
  });
  const asPath = {
    parse: (answer: string) => (answer === '' ? undefined : values.path(answer)),
    wrong: 'That is not a path.',
  };
  if (kind === 'files') {
    const tlsCert = await askFor(ask, {
      ...asPath,
      text: 'File of the certificate chain',
      known: config.tlsCert ?? '',
    });
    const tlsKey = await askFor(ask, { ...asPath, text: 'File of its private key', known: config.tlsKey ?? '' });
    return { kind, tlsCert, tlsKey };
  }
  if (kind === 'proxy') return { kind };
  const directory = await askFor(ask, {
    text: 'Directory URL of the authority (its documentation names it)',
    known: config.acme ?? '',
    parse: values.secureUrl,
    wrong: 'That is not an https URL.',
  });
  const contact = await askFor(ask, {
    text: 'Address where it may write to about the certificate; - for none',
    known: config.acmeContact ?? '-',
    parse: (answer) => (answer === '-' ? { address: undefined } : readContact(answer)),
    wrong: 'That is not an address.',
  });
  return { kind, directory, contact: contact.address };
}

function readContact(answer: string): { readonly address: string } | undefined {
  const address = values.mailAddress(answer);
  return address === undefined ? undefined : { address };
}
