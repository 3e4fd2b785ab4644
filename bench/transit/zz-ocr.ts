import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { openReader } from '/work/main/src/post/transit/text/open-reader.ts';
import { readingError } from '/work/main/bench/transit/reading-error.ts';
const t0=performance.now();
const r = await openReader();
console.log('open', Math.round(performance.now()-t0));
for (const n of process.argv.slice(2)) {
  const src = /^ph/.test(n)?2:Number(n[1]);
  const { data, info } = await sharp(`/tmp/text/${n}`).greyscale().toColourspace('b-w').raw().toBuffer({resolveWithObject:true});
  const grey = {width:info.width,height:info.height,channels:1 as const,pixels:new Uint8Array(data),dpi:300};
  const t=performance.now();
  const turn = await r.findTurn(grey); const t1=performance.now();
  const page = await r.read(grey);
  const text = page.lines.map(l=>l.map(w=>w.text).join(' ')).join('\n');
  console.log(n, info.channels, 'turn',turn,Math.round(t1-t),'read', Math.round(performance.now()-t1), page.confidence, page.lines.length, readingError(readFileSync(`/tmp/text/p${src}.txt`,'utf8'), text));
  if (process.env.SHOW) console.log(text);
}
r.close();
