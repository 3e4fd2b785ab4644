// The words of Settings, Domain, in German.

import type { domainEn } from './domain-en.ts';

export const domainDe: typeof domainEn = {
  title: (domain) => `Wie die Welt ${domain} sieht`,
  looking: 'Die Nameserver werden gefragt …',
  inOrder: (count) => `Alles, was da sein muss, ist da (${count} geprüft).`,
  toSet: (count) => (count === 1 ? 'Ein Eintrag ist zu setzen.' : `${count} sind zu setzen.`),
  unread: 'Der Server konnte nicht nachsehen. Versuchen Sie es in einer Minute noch einmal.',
  again: 'Noch einmal prüfen',
  which: 'Domain',
  states: { red: 'Zu setzen', hint: 'Hinweis', green: 'In Ordnung' },
  things: {
    'mta-sts-policy': 'MTA-STS-Regel, wie sie ausgeliefert wird',
    ptr: 'Von der Adresse zurück zum Namen',
    'port-25': 'Port 25',
    certificate: 'Zertifikat',
  },
  name: 'Name',
  value: 'Wert',
  found: 'Da ist',
  copyName: 'Namen kopieren',
  copyValue: 'Wert kopieren',
  copied: 'Kopiert.',
  report: {
    why: {
      mx: 'Andere Server bringen Briefe für diese Domain zu dem Rechner, den dieser Eintrag nennt.',
      address: 'Der Name, zu dem Briefe gebracht werden, muss zu diesem Rechner führen.',
      spf: 'Er sagt, dass Briefe dieser Domain nur von diesem Rechner ausgehen.',
      'spf-smarthost':
        'Er sagt, welche Rechner Briefe dieser Domain senden. Ob ein eigenes include: nötig ist, weiß der Betreiber des Smarthosts.',
      'dkim-signing': 'Mit diesem Schlüssel prüfen andere Server, dass ein Brief von hier kommt und unverändert ist.',
      'dkim-coming': 'Mit diesem Schlüssel wird bald signiert: Sein Eintrag muss vorher da sein.',
      'dkim-leaving':
        'Mit diesem Schlüssel signierte Briefe warten vielleicht noch anderswo: Lassen Sie seinen Eintrag vorerst stehen.',
      dmarc: 'Er sagt anderen Servern, dass sie Briefen misstrauen, die nur vorgeben, von hier zu kommen.',
      'mta-sts': 'Er kündigt die Regel an, dass Briefe hierher verschlüsselt zum richtigen Rechner gehen.',
      'mta-sts-host': 'Von diesem Namen wird die Regel selbst über HTTPS geholt.',
      'mta-sts-policy': 'Eine Regel, die angekündigt und nicht zu lesen ist, schützt niemanden.',
      'tls-rpt': 'An diese Adresse melden andere Server, wenn sie einen Brief hierher nicht verschlüsseln konnten.',
      openpgpkey: 'Darüber finden Menschen anderswo die Schlüssel dieses Hauses und können versiegelt schreiben (WKD).',
      autoconfig: 'Diesen Namen fragen Mailprogramme, wo sie Briefe abgeben.',
      srv: 'Darüber finden Mailprogramme den Server, der ihre Briefe annimmt.',
      'srv-jmap': 'Darüber finden Programme mit JMAP den Server.',
      caa: 'Nur die Stelle, die er nennt, darf Zertifikate für diese Domain ausstellen.',
      ptr: 'Viele Server lehnen Briefe ab, wenn die Adresse nicht zu dem Namen zurückführt, mit dem der Rechner grüßt.',
      'port-25': 'Andere Server bringen Briefe auf Port 25; viele Anbieter sperren ihn, bis man darum bittet.',
      certificate:
        'Andere Server und Mailprogramme prüfen den Namen im Zertifikat, bevor sie ihm einen Brief anvertrauen.',
    },
    problem: {
      noAnswer: () => 'Der Nameserver antwortet nicht. Versuchen Sie es gleich noch einmal.',
      none: () => 'Es gibt keinen solchen Eintrag.',
      noMx: ([host = '']) => `Kein MX-Eintrag nennt ${host}: Es kommen keine Briefe hierher.`,
      mxBefore: ([hosts = '']) => `Briefe gehen zuerst zu ${hosts} und nicht hierher.`,
      mxFurther: () => 'Es gibt weitere Mailserver: Sie müssen Briefe an diesen weitergeben.',
      noAddress: ([host = '']) => `${host} hat keine Adresse.`,
      otherAddress: ([host = '', found = '', own = '']) =>
        `${host} führt zu ${found}, und dieser Rechner hat ${own}: nur hinter einem Router oder bei mehreren Adressen richtig.`,
      spfSeveral: () => 'Es gibt mehrere SPF-Einträge: Zusammen gelten sie als keiner.',
      spfJudges: ([peer = '', status = '']) => `Briefe von ${peer} würden danach als „${status}“ beurteilt.`,
      dkimSeveral: () => 'Unter diesem Namen stehen mehrere Einträge: Einer ist erlaubt.',
      dkimOther: () => 'Dort steht ein anderer Schlüssel.',
      dmarcSeveral: () => 'Es gibt mehrere DMARC-Einträge: Zusammen gelten sie als keiner.',
      dmarcInvalid: () => 'Es gibt keinen gültigen DMARC-Eintrag.',
      dmarcNone: () => 'Seine Regel ist none: Gefälschte Briefe im Namen dieser Domain kommen durch.',
      stsId: () => 'Seine id ist eine andere: Server, die die alte Regel kennen, sehen nicht wieder nach.',
      noName: ([name = '']) => `${name} gibt es nicht.`,
      otherMachine: ([name = '', host = '']) => `${name} führt anderswohin als ${host}.`,
      anyIssuer: () => 'Jede Stelle darf Zertifikate für diese Domain ausstellen.',
      policyUnread: ([url = '', kind = '']) => `${url} ist nicht zu lesen (${kind}).`,
      policyOther: ([url = '', mode = '', mx = '']) =>
        `${url} ist nicht die Regel dieses Hauses: mode ${mode}, mx ${mx}.`,
      ptrOther: ([addresses = '', host = '']) =>
        `${addresses} führt nicht zu ${host} zurück. Das setzt, wer Ihnen die Adresse gegeben hat (Reverse DNS, PTR).`,
      port25: ([host = '']) =>
        `Ob er von außen erreicht wird, ist von hier nicht zu sehen. Von einem anderen Rechner: openssl s_client -starttls smtp -connect ${host}:25`,
      certificateNone: () =>
        'Es gibt keines: Briefe kommen unverschlüsselt an, und Mailprogramme können keine abgeben.',
      certificateAwaited: () => 'Noch ist keines geholt; siegel status sagt, wie es steht.',
      certificateUnreadable: () => 'Die Datei ist nicht zu lesen oder enthält keines.',
      certificateOver: () => 'Es ist abgelaufen: Server, die auf Verschlüsselung bestehen, bringen nichts mehr.',
      certificateName: ([host = '']) => `Es enthält den Namen ${host} nicht.`,
      certificateWeek: () => 'Es läuft in weniger als einer Woche ab.',
      certificateWeeks: () => 'Es läuft in weniger als drei Wochen ab.',
      certificateNames: ([names = '']) => `Es enthält ${names} nicht; das eines Proxys davor vielleicht schon.`,
    },
  },
};
