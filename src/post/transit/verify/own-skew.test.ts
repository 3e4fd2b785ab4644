// The verifier's own measure of crooked lines agrees with how far a page was turned.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inkPicture } from '../../../../test/papers/sample-pdfs.ts';
import { lookAtLines } from './own-skew.ts';
import { evened, textError } from './text-distance.ts';

test('a page turned by a known angle is measured within a tenth of a degree', async () => {
  for (const turned of [-2, -0.5, -0.2, 0, 0.3, 1.2]) {
    const { data, info } = await (
      await inkPicture({ width: 827, height: 1169 }, turned)
    )
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const look = lookAtLines({ width: info.width, height: info.height, channels: 1, pixels: data, dpi: 100 });
    assert.ok(Math.abs((look.skewDegrees ?? 99) - turned) < 0.1, `${turned}: ${look.skewDegrees ?? 'nothing'}`);
    assert.ok((look.rowsOverColumns ?? 0) > 0.2);
  }
});

test('lines that stand on end, and pages without lines, are told', async () => {
  const { data, info } = await (
    await inkPicture({ width: 827, height: 1169 })
  )
    .rotate(90)
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const look = lookAtLines({ width: info.width, height: info.height, channels: 1, pixels: data, dpi: 100 });
  assert.ok((look.rowsOverColumns ?? 1) < 0.2, `${look.rowsOverColumns ?? ''}`);
  const white = lookAtLines({
    width: 100,
    height: 100,
    channels: 1,
    pixels: new Uint8Array(10_000).fill(255),
    dpi: 100,
  });
  assert.deepEqual(white, { skewDegrees: undefined, rowsOverColumns: undefined, ink: 0 });
});

test('texts are as far apart as letters must be changed', () => {
  assert.equal(textError('Sehr geehrte', 'Sehr geehrte', 0.1), 0);
  assert.equal(textError('abcdefghij', 'abcdefghiX', 0.5), 0.1);
  assert.equal(textError('abcdefghij', 'abcdefghi', 0.5), 0.1);
  assert.equal(textError('abcdefghij', 'XXXXXXXXXX', 0.5), 1);
  assert.equal(textError('', '', 0.1), 0);
  assert.equal(textError('', 'x', 0.1), 1);
  assert.equal(evened('Ver\u0002trag\r\n  ﬁx', 'one'), 'Ver-trag fix');
  assert.equal(evened('a b\nc', 'none'), 'abc');
});
