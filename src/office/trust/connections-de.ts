// What each kind of connection is for, in German; the English stands with the connections themselves.

import type { ConnectionFacts, ConnectionKind } from '#base/outgoing/egress.ts';

type Told = Pick<ConnectionFacts, 'purpose' | 'sends' | 'when'>;

export const connectionsDe: Readonly<Record<ConnectionKind, Told>> = {
  rspamd: {
    purpose:
      'Eine zweite Meinung über Unerwünschtes von dem rspamd, das der Betreiber auf dieser Maschine laufen lässt.',
    sends:
      'Den Brief im Klartext, seinen Umschlag, Namen und Adresse des Servers, der ihn brachte. Es bleibt auf dieser Maschine.',
    when: 'Einmal für jeden Brief von einem anderen Server, bevor er versiegelt wird, wenn die Option rspamd gesetzt ist.',
  },
  wkd: {
    purpose: 'Der öffentliche Schlüssel eines Empfängers in einem anderen Haus (Web Key Directory).',
    sends:
      'Den Teil vor dem @ als Prüfsumme und, wie das Protokoll es verlangt, auch so, an die Domain des Empfängers.',
    when: 'Wenn jemand an eine Adresse schreibt, deren Schlüssel nicht bekannt ist oder neu angesehen werden muss.',
  },
  'mta-sts': {
    purpose: 'Die Regel einer Empfängerdomain, dass Briefe an sie verschlüsselt reisen (MTA-STS, RFC 8461).',
    sends: 'Nichts außer der Frage selbst, an die Domain des Empfängers.',
    when: 'Bevor ein Brief an eine Domain geht, die eine solche Regel ankündigt, und wieder, wenn die gemerkte Regel alt ist.',
  },
  'image-proxy': {
    purpose: 'Ein Bild, auf das ein Brief verweist, damit dessen Absender diesen Server sieht und nicht den Leser.',
    sends:
      'Den Verweis, wie er im Brief steht, immer über HTTPS; über den Leser nichts, was nicht im Verweis selbst steht.',
    when: 'Wenn ein Leser die Bilder eines Briefs sehen will.',
  },
  unsubscribe: {
    purpose: 'Das Verlassen einer Verteilerliste mit einem Klick (RFC 8058).',
    sends: 'Den Verweis, wie er im Brief steht, und die Worte List-Unsubscribe=One-Click.',
    when: 'Wenn ein Leser auf Abbestellen drückt.',
  },
  'tls-report': {
    purpose:
      'Ein Bericht an eine andere Domain, wie die Verbindungen zu ihren Mailservern verschlüsselt waren (TLS-RPT, RFC 8460).',
    sends:
      'Wie viele Verbindungen des Vortags zu jener Domain verschlüsselt waren und was fehlschlug; niemandes Adresse.',
    when: 'Einmal am Tag, an eine Domain, an die am Vortag Briefe gingen und die Berichte über HTTPS wünscht.',
  },
  acme: {
    purpose: 'Das Zertifikat dieses Servers (ACME, RFC 8555).',
    sends:
      'Die Namen dieses Servers, einen eigens erzeugten Schlüssel und den Kontakt des Betreibers, falls angegeben.',
    when: 'Beim Einrichten, und wenn das Zertifikat bald endet.',
  },
  'backup-place': {
    purpose: 'Sicherungen an einem zweiten Ort, einem Speicher im Netz, den der Betreiber gewählt hat.',
    sends: 'Versiegelte Sicherungen: wie groß sie sind und wann sie entstanden; die Anmeldung an jenem Speicher.',
    when: 'Einmal am Tag, nachdem eine Sicherung für ganz befunden wurde, und beim Zurückholen, wenn die Option second-place einen nennt.',
  },
  telemetry: {
    purpose: 'Das ehrliche Zählwerk: Zahlen über Installationen, wenn der Betreiber zugestimmt hat.',
    sends:
      'Einen versiegelten Bericht, immer gleich lang: eine verwürfelte Antwort auf eine Frage, oder keine. An ein Relais, das ihn ohne die Adresse dieses Servers weitergibt.',
    when: 'Einmal in der Woche zu einem zufälligen Zeitpunkt, wenn eine Sammelstelle eingestellt ist und der Betreiber genau dieser Liste von Fragen zugestimmt hat; sonst nie.',
  },
  delivery: {
    purpose: 'Briefe an Menschen in anderen Häusern, an die Mailserver ihrer Domains.',
    sends:
      'Umschlag und Brief: versiegelt für Empfänger mit bekanntem Schlüssel, im Klartext für die übrigen. TLS, wo es angeboten wird.',
    when: 'Wenn ein Brief hinausgeht, und wieder, solange sein Server ihn nicht nimmt, fünf Tage lang.',
  },
  smarthost: {
    purpose: 'Alle Briefe an andere Häuser, an den einen Mailserver, den der Betreiber stattdessen gewählt hat.',
    sends: 'Umschlag und Brief und die Anmeldung des Betreibers an jenem Server.',
    when: 'Anstelle der Zustellung, wenn die Option smarthost gesetzt ist.',
  },
  dns: {
    purpose: 'Namen von Mailservern, und was Domains von Absendern veröffentlichen, um ihre Briefe zu beweisen.',
    sends:
      'Namen der Domains, an die Briefe gehen oder von denen sie kommen, und die Adressen der Server, die Briefe bringen, an die Nameserver des Betreibers.',
    when: 'Während ein Brief angenommen oder gesendet oder nach einem Schlüssel oder einer Regel gesucht wird.',
  },
  documents: {
    purpose:
      'Arbeitsspeicher eines Redis- oder Valkey-Servers für Dokumente, solange sie bearbeitet werden, höchstens eine Stunde.',
    sends:
      'Dokumente, versiegelt mit einem Schlüssel, der diesen Server nie verlässt, zufällige Namen, Größen und Zeiten. TLS oder ein privater Socket.',
    when: 'Wenn die Option transit-store gesetzt ist; sonst bleiben Dokumente im Speicher des Programms.',
  },
  database: {
    purpose: 'Die Zeilen dieses Hauses in einem PostgreSQL, das nicht mitgeliefert ist.',
    sends:
      'Was gespeichert ist: Orte, Größen, Zeiten und Kennzeichen der versiegelten Briefe und Adressen; keinen Text eines Briefs.',
    when: 'Immer, wenn DATABASE_URL gesetzt ist; sonst wird die Datenbank über einen Socket dieser Maschine erreicht.',
  },
  relay: {
    purpose:
      'Versiegelte Zahlen anderer Häuser, von siegel relay an deren Sammelstelle weitergereicht. Ein Haus tut das nie.',
    sends: 'Einen versiegelten Bericht fester Länge, wie er kam; nichts darüber, wer ihn schickte.',
    when: 'Wenn ein Haus dem Relais einen Bericht übergibt; nur bei siegel relay start.',
  },
  reception: {
    purpose: 'Briefe von anderen Servern.',
    sends: 'Umschlag und Brief, wie deren Server sie sendet.',
    when: 'Jederzeit.',
  },
  submission: {
    purpose: 'Briefe, die Menschen hier mit einem Mailprogramm senden.',
    sends: 'Ein App-Passwort, das nur senden kann, Umschlag und Brief, über TLS.',
    when: 'Wenn jemand mit einem Mailprogramm sendet.',
  },
  page: {
    purpose: 'Diese Seite, das Postfach, veröffentlichte Schlüssel, das Buch.',
    sends: 'Was ein Browser oder ein Befehl fragt; Post wird dort geöffnet und nicht hier.',
    when: 'Jederzeit.',
  },
};
