// Files spoiled at random pass through opening, cleaning and proving with a value, never an exception, within their time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { writePdf } from '#formats/pdf/write-pdf.ts';
import { longPart, partOf } from '../../../../test/transit/long-part.ts';
import { bornPdf, busyPdf, madePage, scanPdf } from '../../../../test/papers/sample-pdfs.ts';
import { processorMs } from '../../../../test/processor-time.ts';
import { verifyFile } from '../verify/verify-file.ts';
import { cleanPdf } from './clean-pdf.ts';
import { openPdf } from './open-pdf.ts';

const TAKES_MS = 10_000;
/** A thousand take two minutes; SIEGEL_LONG=3/10 spoils a tenth of them, others in each part. */
const PART = longPart();
const { from, to } = PART === undefined ? { from: 0, to: 60 } : partOf(1_000, PART);
const WAY = { numRuns: to - from, ...(PART === undefined || PART.parts === 1 ? {} : { seed: PART.part }) };

test('spoiled files end in a value, each within its time', async () => {
  const sources = [
    await bornPdf(['eins', 'zwei']),
    await busyPdf(),
    await scanPdf({ dpi: 50, hiddenText: 'x' }),
    writePdf([madePage()], { coding: 'jbig2' }),
  ];
  const wanted = { producer: 'writer', pages: [], source: undefined, bytesBefore: 1, newName: '01_x.pdf' } as const;
  const change = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 });
  const cut = fc.option(fc.nat(), { nil: undefined, freq: 5 });
  const property = fc.asyncProperty(fc.constantFrom(...sources), change, cut, async (bytes, changes, end) => {
    const spoiled = bytes.slice(0, end === undefined ? bytes.length : end % bytes.length);
    for (const [at, byte] of changes) if (spoiled.length > 0) spoiled[at % spoiled.length] = byte;
    const begun = processorMs();
    const opened = await openPdf(spoiled);
    if (opened.ok) {
      opened.value.render(0, 50);
      opened.value.close();
    }
    await cleanPdf(spoiled);
    assert.equal((await verifyFile(spoiled, wanted)).length, 16);
    assert.ok(processorMs() - begun < TAKES_MS);
  });
  await fc.assert(property, WAY);
});
