// The words of receipts in German.

import type { CheckRefusal } from '#vault/book/check/check-receipt.ts';
import type { ReceiptWords } from './receipt-en.ts';

type Facts = Readonly<Record<string, string | number | boolean | null>>;

const kinds: Readonly<Record<string, (facts: Facts) => string>> = {
  'letter-sealed': () => 'Eine Nachricht wurde bei Ankunft mit dem Schlüssel ihres Lesers versiegelt.',
  'letters-sealed': (facts) => `${String(facts['count'])} Nachrichten wurden in einer Stunde versiegelt.`,
  'account-created': (facts) => `Das Postfach ${String(facts['address'])} wurde angelegt.`,
  'password-changed': () => 'Das Passwort wurde geändert, das alte gilt nicht mehr.',
  'documents-erased': (facts) =>
    `${String(facts['documents'])} Dokumente gingen durch den Raum für Dokumente und wurden aus dem Arbeitsspeicher gelöscht.`,
  'telemetry-agreed': () => 'Zahlen wurde zugestimmt: der Liste, die durch ihre Prüfsumme benannt ist.',
  'telemetry-withdrawn': () => 'Zahlen wurden abgeschaltet, und was davon notiert war, gelöscht.',
  'transparency-report': (facts) =>
    `Der Bericht über Behördenanfragen für ${String(facts['year'])} wurde veröffentlicht${facts['erratum'] === 0 ? '' : `, Berichtigung ${String(facts['erratum'])}`}.`,
  'standing-statement': () => 'Zwei Menschen dieses Hauses haben seine ständige Erklärung unterschrieben.',
  'key-published': (facts) => `Für ${String(facts['address'])} wurde ein Schlüssel veröffentlicht.`,
  'incident-opened': (facts) => `Vorfall ${String(facts['incident'])} wurde eröffnet: ${String(facts['title'])}.`,
  'incident-closed': (facts) => `Vorfall ${String(facts['incident'])} ist vorbei: ${String(facts['title'])}.`,
};

const facts: Readonly<Record<string, string>> = {
  account: 'Konto',
  address: 'Adresse',
  catalogue: 'Liste der Fragen',
  certificate: 'SHA-256 der Schlüsseldatei',
  accepted: 'Vom Betreiber hingenommen',
  count: 'Anzahl',
  documents: 'Dokumente',
  erasedMs: 'Gelöscht',
  expected: 'Nachrichten',
  fingerprint: 'Schlüssel',
  found: 'Gefunden',
  fromMs: 'Erste',
  incident: 'Vorfall',
  isKeyDestroyed: 'Schlüssel überschrieben',
  job: 'Nummer der Arbeit',
  mailboxes: 'Postfächer',
  title: 'Was geschah',
  letter: 'Nachricht',
  objectsCreated: 'Objekte angelegt',
  objectsErased: 'Objekte gelöscht',
  packet: 'SHA-256 des Gespeicherten',
  receiptHash: 'SHA-256 des signierten Belegs',
  receiptKey: 'Schlüssel seiner Signatur',
  receiptSignature: 'Seine Signatur',
  receivedMs: 'Gekommen',
  returnedMs: 'Zurückgegeben',
  root: 'Wurzel der Stunde',
  saltedHashes: 'Gesalzene Hashes der Dokumente',
  selfCheck: 'SHA-256 der Selbstprüfung',
  toMs: 'Letzte',
  version: 'Fassung',
};

const reasons: Readonly<Record<CheckRefusal['kind'], string>> = {
  tooLarge: 'Diese Datei ist viel zu groß für einen Beleg.',
  notAReceipt: 'Das ist kein Beleg, oder er ist beschädigt.',
  rewritten:
    'Diese Datei steht nicht so da, wie sie ausgegeben wurde: Etwas wurde hinzugefügt, verdoppelt oder neu formatiert.',
  newerFormat: 'Dieser Beleg ist von neuerer Art, als diese Seite kennt.',
  otherKey: 'Er wurde nicht mit dem Schlüssel dieses Hauses signiert.',
  notSigned: 'Die Signatur passt nicht zu dem, was der Beleg sagt.',
  otherHouse: 'Seine Teile stammen aus verschiedenen Häusern.',
  notInBatch: 'Die Nachricht ist nicht unter denen, die in jener Stunde versiegelt wurden.',
  notInBook: 'Der Beleg liegt nicht dort im Buch, wo er es angibt.',
  headNotSigned: 'Der Kopf des Buchs darin ist nicht von demselben Haus signiert.',
  nothingToCompare:
    'Dieser Beleg hat noch keinen Platz im Buch, also gibt es nichts, womit der Kopf zu vergleichen wäre.',
  earlierHeadNotSigned: 'Der Kopf ist nicht von dem Haus signiert, das den Beleg signiert hat.',
  consistencyMissing: 'Der Nachweis, dass beide Köpfe aus einem Buch sind, fehlt.',
  bookRewritten: 'Kopf und Beleg sind nicht aus einem Buch: Das Buch wurde umgeschrieben.',
};

