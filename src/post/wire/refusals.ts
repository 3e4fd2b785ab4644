// The one table from a refusal to what the client is told (RFC 5321 §4.2, RFC 3463). Nothing in it quotes input.

import { reply, type SmtpReply } from '#formats/smtp/smtp-reply.ts';

const table = {
  // limits
  closing: [421, '4.3.2', 'closing for maintenance, try again soon'],
  tooManyConnections: [421, '4.7.0', 'too many connections, try again later'],
  tooManyFromPeer: [421, '4.7.0', 'too many connections from your network, try again later'],
  tooManyPeerErrors: [421, '4.7.0', 'too many errors from your network, try again later'],
  tooManyErrors: [421, '4.7.0', 'too many errors, closing'],
  tooManyCommands: [421, '4.7.0', 'too many commands without a letter, closing'],
  timeout: [421, '4.4.2', 'timeout, closing'],
  internal: [421, '4.3.0', 'internal error, closing; nothing was accepted'],
  // lines and commands
  lineTooLong: [500, '5.5.6', 'line too long'],
  badLineEnd: [500, '5.5.2', 'lines end in CRLF'],
  badCharacter: [500, '5.5.2', 'control characters and invalid UTF-8 are not allowed in a command'],
  unknownCommand: [500, '5.5.2', 'unknown command'],
  notHere: [502, '5.5.1', 'not offered here'],
  badName: [501, '5.5.4', 'a host name or address literal is needed'],
  badSyntax: [501, '5.5.2', 'syntax: MAIL FROM:<address> or RCPT TO:<address>'],
  badAddress: [501, '5.1.3', 'not a mail address'],
  badParameter: [501, '5.5.4', 'a parameter has no valid value'],
  unknownParameter: [555, '5.5.4', 'a parameter is not supported'],
  badChunkSize: [501, '5.5.4', 'syntax: BDAT size [LAST]'],
  needsNoArgument: [501, '5.5.4', 'this command takes no argument'],
  needsGreeting: [503, '5.5.1', 'EHLO first'],
  needsLmtpGreeting: [503, '5.5.1', 'LHLO first'],
  needsMail: [503, '5.5.1', 'MAIL first'],
  needsRecipient: [503, '5.5.1', 'RCPT first'],
  alreadyMail: [503, '5.5.1', 'one sender at a time; RSET begins anew'],
  mixedDataAndBdat: [503, '5.5.1', 'a letter comes by DATA or by BDAT, not both'],
  alreadySecure: [503, '5.5.1', 'the connection is already encrypted'],
  tlsNotOffered: [454, '4.7.0', 'TLS is not available'],
  needsUtf8: [553, '5.6.7', 'this address needs SMTPUTF8'],
  // signing in (submission)
  needsTls: [530, '5.7.0', 'STARTTLS first'],
  needsSignIn: [530, '5.7.0', 'sign in first (AUTH)'],
  needsTlsToSignIn: [538, '5.7.11', 'a password is taken over an encrypted connection only; STARTTLS first'],
  unknownMechanism: [504, '5.5.4', 'AUTH PLAIN and AUTH LOGIN are offered'],
  badSignIn: [501, '5.5.2', 'this is no answer to AUTH'],
  signInCancelled: [501, '5.7.0', 'AUTH was cancelled'],
  alreadySignedIn: [503, '5.5.1', 'already signed in'],
  needsAppPassword: [534, '5.7.9', 'an app password is needed here; make one on the page under Settings, Security'],
  wrongSignIn: [535, '5.7.8', 'address or app password is wrong'],
  signInLater: [454, '4.7.0', 'signing in is not possible at the moment, try again later'],
  tooManySignIns: [421, '4.7.0', 'too many wrong passwords, closing'],
  tooManyOfAccount: [421, '4.7.0', 'too many connections of this account, close one first'],
  signInEnded: [421, '4.7.0', 'the app password of this connection was removed, closing'],
  // senders (submission)
  foreignSender: [553, '5.7.1', 'MAIL FROM must be an address of yours'],
  foreignAuthor: [550, '5.7.1', 'From and Sender must be addresses of yours'],
  badHeader: [550, '5.6.0', 'the letter needs a header with one From, and no second Sender or Date'],
  tooManyLetters: [450, '4.7.1', 'too many letters in a minute, wait a little'],
  tooManyToday: [452, '4.7.1', 'no more letters to so many people today; tell the operator if this was not you'],
  sendingHeld: [550, '5.7.1', 'sending is held for this account; ask the operator'],
  tooManyForSending: [550, '5.5.3', 'the letter has too many recipients; send it to fewer at once'],
  // room
  diskFull: [452, '4.3.1', 'no room for new mail at the moment, try again later'],
  journalFailed: [451, '4.3.0', 'storage is not accepting mail at the moment, try again later'],
  noRoom: [452, '4.3.1', 'too many letters in flight, try again in a moment'],
  tooLarge: [552, '5.3.4', 'the letter is larger than this server takes'],
  // recipients
  unknown: [550, '5.1.1', 'no such address here'],
  notOurs: [550, '5.7.1', 'this server does not take mail for that domain'],
  stale: [451, '4.3.0', 'the directory is catching up, try again in a moment'],
  overQuota: [452, '4.2.2', 'the mailbox is full'],
  tooManyRecipients: [452, '4.5.3', 'too many recipients for one letter'],
  // the letter
  bareCr: [550, '5.5.2', 'the letter has a bare CR; lines end in CRLF'],
  bareLf: [550, '5.5.2', 'the letter has a bare LF; lines end in CRLF'],
  loop: [554, '5.4.6', 'the letter went round in circles'],
  dmarcReject: [550, '5.7.1', "the policy of the sender's domain (DMARC) asks to refuse this letter"],
  filterRefuse: [550, '5.7.1', 'the junk filter of this server refuses this letter'],
  filterLater: [451, '4.7.1', 'the junk filter of this server asks to try again later'],
  notSealed: [451, '4.3.0', 'the letter could not be sealed, try again later'],
  // letters to the desk
  deskMixed: [452, '4.5.3', 'letters to this desk go to it alone, send it to the others separately'],
  deskTooLarge: [552, '5.3.4', 'the letter is larger than this desk takes; send it in parts, or by the form'],
  deskFull: [452, '4.3.1', 'too many letters wait at this desk, try again later'],
  deskClosed: [451, '4.3.2', 'this desk takes no letters at the moment, try again later'],
  // documents in transit
  transitNoSender: [550, '5.7.1', 'letters without a sender are not worked on'],
  transitUnregistered: [550, '5.7.1', 'this address is not registered for documents here'],
  transitUnproven: [
    550,
    '5.7.1',
    'nothing proves that the letter is from its author (DMARC); send it signed, or sign in',
  ],
  transitProofLater: [451, '4.4.3', "the name servers of the sender's domain do not answer, try again later"],
  transitAutomatic: [550, '5.7.1', 'automatic letters and lists are not worked on'],
  transitEncrypted: [550, '5.6.0', 'the letter is encrypted, so its documents cannot be worked on'],
  transitNoFiles: [550, '5.6.0', 'the letter holds no documents'],
  transitTangled: [
    550,
    '5.6.0',
    'the letter has too many parts, or some that cannot be told apart; send fewer documents, or a zip of them',
  ],
  transitMixed: [
    452,
    '4.5.3',
    'a letter with documents goes to one address at a time, send it to the others separately',
  ],
  transitNoRoom: [452, '4.3.1', 'too little memory for these documents at the moment, try again later'],
  transitOverBudget: [451, '4.4.5', 'still at work; try again, the result will be waiting for an hour'],
  transitTooLong: [
    554,
    '5.4.7',
    'this takes longer than a mail program waits, and nothing was kept; hand it in on the page',
  ],
  transitCrashed: [451, '4.3.0', 'the work broke off and everything was erased, try again'],
  transitOutLater: [451, '4.4.1', 'the result cannot be handed over at the moment; try again, it waits for an hour'],
  transitOutRefused: [554, '5.4.0', 'the result was refused where it should go; everything was erased'],
  transitClosed: [451, '4.3.2', 'documents are not taken at the moment, try again later'],
} as const satisfies Record<string, readonly [code: number, enhanced: string, text: string]>;

export type RefusalKind = keyof typeof table;

const replies = new Map<string, SmtpReply>();
for (const [kind, [code, enhanced, text]] of Object.entries(table)) replies.set(kind, reply(code, enhanced, text));

/** `where`: an address of a page of ours, for a person who reads the refusal. */
export function replyToRefusal(kind: RefusalKind, where?: string): SmtpReply {
  const found = replies.get(kind);
  if (found === undefined) throw new Error('a refusal is missing in the table');
  return where === undefined ? found : { ...found, lines: found.lines.map((line) => `${line}: ${where}`) };
}

/** The words alone, for who asked by another way than SMTP. */
export function refusalWords(kind: RefusalKind): string {
  return table[kind][2];
}

/** Every refusal, for the test that each has a dialogue. */
export const refusalKinds = Object.keys(table);
