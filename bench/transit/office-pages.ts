// Pages as offices really set them: letter heads in two columns, small print, tables of figures, sections of law, stamps over text. What stands on each is known block by block.

import { throwDice, type Dice } from './dice.ts';
import { writeForeign, type Language } from './foreign-letters.ts';

export type OfficeLook = 'letter' | 'brief' | 'bill' | 'terms' | 'stamped' | Language;

export interface OfficePage {
  readonly html: string;
  /** Blocks of text; inside a block words follow one another, between blocks any order will do. */
  readonly blocks: readonly string[];
}

interface Sheet {
  readonly dice: Dice;
  /** Notes the text as known and gives it as HTML whose words do not break. */
  readonly say: (text: string) => string;
}

const PEOPLE = ['Ilse Illner', 'Dr. Ill-Ihringer', 'Jürgen Weißenfels', 'Änne Grünwald', 'Xaver Übelhör'] as const;
const COURTS = ['Landgericht Köln', 'Amtsgericht Fürth', 'Oberlandesgericht Düsseldorf', 'Bundesgerichtshof'] as const;
const LAWS = ['BGB', 'ZPO', 'HGB', 'StGB', 'InsO', 'GmbHG', 'KSchG', 'VwGO', 'SGB X', 'RVG'] as const;
const CLAUSES = [
  'Gemäß § {n} Abs. {k} Satz {k} {law} ist die Frist zum {date} gewahrt; § {n} {law} bleibt unberührt.',
  'Die §§ {n} ff. {law} sowie § {n} Abs. {k} Nr. {k} {law} finden entsprechende Anwendung.',
  'Ihr Schreiben vom {date}, Ihr Zeichen {ref}, ging uns am {date} zu; Ilse Illner hat es im Original geprüft.',
  'In der Sache {ref} wird der Streitwert auf {sum} € festgesetzt (§ {n} Abs. {k} {law}, Art. {k} Abs. {k} GG).',
  'Im Übrigen gilt: „Ist die Leistung unmöglich, so erlischt der Anspruch“ – vgl. § {n} {law}, Rn. {n}.',
  'Der Anspruch folgt aus §§ {n}, {n} Abs. {k} {law} i. V. m. § {n} {law} und ist am {short} verjährt.',
  'Insgesamt 8 von 12 Raten zu je {sum} € sind gezahlt, die übrigen 4 sind seit dem {short} offen.',
  'Bitte überweisen Sie {sum} € auf das Konto {iban} unter Angabe von {ref}.',
  'Als Anlage K {k} überreichen wir die Abschrift der Bilanz Ill. Quartal; Il faut prüfen lassen, was fällig ist.',
  'Ich, der Unterzeichner, versichere, dass die Angaben in Ziff. I. bis III. der Klage vom {date} zutreffen.',
  'Laut Gutachten liegt der Minderwert bei {k},{k} % des Kaufpreises von {sum} €, mindestens aber bei 8 %.',
  'Telefonisch erreichen Sie uns unter 0221 / {n} {n}-{k} oder per E-Mail an illner@kanzlei-illner.example.',
] as const;
const ITEMS = ['Geschäftsgebühr', 'Terminsgebühr', 'Auslagenpauschale', 'Aktenkopien', 'Reisekosten', 'Übersetzung'];

function fill(template: string, dice: Dice): string {
  const number = (low: number, high: number): string => String(Math.floor(dice.between(low, high)));
  return template
    .replaceAll('{n}', () => number(12, 989))
    .replaceAll('{k}', () => number(1, 9))
    .replaceAll('{law}', () => dice.pick(LAWS))
    .replaceAll('{sum}', () => sumOf(dice))
    .replaceAll('{iban}', () => ibanOf(dice))
    .replaceAll(
      '{ref}',
      () => `${number(1, 29)} ${dice.pick(['O', 'C', 'S', 'U', 'IZR'])} ${number(11, 899)}/${number(19, 26)}`,
    )
    .replaceAll('{short}', () => `${number(10, 28)}.0${number(1, 9)}.20${number(19, 26)}`)
    .replaceAll(
      '{date}',
      () => `${number(1, 28)}. ${dice.pick(['Januar', 'März', 'Juli', 'Dezember'])} 20${number(19, 26)}`,
    );
}

function sumOf(dice: Dice): string {
  const rest = Math.floor(dice.between(100, 999));
  return `${Math.floor(dice.between(1, 89))}.${rest},${String(Math.floor(dice.between(0, 99))).padStart(2, '0')}`;
}

