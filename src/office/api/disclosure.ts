// What the operator of this house can see of whose mail, one row a kind: every sentence the page says about it comes from here.

interface TwoLanguages {
  readonly en: string;
  readonly de: string;
}

export interface DisclosureRow {
  readonly key: string;
  readonly what: TwoLanguages;
  readonly operatorSees: TwoLanguages;
}

export const disclosure: { readonly rows: readonly DisclosureRow[] } = {
  rows: [
    row('contents', 'Text, subject and files of your messages', 'Text, Betreff und Dateien Ihrer Nachrichten', {
      en: 'Nothing of what is stored: it is sealed to your key. A message that arrives unsealed is read in memory for milliseconds, checked, sealed and forgotten.',
      de: 'Nichts von dem, was gespeichert ist: Es ist mit Ihrem Schlüssel versiegelt. Eine unversiegelt ankommende Nachricht wird einige Millisekunden im Arbeitsspeicher gelesen, geprüft, versiegelt und vergessen.',
    }),
    row('end-to-end', 'Messages marked end-to-end', 'Nachrichten mit Ende-zu-Ende-Zeichen', {
      en: 'Nothing of text, subject and files at any time: the sender sealed them before they came.',
      de: 'Nichts von Text, Betreff und Dateien, zu keiner Zeit: Der Absender hat sie versiegelt, bevor sie kamen.',
    }),
    row('correspondents', 'Who writes to you', 'Wer Ihnen schreibt', {
      en: 'Not in what is stored: sender and recipients are sealed with the message. While a message is delivered, the servers on both sides see the envelope.',
      de: 'Nicht in dem, was gespeichert ist: Absender und Empfänger sind mit der Nachricht versiegelt. Während der Zustellung sehen die Server beider Seiten den Umschlag.',
    }),
    row('size-and-time', 'Size and time of arrival', 'Größe und Ankunftszeit', {
      en: 'Both, for every message, and that messages to several mailboxes of this house belong together.',
      de: 'Beides, für jede Nachricht, und dass Nachrichten an mehrere Postfächer dieses Hauses zusammengehören.',
    }),
    row('flags', 'Read, starred and other marks', 'Gelesen, markiert und andere Kennzeichen', {
      en: 'Yes: which stored message carries which mark, and when it changed.',
      de: 'Ja: welche gespeicherte Nachricht welches Kennzeichen trägt und wann es sich änderte.',
    }),
    row('folders', 'Folders', 'Ordner', {
      en: 'How many, in what order, and which message lies where; not their names, except the six every mailbox has.',
      de: 'Wie viele, in welcher Reihenfolge und welche Nachricht wo liegt; nicht ihre Namen, außer den sechs, die jedes Postfach hat.',
    }),
    row('address', 'Your own addresses', 'Ihre eigenen Adressen', {
      en: 'Yes: they are needed to deliver mail to you. They and your public key are published.',
      de: 'Ja: Ohne sie käme keine Post an. Sie und Ihr öffentlicher Schlüssel sind veröffentlicht.',
    }),
    row('password', 'Your password and recovery phrase', 'Ihr Passwort und Ihre Wiederherstellungswörter', {
      en: 'Neither: they never leave your device, not even when you sign in.',
      de: 'Keines von beiden: Sie verlassen Ihr Gerät nie, auch nicht bei der Anmeldung.',
    }),
    row('sessions', 'When you are signed in', 'Wann Sie angemeldet sind', {
      en: 'When each session began and when it ends. No network address and no name of a device or browser is stored.',
      de: 'Wann jede Sitzung begann und wann sie endet. Netzadresse, Gerät und Browser werden nicht gespeichert.',
    }),
    row('app-passwords', 'App passwords of your mail programs', 'App-Passwörter Ihrer Mailprogramme', {
      en: 'How many there are, when each was made and the day it was last used; not their names. While a program sends, the running program sees its password and the message in clear; neither is stored in clear.',
      de: 'Wie viele es gibt, wann jedes erzeugt und an welchem Tag es zuletzt benutzt wurde; nicht ihre Namen. Während ein Mailprogramm sendet, sieht das laufende Programm dessen Passwort und die Nachricht im Klartext; gespeichert wird beides so nicht.',
    }),
    row('code', 'The secret of your sign-in codes', 'Das Geheimnis Ihrer Anmeldecodes', {
      en: 'The running program needs it to check a code; it is stored under a key kept apart from data and backups.',
      de: 'Das laufende Programm braucht es, um einen Code zu prüfen; gespeichert ist es unter einem Schlüssel, der getrennt von Daten und Sicherungen liegt.',
    }),
    row('door-rules', 'Rules that act on arrival', 'Regeln, die bei Ankunft wirken', {
      en: 'The running program needs them to sort messages at the door; they are stored under a key kept apart from data and backups.',
      de: 'Das laufende Programm braucht sie, um an der Tür zu sortieren; gespeichert sind sie unter einem Schlüssel, der getrennt von Daten und Sicherungen liegt.',
    }),
    row('keys-asked', 'Whose keys are looked for', 'Nach wessen Schlüsseln gefragt wird', {
      en: 'While you write, the running program is asked for your recipients’ keys and sees those addresses; it asks the domain of a recipient outside this house. It remembers the answers in memory for a while and stores nothing of it.',
      de: 'Während Sie schreiben, wird das laufende Programm nach den Schlüsseln Ihrer Empfänger gefragt und sieht deren Adressen; bei Empfängern außerhalb des Hauses fragt es deren Domain. Die Antworten bleiben eine Weile im Arbeitsspeicher; gespeichert wird davon nichts.',
    }),
    row('waiting', 'Messages on their way out', 'Nachrichten auf dem Weg hinaus', {
      en: 'The recipients, and the text of a message to somebody without a key: readable on the running machine until it has left, also while it waits to be sent later or for a server that does not answer. Then it is erased; what stays is how many recipients there were, and the outcome beside a keyed hash of each.',
      de: 'Die Empfänger und, bei Empfängern ohne Schlüssel, der Text: auf der laufenden Maschine lesbar, bis die Nachricht hinausgegangen ist, auch solange sie auf einen späteren Zeitpunkt oder auf einen Server wartet, der nicht antwortet. Dann wird sie gelöscht; es bleiben die Zahl der Empfänger und das Ergebnis neben einer verschlüsselten Prüfsumme jedes Empfängers.',
    }),
    row('pictures', 'Pictures from elsewhere', 'Bilder von anderswo', {
      en: 'Nothing until you press Show. Then the running program fetches them for you and sees their addresses, which may name you to whoever sent the message; that side sees this server instead of you. Pictures and addresses stay in memory for ten minutes; nothing of it is stored.',
      de: 'Nichts, bis Sie auf Zeigen drücken. Dann holt das laufende Programm sie für Sie und sieht ihre Adressen, die Sie dem Absender gegenüber benennen können; jene Seite sieht diesen Server statt Ihrer. Bilder und Adressen bleiben zehn Minuten im Arbeitsspeicher; gespeichert wird davon nichts.',
    }),
    row('unsubscribe', 'Lists that you leave', 'Verteiler, die Sie abbestellen', {
      en: 'When you press Unsubscribe, the running program sees the link and presses it for you; nothing of it is stored.',
      de: 'Wenn Sie auf Abbestellen drücken, sieht das laufende Programm den Verweis und ruft ihn für Sie auf; gespeichert wird davon nichts.',
    }),
    row('contacts', 'Your contacts', 'Ihre Kontakte', {
      en: 'How many there are, how large, and when each changed; not whom they name.',
      de: 'Wie viele es gibt, wie groß sie sind und wann sich jeder änderte; nicht, wen sie nennen.',
    }),
    row('drafts', 'Your drafts', 'Ihre Entwürfe', {
      en: 'How many there are, how large, and when each changed; not what they say. A draft that another mail program puts here is sealed at once, and stays readable in memory for a quarter of an hour so that the program can send it.',
      de: 'Wie viele es gibt, wie groß sie sind und wann sich jeder änderte; nicht, was darin steht. Ein Entwurf, den ein anderes Mailprogramm ablegt, wird sofort versiegelt und bleibt eine Viertelstunde im Arbeitsspeicher lesbar, damit das Programm ihn senden kann.',
    }),
    row('search', 'What you search for', 'Wonach Sie suchen', {
      en: 'Nothing: searching happens on your device.',
      de: 'Nichts: Gesucht wird auf Ihrem Gerät.',
    }),
    row('settings', 'Your other settings', 'Ihre übrigen Einstellungen', {
      en: 'That there are some and how large; not what they say.',
      de: 'Dass es welche gibt und wie groß sie sind; nicht, was darin steht.',
    }),
  ],
};

