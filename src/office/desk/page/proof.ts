// How a reader checks the report: its hash, who signed it, the state of the register, the command, the files.

import { html } from 'hono/html';
import { roundingIds } from '../report/figure.ts';
import type { CutOff, Report } from '../report/report.ts';
import type { Digest } from '#formats/desk/model.ts';
import { groupedHex, numberText } from './number-text.ts';
import type { Signer } from './published.ts';
import type { PageWords } from './words-en.ts';

type Markup = ReturnType<typeof html>;

export interface Proof {
  readonly year: number;
  /** Of the canonical bytes that were signed. */
  readonly sha256: Digest;
  readonly signers: readonly Signer[];
  readonly register: CutOff;
  readonly policy: Digest | null;
  /** Undefined: two people have signed it. */
  readonly warning: string | undefined;
}

export function methodPart({ method, spoken }: PageWords, { roundings }: Report): Markup {
  return html`<section class="public-part report-section" id="method">
    <h2 class="section">${method.heading}</h2>
    ${method.sentences.map((sentence) => html`<p>${sentence}</p>`)}
    <dl class="public-pairs report-roundings">
      ${roundingIds.map(
        (id) =>
          html`<dt>${method.roundings[id]}</dt>
            <dd>${roundings[id][spoken]}</dd>`,
      )}
    </dl>
  </section>`;
}

export function proofPart(words: PageWords, { year, sha256, signers, register, policy, warning }: Proof): Markup {
  const { proof, codes } = words;
  const file = (ending: string, text: string, type: string): Markup =>
    html`<li><a href="/transparency/${year}${ending}" type="${type}">${text}</a></li>`;
  return html`<section class="public-part report-section" id="check">
    <h2 class="section">${proof.heading}</h2>
    <p>${warning ?? proof.says}</p>
    <dl class="public-pairs report-proof">
      <dt>${proof.hash}</dt>
      <dd class="mono">${groupedHex(sha256)}</dd>
      ${signers.length === 0 ? '' : html`<dt>${proof.signatures}</dt>`}
      ${signers.map(
        ({ name, role, fingerprint }) =>
          html`<dd class="report-signer">
            ${name}, ${codes.role[role]} <span class="mono">${groupedHex(fingerprint)}</span>
          </dd>`,
      )}
      <dt>${proof.register}</dt>
      <dd>${proof.entries(register.entries, numberText(words, register.entries))}</dd>
      <dt>${proof.root}</dt>
      <dd class="mono">${groupedHex(register.root)}</dd>
      <dt>${proof.head}</dt>
      <dd class="mono">${groupedHex(register.head)}</dd>
      ${
        policy === null
          ? ''
          : html`<dt>${proof.policy}</dt>
              <dd class="mono">${groupedHex(policy)}</dd>`
      }
    </dl>
    <h3 class="report-caption report-files-title">${proof.files}</h3>
    <ul class="report-files">
      ${file('.json', proof.links.json, 'application/json')} ${file('.csv', proof.links.csv, 'text/csv')}
      ${file('.asc', proof.links.asc, 'application/pgp-signature')}
      ${signers.length === 0 ? '' : file('.keys', proof.links.keys, 'application/pgp-keys')}
      ${warning === undefined ? file('.receipt', proof.links.receipt, 'application/json') : ''}
      ${file('/errata', proof.links.errata, 'text/html')}
      <li><a href="/transparency/log" type="text/plain">${proof.links.log}</a></li>
      <li><a href="/transparency/schema.json" type="application/schema+json">${proof.links.schema}</a></li>
    </ul>
    <h3 class="report-caption report-files-title">${proof.command}</h3>
    <p class="report-command mono">
      gpg --import ${year}.keys<br />
      gpg --verify ${year}.asc ${year}.json
    </p>
    <p class="meta">${proof.commandSays}</p>
    <h3 class="report-caption report-files-title">${proof.recompute}</h3>
    <p class="report-command mono">siegel report verify ${proof.folder} --trust ${proof.fingerprints}</p>
    <p class="meta">${proof.recomputeSays}</p>
  </section>`;
}
