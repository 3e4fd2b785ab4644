// The words of /trust in English. What the operator sees is not said here: that comes from the disclosure table.

export const trustWordsEn = {
  title: 'What this house answers for',
  lead: (domain: string) =>
    `${domain} keeps letters that only their readers can open. Five questions, each with a figure and a way to check it.`,
  productName: 'Siegel',
  languages: 'Language',
  notYet: 'not yet',
  nothingToCheck: 'Nothing to check yet.',
  bookClosed: 'The book of receipts is damaged and closed: no figure of it is shown.',
  read: {
    question: 'Can you read my letters?',
    figure: (until: string | undefined) =>
      until === undefined
        ? 'letters in the book: the first count follows when an hour with letters has ended'
        : `letters sealed to their readers’ keys, up to ${until}`,
    check: 'Check the receipt of one of yours',
  },
  lose: {
    question: 'Can you lose them?',
    sentence:
      'A server hears that we took its letter only after letter and key are written and synced to two files of the journal.',
    backups: {
      noPlace: 'No place for backups is named here.',
      none: 'No backup has been restored and checked here yet.',
      verified: (age: string) => `The newest backup was restored beside and checked ${age} ago.`,
    },
    missing: (letters: string, age: string, isEqual: boolean) =>
      isEqual
        ? `missing of ${letters} letters: the ledger compared database and journal ${age} ago`
        : `missing of ${letters} letters: database and journal differed ${age} ago; what is missing stands in the journal`,
    figure: (age: string) => `signed heads of the book, which can take nothing back; the newest is ${age} old`,
    check: 'The newest head, to keep for yourself',
  },
  complete: {
    question: 'Is the old mail complete?',
    sentence: 'Mail brought along from another provider cannot be proven complete here: that room is not built.',
  },
  answer: {
    question: 'Whom do you answer?',
    none: 'For requests from authorities there is a register here, and a report that two people sign; none has been published yet.',
    sentence:
      'Requests from authorities stand in a register; once a year two people sign a report that is computed from it.',
    figure: (year: number, rejected: string) => `requests from authorities in ${year}, ${rejected} of them rejected`,
    check: { report: 'The report, with its signatures', none: 'Where the report will stand' },
  },
  keep: {
    question: 'What do you keep of me, where?',
    sentence: (country: string | undefined) =>
      country === undefined
        ? 'What is kept stands in the table below; the operator has not declared where.'
        : `What is kept stands in the table below; the operator declares the place: ${country}.`,
    figure: 'kinds of data, each with what the operator sees of it',
    check: 'The table as data',
  },
  place: {
    title: 'The place, as the operator declares it',
    note: 'The program cannot check these words.',
    operator: 'Operator',
    country: 'Country',
    machine: 'Machine',
    notDeclared: 'not declared',
  },
  key: {
    title: 'The key this house signs with',
    note: 'Compare it with what you were given on paper or by telephone. Whoever only compares it with this page asks the house about itself.',
    fingerprint: 'Fingerprint',
    key: 'Key',
    source: 'The same key for programs',
  },
  told: { title: 'What the operator can see', what: 'Of your data', sees: 'The operator sees' },
  connections: {
    title: 'Every connection of this program',
    note: (kinds: number, made: string, at: string) =>
      `${kinds} kinds are set up here. From the start of the program until ${at} it made ${made} connections to other servers; questions to name servers are not counted one by one. The figures stand still within the hour, so that they tell nobody when a letter came or left.`,
    source: 'The list stands in the program, and a test fails when a connection leaves that is not in it.',
    out: 'Outward',
    in: 'Inward',
    columns: ['For what', 'What it carries', 'When', 'How often'],
    off: 'not set up',
    notBuilt: 'not yet',
    notCounted: 'not counted',
  },
  ages: {
    minutes: (n: number) => (n === 1 ? '1 minute' : `${n} minutes`),
    hours: (n: number) => (n === 1 ? '1 hour' : `${n} hours`),
  },
  check: 'Check a receipt',
  status: 'How this house is now',
  signIn: 'Sign in',
};

export type TrustWords = typeof trustWordsEn;
