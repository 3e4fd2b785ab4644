// Dark mode for letters made for white paper: lightness is turned round in OKLab where it must be, hue and colour strength stay. Pure sums.

export interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

/** `rgb(1, 2, 3)` and `rgba(1, 2, 3, 0.5)` as browsers compute them; undefined for anything else. */
export function parseComputed(text: string): Colour | undefined {
  const match = /^rgba?\((\d+(?:\.\d+)?),? (\d+(?:\.\d+)?),? (\d+(?:\.\d+)?)(?:,? ?\/? ?(\d*\.?\d+))?\)$/.exec(text);
  if (!match) return undefined;
  const [, red, green, blue, alpha] = match.map(Number);
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  return { red, green, blue, alpha: alpha === undefined || Number.isNaN(alpha) ? 1 : alpha };
}

interface Lab {
  readonly light: number;
  readonly a: number;
  readonly b: number;
}

const toLinear = (channel: number): number => {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const fromLinear = (linear: number): number => {
  const share = Math.min(1, Math.max(0, linear));
  return Math.round(255 * (share <= 0.0031308 ? share * 12.92 : 1.055 * share ** (1 / 2.4) - 0.055));
};

export function toLab(colour: Colour): Lab {
  const [r, g, b] = [toLinear(colour.red), toLinear(colour.green), toLinear(colour.blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {
    light: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    a: 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    b: 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  };
}

function fromLab(lab: Lab, alpha: number): Colour {
  const l = (lab.light + 0.3963377774 * lab.a + 0.2158037573 * lab.b) ** 3;
  const m = (lab.light - 0.1055613458 * lab.a - 0.0638541728 * lab.b) ** 3;
  const s = (lab.light - 0.0894841775 * lab.a - 1.291485548 * lab.b) ** 3;
  return {
    red: fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    green: fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    blue: fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    alpha,
  };
}

/** Lightness of the dark theme's surface (#161D26) and of its ink (#E8EDF3), and their slight blue. */
const DARKEST = 0.229;
const LIGHTEST = 0.945;
const BLUE = { a: -0.004, b: -0.016 };
const GREY_CHROMA_MAX = 0.03;

function tinted(lab: Lab, light: number, share: number): Lab {
  const grey = Math.hypot(lab.a, lab.b) < GREY_CHROMA_MAX;
  return grey ? { light, ...BLUE } : { light, a: lab.a * share, b: lab.b * share };
}

/** White paper becomes the dark surface; a ground that was dark already stays as it is, so that white letters on it stay readable. */
export function darkGround(colour: Colour): Colour {
  const lab = toLab(colour);
  if (lab.light < 0.5) return colour;
  return fromLab(tinted(lab, DARKEST + (1 - lab.light) * 0.5, 0.8), colour.alpha);
}

/** Black ink becomes the light ink; writing that was light already stays. */
export function lightWriting(colour: Colour): Colour {
  const lab = toLab(colour);
  if (lab.light > 0.72) return colour;
  return fromLab(tinted(lab, LIGHTEST - lab.light * 0.3, 0.75), colour.alpha);
}

/** Lines keep their distance from the ground. */
export function dimLine(colour: Colour): Colour {
  const lab = toLab(colour);
  if (lab.light < 0.5) return colour;
  return fromLab(tinted(lab, DARKEST + 0.08 + (1 - lab.light) * 0.4, 0.8), colour.alpha);
}

export function cssColour(colour: Colour): string {
  return `rgb(${colour.red} ${colour.green} ${colour.blue} / ${colour.alpha})`;
}