const rspamdRow = row('junk', 'The check for junk', 'Die Prüfung auf Unerwünschtes', {
  en: 'A second program of the operator on the same machine, rspamd, reads each message that another server brings unsealed, before it is sealed here. What rspamd keeps is the operator’s to say.',
  de: 'Ein zweites Programm des Betreibers auf derselben Maschine, rspamd, liest jede Nachricht, die ein anderer Server unversiegelt bringt, bevor sie hier versiegelt wird. Was rspamd behält, muss der Betreiber sagen.',
});

/** Its key also tells the mailbox that this house has the room. */
const documentsRow = row('documents', 'Documents given to Transit', 'Dokumente, die Sie Transit geben', {
  en: 'While they are worked on, seconds to minutes: they lie in the memory of this machine in clear, and whoever runs it could look. Nothing is written to a disk; then they are erased, at the latest after an hour, and a signed receipt says so.',
  de: 'Während der Arbeit daran, Sekunden bis Minuten: Sie liegen im Klartext im Arbeitsspeicher dieser Maschine, und wer sie betreibt, könnte hineinsehen. Nichts wird auf eine Platte geschrieben; danach werden sie gelöscht, spätestens nach einer Stunde, und ein unterschriebener Beleg sagt es.',
});

/** The table of this house as it is set up. */
export function disclosureOf(has: { readonly hasRspamd: boolean; readonly hasTransit: boolean }): typeof disclosure {
  const further = [...(has.hasRspamd ? [rspamdRow] : []), ...(has.hasTransit ? [documentsRow] : [])];
  return { rows: [...disclosure.rows, ...further] };
}

function row(key: string, en: string, de: string, operatorSees: TwoLanguages): DisclosureRow {
  return { key, what: { en, de }, operatorSees };
}
