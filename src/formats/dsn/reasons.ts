// Why a letter did not arrive, in words that a person can act on, from the enhanced code of a peer (RFC 3463).

export interface Reason {
  readonly english: string;
  readonly german: string;
}

/** The longest match of class-less codes counts; '' stands for everything else. */
const REASONS: Readonly<Record<string, Reason>> = {
  '1.1': {
    english: 'There is no such address there. Check its spelling.',
    german: 'Diese Adresse gibt es dort nicht. Prüfen Sie die Schreibweise.',
  },
  '1.2': {
    english: 'There is no mail server for this domain. Check the part behind the @.',
    german: 'Für diese Domain gibt es keinen Mailserver. Prüfen Sie den Teil hinter dem @.',
  },
  '1.3': { english: 'This is not an address.', german: 'Das ist keine Adresse.' },
  '1.6': { english: 'The address has moved.', german: 'Die Adresse ist umgezogen.' },
  '1.10': { english: 'This domain takes no mail at all.', german: 'Diese Domain nimmt überhaupt keine Post an.' },
  '2.1': { english: 'The mailbox is closed.', german: 'Das Postfach ist stillgelegt.' },
  '2.2': {
    english: 'The mailbox is full. Only its owner can change that.',
    german: 'Das Postfach ist voll. Das kann nur sein Inhaber ändern.',
  },
  '2.3': {
    english: 'The letter is larger than the recipient may get. Send it without large attachments.',
    german: 'Der Brief ist größer, als der Empfänger bekommen darf. Senden Sie ihn ohne große Anhänge.',
  },
  '3.4': {
    english: 'The letter is larger than the other server takes. Send it without large attachments.',
    german: 'Der Brief ist größer, als der andere Server annimmt. Senden Sie ihn ohne große Anhänge.',
  },
  '4': {
    english: 'The other server cannot be reached, or did not answer as it should.',
    german: 'Der andere Server ist nicht zu erreichen oder hat nicht geantwortet, wie er sollte.',
  },
  '4.6': {
    english: 'The letter would go round in a circle: the domain points to this house, which does not know it.',
    german: 'Der Brief liefe im Kreis: die Domain zeigt auf dieses Haus, das sie nicht kennt.',
  },
  '6.3': {
    english:
      'The other server takes only letters in 7 bits, and this one cannot be changed without breaking its signature.',
    german:
      'Der andere Server nimmt nur 7-Bit-Briefe an, und dieser lässt sich nicht ändern, ohne seine Signatur zu brechen.',
  },
  '6.7': {
    english: 'The address or the header has letters beyond ASCII, which the other server does not take.',
    german: 'Adresse oder Kopf enthalten Zeichen jenseits von ASCII, die der andere Server nicht annimmt.',
  },
  '7': {
    english: 'The other server does not want this letter, by its own rules.',
    german: 'Der andere Server will diesen Brief nach eigenen Regeln nicht.',
  },
  '7.4': {
    english: 'The domain demands encryption, and its server does not offer it. Nothing was sent in the clear.',
    german:
      'Die Domain verlangt Verschlüsselung, ihr Server bietet sie nicht an. Nichts wurde unverschlüsselt gesendet.',
  },
  '7.5': {
    english: 'The other server could not prove that it is the right one. Nothing was sent to it.',
    german: 'Der andere Server konnte nicht beweisen, dass er der richtige ist. Es wurde ihm nichts gesendet.',
  },
  '': { english: 'The other server did not take it.', german: 'Der andere Server hat ihn nicht angenommen.' },
};

/** `enhanced` as in 5.1.1; anything else gets the general sentence. */
export function reasonFor(enhanced: string): Reason {
  const match = /^[245]\.(\d{1,3})\.(\d{1,3})$/.exec(enhanced);
  const [subject = '', detail = ''] = [match?.[1], match?.[2]];
  const reason = REASONS[`${subject}.${detail}`] ?? REASONS[subject] ?? REASONS[''];
  return reason ?? { english: '', german: '' };
}
