// What an affected person reads: what happened, what is safe, what to do (nothing); in German and English, for the house does not know their language.

import type { Affected, Incident, Phase } from './incident-state.ts';
import type { Notice } from './neighbours.ts';

export interface NoticeHouse {
  /** Where /status is: https://mail.example.org */
  readonly url: string;
}

export function noticeText(house: NoticeHouse, incident: Incident, phase: Phase, affected: Affected): Notice {
  const { title } = incident;
  const subject =
    phase === 'opened' ? `Ihr Postfach ist betroffen / Your mailbox is affected: ${title}` : `Vorbei / Over: ${title}`;
  const [german, english] = phase === 'opened' ? opened(incident, affected) : closed(incident, affected);
  const more = `${house.url}/status`;
  return {
    subject,
    plainText: `${german}\n\n${more}?lang=de\n\n---\n\n${english}\n\n${more}?lang=en\n`,
  };
}

function opened({ title, openedMs, isCounted }: Incident, { expected, found }: Affected): readonly [string, string] {
  const missing = expected - found;
  const [de, en] =
    isCounted && missing > 0
      ? [
          ` ${missing.toLocaleString('de-DE')} von ${expected.toLocaleString('de-DE')} Nachrichten Ihres Postfachs werden zurzeit nicht gezeigt.`,
          ` ${missing.toLocaleString('en-GB')} of the ${expected.toLocaleString('en-GB')} messages of your mailbox are not shown at present.`,
        ]
      : ['', ''];
  const [safeDe, safeEn] = isCounted
    ? [
        'Was sicher ist: Jede angenommene Nachricht steht im Journal dieses Hauses, und daraus wird Ihr Postfach wiederhergestellt. Neue Nachrichten werden angenommen und behalten. Gelesen hat sie niemand: Öffnen können nur Sie.',
        'What is safe: every message that was accepted stands in the journal of this house, and your mailbox is brought back from it. New messages are taken and kept. Nobody has read them: only you can open them.',
      ]
    : [
        'Was sicher ist: Neue Nachrichten werden angenommen und behalten. Öffnen können Ihre Post nur Sie.',
        'What is safe: new messages are taken and kept. Only you can open your mail.',
      ];
  return [
    `Was geschehen ist (${shownTime(openedMs)}): ${title}.${de}\n\n${safeDe}\n\nWas Sie tun müssen: nichts. Wenn es vorbei ist, bekommen Sie eine zweite Nachricht. Der Stand:`,
    `What happened (${shownTime(openedMs)}): ${title}.${en}\n\n${safeEn}\n\nWhat you need to do: nothing. A second message comes when it is over. How far it is:`,
  ];
}

function closed(incident: Incident, { expected, found }: Affected): readonly [string, string] {
  const { title, closedMs, entries, isCounted } = incident;
  const said = entries.findLast(({ what }) => what === 'closed')?.text ?? '';
  const missing = Math.max(0, expected - found);
  const [safeDe, safeEn] = !isCounted
    ? ['', '']
    : missing === 0
      ? [
          `\n\nWas sicher ist: Alle ${expected.toLocaleString('de-DE')} Nachrichten Ihres Postfachs sind da; verloren ist keine.`,
          `\n\nWhat is safe: all ${expected.toLocaleString('en-GB')} messages of your mailbox are there; none is lost.`,
        ]
      : [
          `\n\nVerloren sind ${missing.toLocaleString('de-DE')} von ${expected.toLocaleString('de-DE')} Nachrichten Ihres Postfachs. Die anderen sind da.`,
          `\n\n${missing.toLocaleString('en-GB')} of the ${expected.toLocaleString('en-GB')} messages of your mailbox are lost. The others are there.`,
        ];
  return [
    `Es ist vorbei (${shownTime(closedMs ?? 0)}): ${title}. ${said}${safeDe}\n\nWas Sie tun müssen: nichts. Was wann geschah:`,
    `It is over (${shownTime(closedMs ?? 0)}): ${title}. ${said}${safeEn}\n\nWhat you need to do: nothing. What happened when:`,
  ];
}

/** To the minute, in UTC: the house does not know its readers’ clocks. */
export function shownTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
