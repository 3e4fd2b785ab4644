// Whole seals a second per core at the door; their OpenPGP packets alone beside openpgp; how fast a client opens a list.

import { randomBytes } from 'node:crypto';
import * as openpgp from 'openpgp';
import { requireValue } from '#base/assert.ts';
import { sealDataPacket, sealSessionKey } from '#vault/sealing/seal-packet.ts';
import { sealLetter, type LetterToSeal, type SealedCopy } from '#vault/sealing/seal.ts';
import { checkSummary, openLetter, openSummary, openTerms } from '#vault/sealing/open.ts';
import { render } from '#vault/sealing/render.ts';
import { bytesOf, letterFor, makeDoorKey, makeMailbox, trust } from '#vault/sealing/test-mailbox.ts';
import { median, medianRatio, round } from './figures.ts';

const LETTER_BYTES = 10_240;
const WORDS = 200;
const LIST = 500;

/** `--quick`: a third of the rounds. Per core: divided by the CPU time of this process, so that neighbours do not count. */
export async function run(flags: readonly string[]): Promise<unknown> {
  const rounds = flags.includes('--quick') ? 3 : 9;
  const mailbox = await makeMailbox();
  const doorKey = makeDoorKey();
  const makeLetter = (): LetterToSeal => letterFor([mailbox], sampleLetter());
  const sample = makeLetter();
  const seal = (): void => void sealLetter(sample, doorKey);
  for (let n = 0; n < 1_000; n++) seal();
  const encrypt = await peerFor(mailbox.made.certificate, sample.plainOriginal);
  for (let n = 0; n < 50; n++) await encrypt();
  const random = randomBytes(48);
  const insertions = [{ offset: 0, bytes: sample.plainBlock }, ...sample.insertions];
  const sealLikePeer = (): void => {
    sealDataPacket(sample.plainOriginal, insertions, random);
    sealSessionKey(random.subarray(0, 32), mailbox.readerKeys.openpgp);
  };
  const seals: number[] = [];
  const openpgpParts: number[] = [];
  const peers: number[] = [];
  const opens: number[] = [];
  const list = Array.from({ length: LIST }, () => requireValue(sealLetter(makeLetter(), doorKey).copies[0], 'a copy'));
  const trusted = trust(mailbox, doorKey);
  const openOne = async (copy: SealedCopy): Promise<void> => {
    const opened = await openSummary(copy.summary, copy, mailbox.summaryKeys);
    if (!opened.ok || !(await checkSummary(opened.value, trusted)).ok) throw new Error('a summary does not open');
  };
  // all at once, as the page opens a list
  const openList = (): Promise<unknown> => Promise.all(list.map(openOne));
  await openList();
  for (let n = 0; n < rounds; n++) {
    seals.push(await perCpuSecond(2_000, seal));
    openpgpParts.push(await perCpuSecond(2_000, sealLikePeer));
    peers.push(await perCpuSecond(200, encrypt));
    const started = performance.now();
    await openList();
    opens.push(performance.now() - started);
  }
  await checkOne(mailbox, makeLetter(), doorKey);
  return {
    sealsPerSecondPerCore: Math.round(median(seals)),
    bestSealsPerSecondPerCore: Math.round(Math.max(...seals)),
    packetsPerSecondPerCore: Math.round(median(openpgpParts)),
    peerPacketsPerSecondPerCore: Math.round(median(peers)),
    ratioPackets: medianRatio(openpgpParts, peers),
    ratioWholeSeal: medianRatio(seals, peers),
    open500SummariesMs: round(median(opens)),
    bestOpen500SummariesMs: round(Math.min(...opens)),
    letterBytes: LETTER_BYTES,
    words: WORDS,
    sizes: sizesOf(sealLetter(makeLetter(), doorKey)),
    peers: `${openpgp.config.versionString}: packets only, no summary, no terms, no signature of the door`,
  };
}

/** The same letter to the same certificate by openpgp. */
async function peerFor(certificate: Uint8Array, plain: Uint8Array): Promise<() => Promise<void>> {
  const encryptionKeys = await openpgp.readKey({ binaryKey: certificate });
  const config = { preferredCompressionAlgorithm: openpgp.enums.compression.uncompressed };
  return async () => {
    const message = await openpgp.createMessage({ binary: plain });
    await openpgp.encrypt({ message, encryptionKeys, format: 'binary', config });
  };
}

function sampleLetter(): Partial<LetterToSeal> {
  const head = 'From: Anna <a@b.example>\r\nSubject: hello\r\nContent-Type: text/plain\r\n\r\n';
  const text = `${randomBytes(64).toString('hex')} lorem ipsum dolor sit amet\r\n`;
  const body = text.repeat(Math.ceil((LETTER_BYTES - head.length) / text.length)).slice(0, LETTER_BYTES - head.length);
  return {
    plainOriginal: bytesOf(head + body),
    insertions: [{ offset: head.indexOf('\r\n\r\n'), bytes: bytesOf('; hp="cipher"') }],
    facts: {
      from: [{ name: 'Anna', address: 'a@b.example' }],
      to: [{ name: '', address: 'anna@siegel.test' }],
      subject: 'hello there, a subject of usual length',
      snippet: 'x'.repeat(110),
      date: 1_795_330_600_000,
      size: LETTER_BYTES,
      attachments: [],
      messageId: '<x@y.example>',
    },
    terms: { tokeniser: 1, words: Array.from({ length: WORDS }, (_, n) => `word${String(n).padStart(4, '0')}`) },
  };
}

/** Runs of `work` for each second of processor time this process spent, all its threads. */
async function perCpuSecond(count: number, work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < count; n++) await work();
  const { user, system } = process.cpuUsage(before);
  return count / ((user + system) / 1e6);
}

/** What was measured is right: the letter opens to the same bytes, and its words are there. */
async function checkOne(
  mailbox: Awaited<ReturnType<typeof makeMailbox>>,
  letter: LetterToSeal,
  doorKey: ReturnType<typeof makeDoorKey>,
): Promise<void> {
  const sealed = sealLetter(letter, doorKey);
  const copy = requireValue(sealed.copies[0], 'a copy');
  const summary = await openSummary(copy.summary, copy, mailbox.summaryKeys);
  if (!summary.ok) throw new Error('the summary does not open');
  const terms = await openTerms(copy.terms, summary.value, mailbox.summaryKeys);
  const rendered = render(copy.renderVersion, { ...copy, receivedMs: letter.receivedMs }, sealed.packet);
  const opened = await openLetter({ rendered }, mailbox.keyring, summary.value.summary);
  const isSame = opened.ok && Buffer.from(opened.value.plainOriginal).equals(letter.plainOriginal);
  if (!isSame || !terms.ok || terms.value.words.length !== WORDS) throw new Error('the letter does not open');
}

function sizesOf({ packet, copies }: ReturnType<typeof sealLetter>): Record<string, number> {
  const copy = requireValue(copies[0], 'a copy');
  return {
    packetBytes: packet.length,
    keyPacketBytes: copy.keyPacket.length,
    summaryBytes: copy.summary.length,
    termsBytes: copy.terms.length,
    renderedBytes: copy.renderSizeBytes,
  };
}
