// Letters of the law office Brandt & Yıldız for the page's journeys: written by hand, in both languages, of every kind the page must show.

import type { Sign, Unsubscribe } from '#web/backend.ts';

export interface Sample {
  readonly from: readonly [name: string, address: string];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly sign: Sign;
  readonly place?: 'inbox' | 'archive' | 'sent' | 'trash' | 'junk' | 'drafts' | 'court' | 'insurance';
  readonly unread?: boolean;
  readonly starred?: boolean;
  readonly files?: readonly (readonly [name: string, type: string, sizeBytes: number])[];
  readonly expiresHours?: number;
  readonly altered?: boolean;
  readonly unsubscribe?: Unsubscribe;
  /** Letters of one conversation. */
  readonly thread?: string;
}

const jonas = ['Jonas Brandt', 'jonas.brandt@kanzlei.test'] as const;
const mara = ['Mara Kaya', 'sekretariat@kanzlei.test'] as const;
const court = ['Landgericht Birkhaven', 'poststelle@lg-birkhaven.test'] as const;

export const newsletterHtml = `<!doctype html><html><head><style>
body{margin:0;background:#f4f4f0;font-family:Georgia,serif;color:#222}
.wrap{max-width:600px;margin:0 auto;background:#fff}
.head{background:#0d3b4c;color:#fff;padding:28px 32px;font-size:24px}
.cell{padding:24px 32px;font-size:16px;line-height:25px}
.button{display:inline-block;background:#e2a33b;color:#1b1b1b;padding:12px 22px;text-decoration:none;border-radius:4px;font-weight:bold}
.foot{padding:20px 32px;font-size:12px;color:#777;border-top:1px solid #ddd}
</style></head><body><table width="100%" cellpadding="0" cellspacing="0"><tr><td>
<div class="wrap"><div class="head">Stromwerk Birkhaven</div>
<img src="https://bilder.stromwerk-birkhaven.test/kopf.jpg" width="600" height="120" alt="">
<div class="cell"><p>Guten Tag Frau Yıldız,</p><p>Ihre Rechnung für <b>Oktober 2026</b> liegt bereit. Der Betrag von <b>184,20&nbsp;€</b> wird am 1.&nbsp;Dezember von Ihrem Konto eingezogen.</p>
<table width="100%" style="border-collapse:collapse;font-size:15px"><tr style="background:#eef3f5"><td style="padding:8px">Strom, 412 kWh</td><td style="padding:8px;text-align:right">131,84 €</td></tr><tr><td style="padding:8px;border-top:1px solid #d5dfe3">Grundpreis</td><td style="padding:8px;text-align:right;border-top:1px solid #d5dfe3">22,90 €</td></tr><tr><td style="padding:8px;border-top:1px solid #d5dfe3">Umsatzsteuer 19 %</td><td style="padding:8px;text-align:right;border-top:1px solid #d5dfe3">29,46 €</td></tr></table>
<p style="margin-top:24px"><a class="button" href="https://kunden.stromwerk-birkhaven.test/rechnung">Rechnung ansehen</a></p>
<p>Freundliche Grüße<br>Ihr Kundenservice</p></div>
<div class="foot">Stromwerk Birkhaven AG · Sie erhalten diese Nachricht, weil Sie die Online-Rechnung nutzen.<img src="https://zaehler.stromwerk-birkhaven.test/o.gif?u=8841" width="1" height="1" alt=""></div></div></td></tr></table></body></html>`;

const ticketHtml = `<div style="font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:23px;color:#1a1a1a"><p>Sehr geehrte Frau Yıldız,</p><p>vielen Dank für Ihre Buchung. Ihre Fahrkarte steht im Anhang.</p><table cellpadding="8" style="border-collapse:collapse;width:100%;max-width:520px"><tr style="background:#f0f0f0"><th align="left">Fahrt</th><th align="left">Ab</th><th align="left">An</th></tr><tr><td>Zug 589 Birkhaven → Kaltenbrück</td><td>07:26</td><td>08:22</td></tr><tr><td>Zug 788 Kaltenbrück → Birkhaven</td><td>16:36</td><td>17:32</td></tr></table><p style="color:#666">Auftragsnummer 7K2M9Q · 2. Klasse · 1 Person</p></div>`;

const minutesHtml = `<p>Hi Leyla,</p><p>thanks for the call. In short:</p><ul><li>We accept the <b>settlement frame</b> you proposed (42,000 €).</li><li>The confidentiality clause stays as it is.</li><li>Signatures by <b>Friday, 4 December</b>.</li></ul><p>Could you send the clean copy to <a href="mailto:legal@harrowmere.test">legal@harrowmere.test</a>? The <a href="https://harrowmere.test/terms">terms we refer to</a> have not changed.</p><p>Best,<br>Tom</p><blockquote style="margin:0 0 0 8px;padding-left:12px;border-left:2px solid #ccc;color:#555"><p>On 20 November, Leyla Yıldız wrote:</p><p>Dear Tom, here is the frame we discussed. Please let me know by Monday whether your side can live with it.</p></blockquote>`;