export const receiptDe: ReceiptWords = {
  says: (kind, of) => kinds[kind]?.(of) ?? `Eine Zusage der Art „${kind}“.`,
  fact: (name) => facts[name] ?? name,
  yes: 'ja',
  no: 'nein',
  reasons,
  harmless: ['tooLarge', 'notAReceipt', 'newerFormat', 'nothingToCompare'],
  good: 'Echt',
  keyUnknown: 'Signiert, aber vergleichen Sie den Schlüssel selbst',
  otherHouse: 'Signiert, aber nicht von diesem Haus',
  forged: 'Gefälscht oder beschädigt',
  notReadable: 'Kein Beleg',
  goodWhy: 'Von diesem Haus signiert und seitdem unverändert.',
  keyUnknownWhy:
    'Seit der Signatur ist nichts darin verändert. Wem der Schlüssel gehört, konnte nicht gefragt werden: Vergleichen Sie den Fingerabdruck mit dem, den Sie kennen.',
  otherHouseWhy:
    'Seit der Signatur ist nichts darin verändert, aber dieses Haus signiert mit einem anderen Schlüssel. Kommt er von woanders, vergleichen Sie den Fingerabdruck mit dem jenes Hauses.',
  time: 'Zeit',
  place: 'Im Buch',
  placeIn: (entry, size, head) => `Eintrag ${entry} von ${size}, Kopf vom ${head}`,
  placeWith: (letters) =>
    letters === 1 ? 'allein in seiner Stunde' : `zusammen mit ${letters} Nachrichten jener Stunde`,
  placeNone: 'signiert; der Platz im Buch folgt',
  hash: 'Prüfsumme',
  key: 'Schlüssel des Hauses',
  keyOwn: 'der Schlüssel dieses Hauses',
  keyOther: 'nicht der Schlüssel dieses Hauses',
  keyAsk: 'offline: bitte selbst vergleichen',
  compared: (head) => `Aus einem Buch mit dem Kopf vom ${head}.`,
  needsProof: (from, to) =>
    `Um den Kopf zu vergleichen, wird der Server nach dem Nachweis zwischen ${from} und ${to} Einträgen gefragt; er erfährt diese beiden Zahlen und sonst nichts.`,
  askProof: 'Nach dem Nachweis fragen',
  noProof:
    'Der Server sagt nicht, wie die beiden Köpfe zusammengehören. Ein Buch, das abgeschnitten wurde, kann es nicht sagen.',
  check: 'Prüfen',
  fold: 'Einklappen',
  save: 'Als Datei sichern',
  notYet: (time) => `Noch nicht: Der Beleg entsteht, wenn die Stunde dieser Nachricht vorbei ist, um ${time}.`,
  altered:
    'Was jetzt gespeichert ist, ist nicht, was zugesagt wurde. Bewahren Sie auf, was Sie haben, und bitten Sie jemanden, dem Sie vertrauen, nach dem Server zu sehen.',
  otherLetter: 'Der Server hat den Beleg einer anderen Nachricht gegeben.',
  gone: 'Dafür gibt es keinen Beleg. Nachrichten, die hier geschrieben oder ohne die Tür abgelegt wurden, haben keinen.',
  noConnection: 'Keine Verbindung. Der Beleg bleibt, wo er ist; versuchen Sie es später noch einmal.',
  unavailable:
    'Der Server kann gerade nicht antworten. Nichts wurde verändert; versuchen Sie es in einer Minute noch einmal.',
  listTitle: 'Belege',
  listLead:
    'Was dieses Haus Ihnen zugesagt hat, signiert. Ein gesicherter Beleg lässt sich überall prüfen, auch ohne dieses Haus.',
  listNone: 'Noch keine.',
  listMore: 'Ältere zeigen',
};
