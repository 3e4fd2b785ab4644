// The letter that `siegel try letter` sends: short, friendly, and true.

/** A whole letter with CRLF line ends. `at` stands in its Date field, in UTC. */
export function sampleLetter(from: string, to: string, at: Date): string {
  const date = at.toUTCString().replace('GMT', '+0000');
  const lines = [
    `From: The post office <${from}>`,
    `To: <${to}>`,
    'Subject: Your first sealed letter',
    `Date: ${date}`,
    `Message-ID: <${crypto.randomUUID()}@sample.siegel.test>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Good day,',
    '',
    'this letter came in the clear, as most letters still do. It was read in memory',
    'at the door, sealed for you, written down twice, and only then accepted.',
    '',
    'You can read it because you opened it here, with your key. Press S to see the',
    'same mailbox as the server sees it.',
    '',
    'Two more things to try:',
    '- open the mark beside the sender: it says who could read what, and when;',
    '- stop the service, start it again, and find this letter where it was.',
    '',
    'Kind regards',
    'The post office',
    '',
  ];
  return lines.join('\r\n');
}
