// The sample for the drop page: a letter of the office as somebody's telephone sees it, lying askew on a desk under a lamp. Drawn when it is asked for.

import { requireDone } from './demo-office.ts';

const WIDTH = 2_100;
const HEIGHT = 2_800;
const DPI = 220;
const QUALITY = 93;
/** Where the corners of the paper lie in the photo: top left, top right, bottom right, bottom left. */
const CORNERS = [
  [250, 190],
  [1_905, 300],
  [1_845, 2_640],
  [130, 2_520],
] as const;

const LETTER = [
  { text: 'Brandt & Yıldız Rechtsanwälte', look: 'title' },
  { text: 'Lindenstraße 14 · 60325 Frankfurt am Main · kanzlei.test', look: 'small' },
  { text: '' },
  { text: 'Landgericht Frankfurt am Main' },
  { text: '7. Zivilkammer, Gerichtsstraße 2, 60313 Frankfurt am Main' },
  { text: '' },
  { text: 'Klageerwiderung', look: 'head' },
  {
    text: 'In dem Rechtsstreit Stadtwerke Musterau ./. Çelik, Aktenzeichen 2-07 O 14/26, zeigen wir an, dass wir den Beklagten vertreten, und beantragen, die Klage abzuweisen.',
  },
  { text: 'I. Sachverhalt', look: 'head' },
  {
    text: 'Die Klägerin verlangt die Zahlung von 4.812,60 Euro für Fernwärme in der Zeit vom 1. Oktober 2024 bis zum 31. März 2025. Der Zähler wurde am 4. November 2024 getauscht. Das Protokoll des Tauschs liegt als Anlage B 1 bei; es nennt einen Stand von 38.217 Kilowattstunden.',
  },
  {
    text: 'Die Rechnung vom 12. Mai 2025 geht dagegen von 42.317 Kilowattstunden aus. Der Unterschied beruht auf vertauschten Ziffern. Der Beklagte hat ihn am 19. Mai 2025 schriftlich gerügt und den unstreitigen Betrag von 1.904,10 Euro bezahlt.',
  },
  { text: 'II. Rechtliche Würdigung', look: 'head' },
  {
    text: 'Ein Anspruch besteht nicht. Nach § 30 AVBFernwärmeV berechtigen Einwände gegen eine Rechnung zum Aufschub der Zahlung, soweit sich aus den Umständen ergibt, dass offensichtliche Fehler vorliegen. So liegt es hier: Schon der Vergleich der beiden Urkunden zeigt den Fehler.',
  },
  {
    text: 'Die Klägerin trägt die Beweislast für den Verbrauch. Die Aufzeichnungen des ausgebauten Zählers hat sie trotz Aufforderung vom 2. Juni 2025 nicht vorgelegt. Wir regen an, ihr das nach § 142 ZPO aufzugeben.',
  },
  {
    text: 'Beweis: Protokoll vom 4. November 2024 (Anlage B 1); Schreiben vom 19. Mai 2025 (Anlage B 2); Zeugnis des Monteurs, zu laden über die Klägerin.',
  },
  { text: '' },
  { text: 'Leyla Yıldız, Rechtsanwältin' },
] as const;

let made: Promise<Uint8Array<ArrayBuffer>> | undefined;

/** A JPEG of some megabytes; the same every time. */
export function crookedPhoto(): Promise<Uint8Array<ArrayBuffer>> {
  made ??= takePhoto();
  return made;
}

interface Paper {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly pixels: Uint8Array;
}

async function takePhoto(): Promise<Uint8Array<ArrayBuffer>> {
  const pixels = photograph(await drawPaper());
  const { default: sharp } = await import('sharp');
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
  return new Uint8Array(await sharp(pixels, { raw }).jpeg({ quality: QUALITY }).toBuffer());
}

async function drawPaper(): Promise<Paper> {
  const { writeTextPdf } = await import('#formats/pdf/write-text-pdf.ts');
  const { openPdf } = await import('#post/transit/pdf/open-pdf.ts');
  const opened = requireDone(await openPdf(writeTextPdf(LETTER, 'de')), 'the sample letter');
  try {
    return requireDone(opened.render(0, DPI), 'the sample page');
  } finally {
    opened.close();
  }
}

/** Each point of the photo is looked up on the paper, or is desk; the lamp stands at the top right. */
function photograph(paper: Paper): Uint8Array {
  // clamped and rounded by the array itself
  const pixels = new Uint8ClampedArray(WIDTH * HEIGHT * 3);
  const place = paperPlaces();
  let grain = 1;
  let at = 0;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      grain = (grain * 1_103_515_245 + 12_345) & 0x7f_ff_ff_ff;
      const noise = ((grain >> 16) % 11) - 5;
      const light = 1.02 - 0.42 * Math.sqrt(((x - WIDTH * 0.8) / WIDTH) ** 2 + ((y - HEIGHT * 0.15) / HEIGHT) ** 2);
      const [u, v] = place(x, y);
      if (u < 0 || u >= 1 || v < 0 || v >= 1) {
        const dim = light * shade(u, v);
        const wood = 14 * Math.sin(y / 23 + 3 * Math.sin(x / 310)) + noise;
        pixels[at++] = (100 + wood) * dim;
        pixels[at++] = (76 + wood * 0.8) * dim;
        pixels[at++] = (58 + wood * 0.6) * dim;
      } else {
        const ink = sample(paper, u, v) * light + noise;
        pixels[at++] = ink * 0.97;
        pixels[at++] = ink * 0.95;
        pixels[at++] = ink * 0.88;
      }
    }
  }
  return new Uint8Array(pixels.buffer);
}

/** A soft shadow along the lower edges of the paper. */
function shade(u: number, v: number): number {
  const away = Math.hypot(Math.max(0, -u, u - 1), Math.max(0, -v, v - 1));
  return away < 0.03 ? 0.6 + 13 * away : 1;
}

/** Between the four nearest points; 255 is white. */
function sample({ width, height, channels, pixels }: Paper, u: number, v: number): number {
  const x = u * (width - 1);
  const y = v * (height - 1);
  const left = Math.floor(x);
  const top = Math.floor(y);
  const first = (top * width + left) * channels;
  const under = first + width * channels;
  const grey = (place: number): number => pixels[place] ?? 255;
  const dx = x - left;
  const dy = y - top;
  const above = grey(first) * (1 - dx) + grey(first + channels) * dx;
  return above * (1 - dy) + (grey(under) * (1 - dx) + grey(under + channels) * dx) * dy;
}

/** From a point of the photo to the paper's own coordinates, 0 to 1: the inverse of the perspective that maps the unit square to the corners. */
function paperPlaces(): (x: number, y: number) => readonly [u: number, v: number] {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = CORNERS;
  const [sumX, sumY] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const [dx1, dy1, dx2, dy2] = [x1 - x2, y1 - y2, x3 - x2, y3 - y2];
  const all = dx1 * dy2 - dx2 * dy1;
  const g = (sumX * dy2 - dx2 * sumY) / all;
  const h = (dx1 * sumY - sumX * dy1) / all;
  const [a, b, d, e] = [x1 - x0 + g * x1, x3 - x0 + h * x3, y1 - y0 + g * y1, y3 - y0 + h * y3];
  return (x, y) => {
    const px = a - g * x;
    const qx = b - h * x;
    const py = d - g * y;
    const qy = e - h * y;
    const determinant = px * qy - qx * py;
    return [((x - x0) * qy - qx * (y - y0)) / determinant, (px * (y - y0) - (x - x0) * py) / determinant];
  };
}
