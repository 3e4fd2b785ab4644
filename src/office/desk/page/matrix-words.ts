// The words of the page that says what can be handed over, beside those of the table itself.

export interface MatrixWords {
  readonly title: string;
  readonly lead: string;
  readonly exists: string;
  readonly most: string;
  readonly fields: string;
  readonly field: string;
  readonly means: string;
  readonly noFields: string;
  readonly never: string;
  readonly tested: { readonly heading: string; readonly says: readonly string[] };
  readonly back: string;
}

export const matrixWords: Readonly<Record<'de' | 'en', MatrixWords>> = {
  en: {
    title: 'What can be handed over',
    lead: 'For each kind of request: what exists here, and the most that leaves this house, field by field. Whether anything leaves at all, two people decide.',
    exists: 'What exists here',
    most: 'The most that can be handed over',
    fields: 'Fields',
    field: 'Field',
    means: 'Meaning',
    noFields: 'No field. There is no job for this kind.',
    never: 'What is never handed over',
    tested: {
      heading: 'How this is checked',
      says: [
        'The program works by this very table: a package with a field too many or too few does not come about.',
        'A test fills a mailbox with marked words (in texts, subjects, contacts, names of folders, rules), runs every job, opens the packages with the key of the authority and compares them with this table. None of the marked words may be found.',
        'Before anything leaves, two people open exactly what the authority will open, and sign that they have.',
      ],
    },
    back: 'Requests from authorities',
  },
  de: {
    title: 'Was übergeben werden kann',
    lead: 'Für jede Art von Ersuchen: was hier vorhanden ist und was dieses Haus höchstens verlässt, Feld für Feld. Ob überhaupt etwas hinausgeht, entscheiden zwei Menschen.',
    exists: 'Was hier vorhanden ist',
    most: 'Was höchstens übergeben wird',
    fields: 'Felder',
    field: 'Feld',
    means: 'Bedeutung',
    noFields: 'Kein Feld. Für diese Art gibt es keinen Auftrag.',
    never: 'Was nie übergeben wird',
    tested: {
      heading: 'Wie das geprüft wird',
      says: [
        'Das Programm arbeitet nach genau dieser Tabelle: Ein Paket mit einem Feld zu viel oder zu wenig kommt nicht zustande.',
        'Ein Test füllt ein Postfach mit gekennzeichneten Wörtern (in Texten, Betreffen, Kontakten, Ordnernamen, Regeln), führt jeden Auftrag aus, öffnet die Pakete mit dem Schlüssel der Behörde und vergleicht sie mit dieser Tabelle. Keines der gekennzeichneten Wörter darf darin stehen.',
        'Bevor etwas hinausgeht, öffnen zwei Menschen genau das, was die Behörde öffnen wird, und unterschreiben das.',
      ],
    },
    back: 'Ersuchen von Behörden',
  },
};
