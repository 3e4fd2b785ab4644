// The words of the room's pages without script, in English.

import type { FindingKind } from '#post/transit/report/self-check.ts';

interface FindingWords {
  readonly name: string;
  readonly met: string;
  readonly unmet: string;
  readonly whatToDo: string;
}

const findings: Readonly<Record<FindingKind, FindingWords>> = {
  swap: {
    name: 'Memory and disk',
    met: 'The machine moves no memory to a disk, or only encrypted.',
    unmet: 'The machine may move memory to a disk, where words of a document could stay.',
    whatToDo: 'Turn it off with swapoff, or encrypt it.',
  },
  cores: {
    name: 'When a program breaks',
    met: 'A program that breaks leaves nothing behind.',
    unmet: 'A program that breaks could leave its memory as a file.',
    whatToDo: 'Start the room with ./siegel or npm, which forbid it.',
  },
  'piped-cores': {
    name: 'Who collects what breaks',
    met: 'No other program is given the memory of one that breaks.',
    unmet: 'The machine gives the memory of a program that breaks to another program.',
    whatToDo: 'Set kernel.core_pattern to a plain name such as core, or make that program keep nothing.',
  },
  'temporary-folder': {
    name: 'Temporary files',
    met: 'The room has no folder for temporary files, or one in memory.',
    unmet: 'The folder for temporary files is on a disk.',
    whatToDo: 'Start the room with ./siegel or npm, which give it none.',
  },
  'runtime-flags': {
    name: 'Recording',
    met: 'Nothing that would write memory to a file is turned on.',
    unmet: 'The room was started with an option that writes memory to a file.',
    whatToDo: 'Start it without; look at NODE_OPTIONS too.',
  },
  cache: {
    name: 'From one start to the next',
    met: 'Nothing is kept from one start to the next.',
    unmet: 'Something is kept from one start to the next.',
    whatToDo: 'Start the room with ./siegel or npm, which turn it off.',
  },
};

export const transitPagesEn = {
  productName: 'Siegel',
  languages: 'Language',
  back: 'To the documents',
  check: {
    title: 'What the machine was checked for',
    lead: 'Before the room takes a document it looks for whatever could let words of it stay behind. This is what it found.',
    shut: 'The room is shut: words of a document could stay behind on this machine. What was found, and what to do about it:',
    none: 'The room is not open, and nothing was checked. Whoever runs the machine finds the reason in siegel status.',
    accepted: 'Whoever runs the machine knows it and started all the same; every receipt says so.',
    findings,
    store: {
      name: 'Where documents wait',
      says: (version: string) =>
        `On a Redis or Valkey server (${version}), sealed under a key that only this program has: it writes nothing to a disk, copies nothing and throws nothing away.`,
    },
    sandbox: {
      name: 'Whatever opens a document',
      bubblewrap: 'It is shut in by the system: it reaches no network, can write no file, and ends with its work.',
      none: 'It may write no file and ends with its work. The system’s own way to shut it in is not available here.',
    },
    office: {
      name: 'Office documents',
      ready: (version: string) =>
        `LibreOffice ${version} makes PDFs of them. It is shut in by the system: it reaches no network, and what it writes lies in a memory of its own that ends with each document.`,
      why: {
        notInstalled: 'LibreOffice is not installed: they go back unchanged.',
        noSandbox: 'LibreOffice cannot be shut in here: they go back unchanged.',
        swap: 'What LibreOffice writes to its memory could reach the swap on a disk: they go back unchanged.',
      },
    },
    checkedAt: (time: string) => `Checked when the room was started, ${time}.`,
    limits:
      'While a document is worked on it lies in the memory of the machine; whoever runs the machine could look. A check says what was so, not that nobody looked.',
  },
  receipt: {
    title: 'Receipt of an erasure',
    good: (documents: number, time: string) =>
      `${documents === 1 ? 'One document was' : `${documents} documents were`} worked on in memory and erased, ${time}.`,
    bad: 'This receipt does not hold together: its signature is not right, or something was not erased.',
    came: 'Came',
    went: 'Handed over',
    taken: 'To nobody: it was erased all the same.',
    erased: 'Erased',
    objects: (erased: number, created: number, isKeyDestroyed: boolean) =>
      `${erased} of ${created} pieces in memory, and ${isKeyDestroyed ? 'the key that sealed them' : 'NOT the key that sealed them'}.`,
    accepted: 'Accepted all the same',
    documents: 'Which documents',
    hashes:
      'Each is named by a number that only the answer you got explains: SHA-256 over salt, hash before and hash now, as they stand there. With them anybody can work it out again; without them the number says nothing.',
    counted: (documents: number) =>
      `The book of this house does not name more than 248 documents of one piece of work, and keeps their number: ${documents}. Which they were stands in the answer with which they came back.`,
    checkAnswer: 'Check that answer: with it the receipt is whole again',
    signedCounted:
      'The receipt is signed with the key below, over all of these documents: without the answer the signature cannot be checked here.',
    signature: 'Who says so',
    signed:
      'The receipt is signed with the key below. It proves that this was said then and cannot be unsaid, not that the machine was honest.',
    job: 'Number of the work',
  },
};

export type TransitPagesWords = typeof transitPagesEn;
