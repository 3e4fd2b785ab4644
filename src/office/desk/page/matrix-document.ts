// Draws /transparency/matrix: for each kind of request what exists here and the most that can be handed over, out of the table that the jobs work by.

import { html } from 'hono/html';
import { kinds, type Kind } from '#formats/desk/model.ts';
import { disclosureMatrix, neverHandedOver, type MatrixRow } from '../fulfil/disclosure-matrix.ts';
import { matrixWords, type MatrixWords } from './matrix-words.ts';
import { wordsOf, type PageDocument } from './transparency-document.ts';
import type { PageWords } from './words-en.ts';

type Markup = ReturnType<typeof html>;

export async function matrixDocument(language: 'de' | 'en'): Promise<PageDocument> {
  const words = wordsOf(language);
  const said = matrixWords[language];
  const content = html`<h1 class="title">${said.title}</h1>
    <p class="public-lead">${said.lead}</p>
    ${kinds.map((kind) => kindPart(words, said, kind))}
    <section class="public-part report-section" id="never">
      <h2 class="section">${said.never}</h2>
      <ul class="report-never">
        ${neverHandedOver.map((one) => html`<li>${one[language]}</li>`)}
      </ul>
    </section>
    <section class="public-part report-section" id="checked">
      <h2 class="section">${said.tested.heading}</h2>
      ${said.tested.says.map((sentence) => html`<p>${sentence}</p>`)}
    </section>
    <p class="public-foot"><a href="/transparency?lang=${language}">${said.back}</a></p>`;
  return { title: `${said.title} · ${words.productName}`, languages: words.languages, content: String(await content) };
}

function kindPart({ codes, spoken }: PageWords, said: MatrixWords, kind: Kind): Markup {
  const { exists, most, fields }: MatrixRow = disclosureMatrix[kind];
  return html`<section class="public-part report-section" id="${kind.toLowerCase()}">
    <h2 class="section">${codes.kind[kind]}</h2>
    <dl class="public-pairs">
      <dt>${said.exists}</dt>
      <dd>${exists[spoken]}</dd>
      <dt>${said.most}</dt>
      <dd>${most[spoken]}</dd>
    </dl>
    ${fields.length === 0 ? html`<p class="meta">${said.noFields}</p>` : fieldTable(said, fields, spoken)}
  </section>`;
}

function fieldTable(said: MatrixWords, fields: MatrixRow['fields'], spoken: 'de' | 'en'): Markup {
  return html`<table class="report-table report-fields">
    <caption class="unseen">
      ${said.fields}
    </caption>
    <thead>
      <tr>
        <th scope="col">${said.field}</th>
        <th scope="col">${said.means}</th>
      </tr>
    </thead>
    <tbody>
      ${fields.map(
        ({ name, says }) =>
          html`<tr>
            <th scope="row" class="mono">${name}</th>
            <td>${says[spoken]}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
