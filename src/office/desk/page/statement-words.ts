// The words of the page of the standing statement, beside those that two people signed.

export interface StatementWords {
  readonly title: string;
  readonly none: string;
  readonly noneSays: string;
  /** The day up to which it is said. */
  readonly lead: (house: string, day: string) => string;
  readonly fresh: (until: string) => string;
  readonly over: (until: string) => string;
  readonly overSays: string;
  readonly unsigned: string;
  readonly signed: (people: number) => string;
  readonly fact: string;
  readonly factSays: string;
  readonly meaning: { readonly heading: string; readonly says: readonly string[] };
  readonly check: string;
  readonly checkSays: string;
  readonly files: { readonly json: string; readonly asc: string; readonly keys: string; readonly receipt: string };
  readonly back: string;
}

export const statementWords: Readonly<Record<'de' | 'en', StatementWords>> = {
  en: {
    title: 'Standing statement',
    none: 'This house makes no standing statement.',
    noneSays: 'It may do so at any time. That there is none says nothing either way.',
    lead: (house, day) => `What ${house} has not been made to do, up to ${day}.`,
    fresh: (until) => `Fresh until ${until}.`,
    over: (until) => `Out of date: it was good until ${until}.`,
    overSays: 'Nobody has signed it again since. Why, this page cannot say; ask the house.',
    unsigned: 'The signatures are not those of two people who may sign. Do not rely on what stands here.',
    signed: (people) => `Signed by ${people === 2 ? 'two' : people} people.`,
    fact: 'Public on that day',
    factSays: 'So that it cannot have been signed long before.',
    meaning: {
      heading: 'What this can mean',
      says: [
        'Some orders may not be spoken of. To keep silent is one thing, to sign again by hand that there was none another: so this statement ends by itself after at most 100 days, and only an officer for data protection and a lawyer together renew it. No program does, and no timer.',
        'It is no proof. People can be mistaken, be deceived or say what is not true; and that a statement is missing can have quite another reason. It is worth something only if somebody looks.',
      ],
    },
    check: 'Check it yourself',
    checkSays: 'The fingerprints of the two should have reached you by another way than this page.',
    files: {
      json: 'The statement, the bytes that were signed (JSON)',
      asc: 'Signatures (OpenPGP)',
      keys: 'Keys of the two (OpenPGP)',
      receipt: 'Receipt of the house’s book',
    },
    back: 'Requests from authorities',
  },
  de: {
    title: 'Ständige Erklärung',
    none: 'Dieses Haus gibt keine ständige Erklärung ab.',
    noneSays: 'Es kann das jederzeit tun. Dass keine da ist, sagt weder das eine noch das andere.',
    lead: (house, day) => `Wozu ${house} bis zum ${day} nicht gebracht worden ist.`,
    fresh: (until) => `Frisch bis zum ${until}.`,
    over: (until) => `Nicht mehr aktuell: Sie galt bis zum ${until}.`,
    overSays: 'Seitdem hat sie niemand neu unterschrieben. Warum, kann diese Seite nicht sagen; fragen Sie das Haus.',
    unsigned:
      'Die Unterschriften sind nicht die von zwei Menschen, die unterschreiben dürfen. Verlassen Sie sich nicht auf das, was hier steht.',
    signed: (people) => `Von ${people === 2 ? 'zwei' : people} Menschen unterschrieben.`,
    fact: 'Öffentlich an diesem Tag',
    factSays: 'Damit sie nicht lange vorher unterschrieben sein kann.',
    meaning: {
      heading: 'Was das bedeuten kann',
      says: [
        'Über manche Anordnung darf niemand sprechen. Zu schweigen ist das eine, von Hand neu zu unterschreiben, dass es keine gab, das andere: Darum endet diese Erklärung nach höchstens 100 Tagen von selbst, und nur jemand vom Datenschutz und jemand Anwaltliches erneuern sie zusammen. Kein Programm tut das und kein Zeitgeber.',
        'Sie ist kein Beweis. Menschen können sich irren, getäuscht werden oder Unwahres sagen; und dass eine Erklärung fehlt, kann ganz andere Gründe haben. Sie nützt nur, wenn jemand hinsieht.',
      ],
    },
    check: 'Selbst prüfen',
    checkSays: 'Die Fingerabdrücke der beiden sollten Sie auf einem anderen Weg als über diese Seite bekommen haben.',
    files: {
      json: 'Die Erklärung, die unterschriebenen Bytes (JSON)',
      asc: 'Unterschriften (OpenPGP)',
      keys: 'Schlüssel der beiden (OpenPGP)',
      receipt: 'Beleg aus dem Buch des Hauses',
    },
    back: 'Ersuchen von Behörden',
  },
};