/** With the check digits of ISO 13616: a reader that invents one gives itself away. */
function ibanOf(dice: Dice): string {
  const account = Array.from({ length: 18 }, () => Math.floor(dice.between(0, 9.99))).join('');
  const check = String(98n - (BigInt(`${account}131400`) % 97n)).padStart(2, '0');
  return `DE${check}${account}`.replace(/(.{4})(?=.)/g, '$1 ');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

export function writeOfficePage(seed: number, look: OfficeLook): OfficePage {
  const dice = throwDice(seed * 31 + 7);
  const blocks: string[] = [];
  const say = (text: string): string => {
    blocks.push(text);
    return text
      .split(' ')
      .map((word) => `<span>${escape(word)}</span>`)
      .join(' ');
  };
  const sheet = { dice, say };
  const body = LOOKS[look](sheet);
  return { html: `<!doctype html><html lang="de"><meta charset="utf-8"><style>${STYLE}</style>${body}</html>`, blocks };
}

function paragraphs({ dice, say }: Sheet, count: number): string {
  const first = Math.floor(dice.between(0, CLAUSES.length));
  return Array.from({ length: count }, (_, index) => {
    const pair = [0, 5].map((step) => CLAUSES[(first + index + step) % CLAUSES.length] ?? '').join(' ');
    return `<p>${say(fill(pair, dice))}</p>`;
  }).join('');
}

/** Address at the left, facts in small grey at the right, three columns of small print at the foot. */
function letter(sheet: Sheet): string {
  const { dice, say } = sheet;
  const facts = [
    `Unser Zeichen: ${fill('{n}/24 IL', dice)}`,
    'Sekretariat: Ilona Klein',
    fill('Tel. 0221 {n}-0', dice),
    fill('Köln, den {date}', dice),
  ];
  const small = [
    ['Illner & Weiß PartG mbB', 'Im Klapperhof 8', '50670 Köln'],
    ['Bankhaus Lampe', fill('{iban}', dice), 'BIC: ILLNDE33XXX'],
    ['USt-IdNr. DE 811 907 980', 'Amtsgericht Essen PR 1187', 'Sitz: Köln'],
  ];
  return `<body class="sans ten"><header>${say('Illner & Weiß Rechtsanwälte')}</header>
    <div class="two"><div><div class="tiny">${say('Illner & Weiß · Im Klapperhof 8 · 50670 Köln')}</div>
    ${[dice.pick(PEOPLE), 'Königstraße 17', '70173 Stuttgart'].map((line) => `<div>${say(line)}</div>`).join('')}</div>
    <div class="facts">${facts.map((line) => `<div>${say(line)}</div>`).join('')}</div></div>
    <h1>${say(`In Sachen Weißenfels ./. Illner – ${dice.pick(COURTS)}`)}</h1>${paragraphs(sheet, 6)}
    <p>${say('Mit freundlichen Grüßen')}</p>
    <footer>${small.map((column) => `<div>${column.map((line) => `<div>${say(line)}</div>`).join('')}</div>`).join('')}</footer></body>`;
}

/** A pleading in a serif of twelve points with numbered parts. */
function brief(sheet: Sheet): string {
  const { dice, say } = sheet;
  const parts = ['I. Zulässigkeit', 'II. Begründetheit', 'III. Ergebnis'];
  return `<body class="serif twelve"><div class="centre">${say(`An das ${dice.pick(COURTS)}`)}</div>
    <h1>${say(fill('Klage – Az. {ref}', dice))}</h1>
    ${parts.map((part) => `<h2>${say(part)}</h2>${paragraphs(sheet, 2)}`).join('')}<div class="page">${say('– 2 –')}</div></body>`;
}

/** A table with rules, figures to the right, bold sums. */
function bill(sheet: Sheet): string {
  const { dice, say } = sheet;
  const cell = (text: string, more = ''): string => `<td${more}>${say(text)}</td>`;
  const rows = Array.from({ length: 14 }, (_, index) => {
    const item = ITEMS[index % ITEMS.length] ?? '';
    return `<tr>${cell(fill(`${item}, Nr. {n} VV RVG`, dice))}${cell(fill('{short}', dice))}${cell(`${sumOf(dice)} €`, ' class="right"')}</tr>`;
  }).join('');
  return `<body class="century eleven"><h1>${say(fill('Kostennote Nr. {n}-{n}/2025', dice))}</h1>${paragraphs(sheet, 2)}
    <table><tr>${['Gegenstand', 'Datum', 'Betrag'].map((text) => `<th>${say(text)}</th>`).join('')}</tr>${rows}
    <tr class="sum"><td>${say('Summe einschließlich 19 % Umsatzsteuer')}</td><td></td>${cell(`${sumOf(dice)} €`, ' class="right"')}</tr></table>
    ${paragraphs(sheet, 1)}<p>${say(fill('Zahlbar binnen 14 Tagen auf {iban}.', dice))}</p></body>`;
}

/** Nine points, grey, in two columns. */
function terms(sheet: Sheet): string {
  const { say } = sheet;
  return `<body class="sans nine"><h1>${say('Allgemeine Mandatsbedingungen')}</h1>
    <div class="columns"><div>${paragraphs(sheet, 6)}</div><div>${paragraphs(sheet, 6)}</div></div></body>`;
}

/** A receipt stamp over the text, a blue signature, a marked line, a pencil note. */
function stamped(sheet: Sheet): string {
  const { say } = sheet;
  return `<body class="serif eleven"><h1>${say('Vollmacht und Empfangsbekenntnis')}</h1>${paragraphs(sheet, 3)}
    <p><mark>${say('Fristsache: Bitte sofort vorlegen.')}</mark></p>${paragraphs(sheet, 3)}
    <svg class="sign" viewBox="0 0 200 60"><path d="M5 45 C25 -10 35 70 50 30 S75 50 85 25 95 60 120 20 150 55 195 15"/></svg>
    <svg class="pencil" viewBox="0 0 200 60"><path d="M5 30 q10 -20 20 0 t20 0 20 0 20 0 20 0 20 0 20 0 20 0"/></svg>
    <div class="stamp">EINGEGANGEN<br>14. Juli 2025<br>Anwaltskanzlei</div></body>`;
}

/** No language is told to whoever reads it. */
function foreign({ dice, say }: Sheet, language: Language): string {
  const [head = '', subject = '', ...texts] = writeForeign(language, dice);
  return `<body class="serif twelve"><header>${say(head)}</header><h1>${say(subject)}</h1>
    ${texts.map((text) => `<p>${say(text)}</p>`).join('')}</body>`;
}

const LOOKS: Readonly<Record<OfficeLook, (sheet: Sheet) => string>> = {
  letter,
  brief,
  bill,
  terms,
  stamped,
  english: (sheet) => foreign(sheet, 'english'),
  french: (sheet) => foreign(sheet, 'french'),
};

const STYLE = `
  body { margin: 0; padding: 60px 76px 0 94px; width: 624px; height: 1063px; background: #fff; color: #141414; position: relative; overflow: hidden; line-height: 1.4; font-variant-ligatures: none; }
  span { white-space: nowrap; }
  .serif { font-family: "Liberation Serif", serif; } .sans { font-family: "Liberation Sans", sans-serif; }
  .century { font-family: "C059", "DejaVu Serif", serif; }
  .nine { font-size: 12px; color: #4a4a4a; } .ten { font-size: 13.6px; } .eleven { font-size: 14.67px; } .twelve { font-size: 16px; line-height: 1.5; }
  header { font-size: 25px; letter-spacing: 1px; color: #7a1f2b; border-bottom: 1px solid #7a1f2b; margin-bottom: 34px; padding-bottom: 8px; }
  .two { display: flex; justify-content: space-between; margin-bottom: 28px; } .facts { color: #777; font-size: 11.3px; width: 190px; }
  .tiny { font-size: 9.4px; color: #666; margin-bottom: 6px; } .centre { text-align: center; } .page { text-align: center; margin-top: 14px; }
  h1 { font-size: 1.15em; margin: 12px 0; } h2 { font-size: 1.05em; margin: 10px 0 6px; } p { margin: 0 0 9px; }
  footer { position: absolute; left: 94px; right: 76px; bottom: 26px; display: flex; justify-content: space-between; font-size: 9.8px; color: #8a8a8a; border-top: 1px solid #bbb; padding-top: 6px; }
  table { border-collapse: collapse; width: 100%; margin: 10px 0; } td, th { border: 1px solid #333; padding: 3px 7px; text-align: left; } .right { text-align: right; } .sum { font-weight: bold; }
  .columns { display: flex; gap: 34px; } .columns > div { flex: 1; }
  mark { background: #fff27a; } .sign { width: 190px; height: 56px; display: block; } .sign path { fill: none; stroke: #1b3fa8; stroke-width: 2.2; }
  .pencil { position: absolute; right: 60px; top: 40px; width: 150px; height: 44px; } .pencil path { fill: none; stroke: #b4b4b4; stroke-width: 1.4; }
  .stamp { position: absolute; left: 330px; top: 250px; border: 3px solid #b3263c; color: #b3263c; border-radius: 6px; padding: 8px 16px; font: bold 19px/1.3 "Liberation Sans", sans-serif; text-align: center; transform: rotate(-9deg); mix-blend-mode: multiply; opacity: .85; }
`;