export const samples: readonly Sample[] = [
  {
    from: ['Hatice Demir', 'hatice.demir@feldpost.test'],
    subject: 'Vergleichsentwurf',
    text: 'Liebe Frau Yıldız,\n\nanbei der Vergleichsentwurf der Gegenseite. Ich habe die beiden Stellen gelb markiert, über die wir gesprochen haben: Ziffer 3 (Zahlungsfrist) und Ziffer 7 (Abgeltung).\n\nKönnen wir heute Nachmittag kurz telefonieren? Ich bin ab 15 Uhr erreichbar.\n\nHerzliche Grüße\nHatice Demir',
    sign: 'end-to-end',
    unread: true,
    expiresHours: 71,
    files: [['Vergleichsentwurf 2026-11-21.pdf', 'application/pdf', 284_113]],
  },
  {
    from: jonas,
    subject: 'Akte 14/26: Termin verlegt',
    thread: 'file-14',
    text: 'Liebe Leyla,\n\ndas Gericht hat den Termin in der Sache Demir ./. Quittenhof auf Donnerstag, den 10. Dezember, 9:30 Uhr verlegt, Saal 114. Die Ladung habe ich dir angehängt.\n\nDrei Dinge, damit wir nicht ins Rutschen kommen:\n\n1. Der Schriftsatz muss bis zum 2. Dezember raus. Der Entwurf liegt in der Akte, es fehlt nur noch dein Abschnitt zur Verjährung.\n2. Die Zeugin Krüger ist an dem Tag verreist. Ich frage heute an, ob sie schriftlich aussagen kann.\n3. Frau Demir weiß noch nichts von der Verlegung. Magst du sie anrufen? Sie vertraut dir mehr als mir.\n\nDie Entscheidung, auf die wir uns stützen, steht hier: https://www.rechtsbrief.test/urteile/41\n\nBis nachher\nJonas\n\n> Am 21. November schrieb Leyla Yıldız:\n> Hast du schon etwas vom Gericht gehört? Frau Demir fragt\n> jeden zweiten Tag nach.',
    sign: 'end-to-end',
    starred: true,
    files: [
      ['Ladung Demir.pdf', 'application/pdf', 1_204_882],
      ['Saalplan.png', 'image/png', 84_230],
    ],
  },
  {
    from: ['Stromwerk Birkhaven', 'service@stromwerk-birkhaven.test'],
    subject: 'Ihre Rechnung für Oktober',
    text: 'Guten Tag Frau Yıldız, Ihre Rechnung für Oktober 2026 liegt bereit. Der Betrag von 184,20 € wird am 1. Dezember eingezogen.',
    html: newsletterHtml,
    sign: 'on-arrival',
    unread: true,
    files: [['Rechnung_2026-10.pdf', 'application/pdf', 96_410]],
    unsubscribe: {
      https: 'https://kunden.stromwerk-birkhaven.test/abmelden?k=8841',
      mailto: undefined,
      isOneClick: true,
    },
  },
  {
    from: mara,
    subject: 'Rückrufe von heute Vormittag',
    text: 'Guten Morgen Leyla,\n\nvier Rückrufe, alle auf der Liste im Sekretariat:\n\n- Herr Vogt (Mietsache), dringend, bis 12 Uhr\n- Frau Öztürk, neue Mandantin, Erbrecht\n- Versicherung Eichenschild, Schadennummer 88-2041\n- Dein Zahnarzt wegen Dienstag\n\nDas Protokoll von gestern ist abgetippt und liegt bei Jonas.\n\nMara',
    sign: 'end-to-end',
  },
  {
    from: ['Tom Whitfield', 'tom.whitfield@harrowmere.test'],
    subject: 'Re: Settlement frame',
    text: 'Thanks for the call. In short: we accept the settlement frame you proposed (42,000 €). The confidentiality clause stays as it is.',
    html: minutesHtml,
    sign: 'encrypted',
  },
  {
    from: court,
    subject: 'Ladung zum Verhandlungstermin, 6 O 214/26',
    text: 'In dem Rechtsstreit Demir ./. Quittenhof Wohnen GmbH wird Termin zur mündlichen Verhandlung bestimmt auf Donnerstag, den 10. Dezember 2026, 9:30 Uhr, Saal 114, Gerichtsplatz 3, Birkhaven.\n\nDie Ladung ist als Anlage beigefügt. Dieses Schreiben wurde elektronisch erstellt und ist ohne Unterschrift gültig.',
    sign: 'on-arrival',
    files: [['6_O_214-26_Ladung.pdf', 'application/pdf', 412_004]],
  },
  {
    from: ['Küstenbahn', 'buchung@kuestenbahn.test'],
    subject: 'Ihre Fahrkarte nach Kaltenbrück am 26. November',
    text: 'Sehr geehrte Frau Yıldız, vielen Dank für Ihre Buchung. Ihre Fahrkarte steht im Anhang. Zug 589, ab 07:26.',
    html: ticketHtml,
    unsubscribe: { https: 'https://zug.test/abmelden', mailto: undefined, isOneClick: false },
    sign: 'on-arrival',
    files: [['Online-Ticket 7K2M9Q.pdf', 'application/pdf', 143_900]],
  },
  {
    from: ['Ayşe Öztürk', 'ayse.oeztuerk@briefkiste.test'],
    subject: 'Nachlass meiner Mutter: erste Unterlagen',
    thread: 'estate',
    text: 'Sehr geehrte Frau Yıldız,\n\nvielen Dank, dass Sie sich der Sache annehmen. Ich habe zusammengetragen, was ich finden konnte: das Testament von 2019, den Grundbuchauszug und die beiden Sparbücher. Mein Bruder sagt, es gebe ein späteres Testament; gesehen habe ich es nie.\n\nMit freundlichen Grüßen\nAyşe Öztürk',
    sign: 'end-to-end',
    files: [
      ['Testament 2019.pdf', 'application/pdf', 2_310_400],
      ['Grundbuchauszug.pdf', 'application/pdf', 512_220],
      ['Sparbücher.zip', 'application/zip', 4_882_100],
    ],
  },
  {
    from: ['Eichenschild Versicherung', 'schaden@eichenschild.test'],
    subject: 'Schaden 88-2041: Bitte um Stellungnahme',
    text: 'Sehr geehrte Frau Rechtsanwältin,\n\nzu dem oben genannten Schaden bitten wir um Ihre Stellungnahme zur Höhe der Mietausfälle bis zum 30. November.\n\nMit freundlichen Grüßen\nEichenschild Versicherung, Schadenabteilung',
    sign: 'on-arrival',
    place: 'insurance',
  },
  {
    from: ['Prof. Dr. Marlene Hartung', 'hartung@gutachten-hartung.test'],
    subject: 'Gutachten: Rückfrage zu Seite 14',
    text: 'Liebe Frau Yıldız,\n\neine kleine Rückfrage: Auf Seite 14 rechnen Sie mit einem Zins von 3,12 %. Mir liegt der Basiszins anders vor. Mögen Sie kurz nachsehen?\n\nBeste Grüße nach Birkhaven\nMarlene Hartung',
    sign: 'end-to-end',
  },
  {
    from: ['Bäckerei Mohnkamp', 'bestellung@mohnkamp.test'],
    subject: 'Frühstück für Montag: 14 Personen',
    text: 'Guten Tag,\n\ngern liefern wir am Montag um 8 Uhr: 30 Brötchen, 10 Croissants, zwei Platten belegt, Kaffee für 14 Personen. Macht 168,40 €.\n\nBäckerei Mohnkamp',
    sign: 'on-arrival',
  },
  {
    from: ['Karl-Heinz Vogt', 'kh.vogt@feldpost.test'],
    subject: 'AW: Mieterhöhung',
    text: 'Guten Tag Frau Yıldız,\n\nder Vermieter hat heute wieder angerufen. Ich habe gesagt, er soll sich an Sie wenden. War das richtig?\n\nKarl-Heinz Vogt',
    sign: 'on-arrival',
    unread: true,
  },
  {
    from: ['Notariat am Wall', 'kanzlei@notariat-am-wall.test'],
    subject: 'Beurkundung am 3. Dezember: Entwurf des Vertrags',
    text: 'Sehr geehrte Frau Kollegin,\n\nanbei der Entwurf des Überlassungsvertrags mit den gewünschten Änderungen in § 4 und § 9. Bitte geben Sie uns bis Montag Bescheid, ob Ihre Mandantin einverstanden ist.\n\nMit kollegialen Grüßen\nDr. Ingrid Seelhorst',
    sign: 'end-to-end',
    files: [['Entwurf Überlassungsvertrag v3.docx', 'application/vnd.openxmlformats', 61_200]],
  },
  {
    from: ['Anna Krüger', 'anna.krueger@briefkiste.test'],
    subject: 'Zeugenaussage',
    text: 'Liebe Frau Yıldız,\n\nich bin vom 8. bis 15. Dezember nicht in Deutschland. Schriftlich aussagen kann ich gern. Was genau brauchen Sie von mir?\n\nAnna Krüger',
    sign: 'end-to-end',
    place: 'court',
  },
  {
    from: ['Anwaltskammer Birkhaven', 'info@anwaltskammer-birkhaven.test'],
    subject: 'Kammerbrief November',
    text: 'Aus dem Inhalt: neue Gebührentabelle, Fortbildung im Arbeitsrecht, Öffnungszeiten über die Feiertage.',
    sign: 'on-arrival',
    place: 'archive',
  },
  {
    from: ['Gewinnzentrale', 'glueck@gewinn.test'],
    subject: 'Sie haben gewonnen: bitte sofort bestätigen',
    text: 'Ihr Gewinn wartet. Klicken Sie hier.',
    sign: 'on-arrival',
    place: 'junk',
    unread: true,
  },
  {
    from: ['Leyla Yıldız', 'leyla.yildiz@kanzlei.test'],
    subject: 'Re: Nachlass meiner Mutter: erste Unterlagen',
    thread: 'estate',
    text: 'Liebe Frau Öztürk,\n\nvielen Dank, die Unterlagen sind vollständig angekommen. Ich frage beim Nachlassgericht an, ob ein späteres Testament hinterlegt ist, und melde mich Anfang der Woche.\n\nHerzliche Grüße\nLeyla Yıldız',
    sign: 'end-to-end',
    place: 'sent',
  },
  {
    from: ['Copyshop Kranich', 'auftrag@copyshop-kranich.test'],
    subject: 'Ihr Auftrag 4471 ist abholbereit',
    text: 'Ihr Auftrag ist fertig: 3 × 240 Seiten, gebunden. Abholung bis 19 Uhr.',
    sign: 'on-arrival',
    place: 'trash',
  },
  {
    from: ['Quittenhof Wohnen GmbH', 'verwaltung@quittenhof.test'],
    subject: 'Unser Schreiben vom 18. November',
    text: 'Dieser Text wird nie gezeigt.',
    sign: 'on-arrival',
    altered: true,
  },
  {
    from: ['Fatma Yıldız', 'fatma.yildiz@briefkiste.test'],
    subject: 'Sonntag',
    text: 'Canım,\n\nkommt ihr am Sonntag zum Essen? Baba macht Mantı. Bring Hunger mit und sag Jonas, dass er auch kommen soll.\n\nAnneannen grüßt.\n\nMama',
    sign: 'end-to-end',
    starred: true,
  },
  {
    from: ['Finanzamt Birkhaven', 'noreply@fa-birkhaven.test'],
    subject: 'Neue Mitteilung in Ihrem Postfach',
    text: 'Für Sie liegt eine neue Mitteilung bereit. Melden Sie sich an, um sie zu lesen.',
    sign: 'on-arrival',
  },
  {
    from: jonas,
    subject: 'Urlaub über Weihnachten',
    text: 'Ich würde gern vom 21. bis zum 30. Dezember fort sein. Passt das mit deinen Fristen? Mara ist bis zum 23. da.',
    sign: 'end-to-end',
  },
  {
    from: ['Registeramt Birkhaven', 'register@registeramt-birkhaven.test'],
    subject: 'Auskunft aus dem Zentralregister',
    text: 'Die von Ihnen beantragte Auskunft ist erteilt. Sie finden sie in der Anlage.',
    sign: 'on-arrival',
    files: [['Auskunft.pdf', 'application/pdf', 58_000]],
  },
  {
    from: ['Lucía Fernández', 'lucia.fernandez@bufete.test'],
    subject: 'Power of attorney, certified translation',
    text: 'Dear Leyla,\n\nthe certified translation is ready. I will send the original by courier on Monday; a scan is attached so that you can already file it.\n\nSaludos\nLucía',
    sign: 'end-to-end',
    files: [['poder_notarial_de.pdf', 'application/pdf', 731_000]],
  },
  {
    from: ['Leyla Yıldız', 'leyla.yildiz@kanzlei.test'],
    subject: 'Akte 14/26',
    text: 'Hast du schon etwas vom Gericht gehört? Frau Demir fragt jeden zweiten Tag nach.',
    sign: 'end-to-end',
    place: 'sent',
    thread: 'file-14',
  },
  {
    from: jonas,
    subject: 'Akte 14/26',
    text: 'Liebe Leyla,\n\nnoch nicht. Ich rufe am Montag auf der Geschäftsstelle an und gebe dir dann Bescheid.\n\nJonas',
    sign: 'end-to-end',
    place: 'archive',
    thread: 'file-14',
    unread: true,
  },
  {
    from: mara,
    subject: 'Akte 14/26',
    text: 'Die Akte ist vollständig eingescannt und liegt im Ordner. Das Original habe ich in den Schrank zurückgestellt.',
    sign: 'on-arrival',
    place: 'archive',
    thread: 'file-14',
  },
];
