import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { readingError } from './reading-error.ts';
import { greyBmp } from '../../src/post/transit/text/grey-bmp.ts';
const load = (await import('tesseract.js-core/tesseract-core-relaxedsimd-lstm.js')).default;
const D='/work/main/node_modules/@tesseract.js-data/deu/';
const variants: Record<string, () => Uint8Array> = { best: () => gunzipSync(readFileSync(D+'4.0.0_best_int/deu.traineddata.gz')), std: () => gunzipSync(readFileSync(D+'4.0.0/deu.traineddata.gz')), fast: () => readFileSync('/usr/share/tesseract-ocr/5/tessdata/deu.traineddata') };
const [variant='best', mode='grey', scale='1', ...vars] = process.argv.slice(2);
const core = await load({ print(){}, printErr(){} });
core.FS.writeFile('./deu.traineddata', variants[variant]());
core.FS.writeFile('/s', vars.map(v=>v.replace('=',' ')+'\n').join(''));
const api = new core.TessBaseAPI();
console.log('init', api.Init(null,'deu',1,'/s'));
for (const n of (process.env.N??'s1,s3,p1').split(',')) {
  let img = sharp(`/tmp/text/${n}.${n[0]==='p'?'png':'jpg'}`).greyscale();
  if (scale!=='1') img = img.resize(Math.round(2481*Number(scale)));
  if (mode==='bw') img = sharp(await img.toBuffer()).threshold(150);
  const { data, info } = await img.toColourspace('b-w').raw().toBuffer({resolveWithObject:true});
  const c0=process.cpuUsage(), t=performance.now();
  core.FS.writeFile('/input', greyBmp({width:info.width,height:info.height,channels:1,pixels:data,dpi:300*Number(scale)}));
  api.SetPageSegMode(3); api.SetImageFile(1,0); api.SetSourceResolution(300*Number(scale));
  const t1=performance.now(); (api as any).AnalyseLayout?.(); const t2=performance.now();
  api.Recognize(null);
  const t3=performance.now(); const c=process.cpuUsage(c0);
  if(process.env.OUT)(await import('node:fs')).writeFileSync('/tmp/text/out-'+n+'-'+variant+'.txt',(api as any).GetUTF8Text());console.log(variant,mode,scale,vars.join(),n,'set',Math.round(t1-t),'layout',Math.round(t2-t1),'rec',Math.round(t3-t2),'cpu',Math.round((c.user+c.system)/1000), 'cer', readingError(readFileSync(`/tmp/text/p${n[1]}.txt`,'utf8'), (api as any).GetUTF8Text()).toFixed(5));
}
console.log('total cpu', process.cpuUsage().user/1000, performance.now());process.exit(0);
