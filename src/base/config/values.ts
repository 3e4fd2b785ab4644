// From the text of an option to its value: undefined means the text is not allowed.

import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { isLoopbackAddress } from '../outgoing/public-address.ts';

export type TextParser<T> = (text: string) => T | undefined;

/** A network as in 10.0.0.0/8. */
export interface Network {
  readonly address: string;
  readonly prefixBits: number;
}

export interface DnsServer {
  readonly address: string;
  readonly port: number;
}

/** A service of this machine: an http URL of a loopback address, and the unix socket that takes its place if there is one. */
export interface LocalService {
  readonly origin: string;
  readonly socketPath: string | undefined;
}

/** A start time of the program's own clock: absolute, or a step from the machine's. */
export type ClockSetting = { readonly startMs: number } | { readonly stepMs: number };

const DNS_PORT = 53;
const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
]);
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** A path made absolute from the current folder. */
export const path: TextParser<string> = (text) => (text.includes('\0') ? undefined : resolve(text));

export const word: TextParser<string> = (text) => (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(text) ? text : undefined);

/** Words for people, on one line. */
export function shortText(charactersMax: number): TextParser<string> {
  return (text) => {
    const words = text.trim();
    const isShort = words !== '' && Array.from(words).length <= charactersMax;
    return isShort && words.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(words) ? words : undefined;
  };
}

export interface Spoken {
  readonly de: string;
  readonly en: string;
}

/** "Deutschland | Germany". */
export const spoken: TextParser<Spoken> = (text) => {
  const [de, en, ...rest] = text.split(' | ').map(shortText(400));
  return de === undefined || en === undefined || rest.length > 0 ? undefined : { de, en };
};

export const ipAddress: TextParser<string> = (text) => (isIP(text) === 0 ? undefined : text);

/** Lower-case ASCII domain name; names in other scripts are given in their xn-- form. */
export const domain: TextParser<string> = (text) => {
  const name = text.toLowerCase();
  return name.length <= 253 && name.split('.').every((label) => LABEL.test(label)) ? name : undefined;
};

/** A folder, or a bucket of a store that speaks S3. */
export type SecondPlace =
  | { readonly kind: 'folder'; readonly path: string }
  | {
      readonly kind: 's3';
      /** https://host, or for tests http://host:port. */
      readonly origin: string;
      readonly bucket: string;
      /** Without slashes at its ends; may be empty. */
      readonly prefix: string;
      readonly region: string;
    };

/** `s3+http://` is for tests; whether it may be asked is for base/outgoing to say. */
export const secondPlace: TextParser<SecondPlace> = (text) => {
  if (!/^s3(?:\+http)?:\/\//.test(text)) {
    const folder = /^[a-z0-9+]+:\/\//i.test(text) ? undefined : path(text);
    return folder === undefined ? undefined : { kind: 'folder', path: folder };
  }
  const isClear = text.startsWith('s3+http');
  const url = URL.parse(text.replace(/^s3(?:\+http)?:/, isClear ? 'http:' : 'https:'));
  const [bucket = '', ...rest] = (url?.pathname ?? '').split('/').filter((part) => part !== '');
  if (url === null || url.username !== '' || url.hash !== '' || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    return undefined;
  const region = url.searchParams.get('region') ?? 'us-east-1';
  if (!rest.every((part) => /^[A-Za-z0-9._-]+$/.test(part)) || !/^[a-z0-9-]{1,40}$/.test(region)) return undefined;
  return { kind: 's3', origin: url.origin, bucket, prefix: rest.join('/'), region };
};

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** 00:00 to 23:59. */
export const timeOfDay: TextParser<TimeOfDay> = (text) => {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? undefined : { hour: Number(match[1]), minute: Number(match[2]) };
};

export function wholeNumber(min: number, max: number): TextParser<number> {
  return (text) => {
    if (!/^\d{1,9}$/.test(text)) return undefined;
    const value = Number(text);
    return value >= min && value <= max ? value : undefined;
  };
}

export function oneOf<const T extends string>(allowed: readonly T[]): TextParser<T> {
  return (text) => allowed.find((candidate) => candidate === text);
}

/** Of an OpenPGP key, v4 or v6; as lower-case hex. */
export const fingerprint: TextParser<string> = (text) =>
  /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text) ? text.toLowerCase() : undefined;

/** Items separated by commas or spaces; one bad item makes the whole text bad. */
export function listOf<T>(parse: TextParser<T>): TextParser<readonly T[]> {
  return (text) => {
    const items: T[] = [];
    for (const part of text.split(/[\s,]+/).filter((piece) => piece !== '')) {
      const item = parse(part);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  };
}

export const network: TextParser<Network> = (text) => {
  const [address, bits, ...rest] = text.split('/');
  const family = isIP(address ?? '');
  if (address === undefined || family === 0 || rest.length > 0) return undefined;
  const bitsMax = family === 4 ? 32 : 128;
  const prefixBits = bits === undefined ? bitsMax : wholeNumber(0, bitsMax)(bits);
  return prefixBits === undefined ? undefined : { address, prefixBits };
};

export const dnsServer: TextParser<DnsServer> = (text) => {
  if (isIP(text) !== 0) return { address: text, port: DNS_PORT };
  const parts = /^(?:\[(?<six>[^\]]+)\]|(?<four>[^:]+)):(?<port>\d{1,5})$/.exec(text)?.groups;
  const address = parts?.['six'] ?? parts?.['four'];
  const port = wholeNumber(1, 65_535)(parts?.['port'] ?? '');
  if (address === undefined || port === undefined || isIP(address) === 0) return undefined;
  return { address, port };
};

/** A host that letters are handed to; the port decides how TLS begins. */
export interface MailRelay {
  readonly host: string;
  readonly port: number;
}

const SUBMISSION_PORT = 587;

/** A name or an address ([::1] in brackets), with or without a port. */
export const mailRelay: TextParser<MailRelay> = (text) => {
  const parts = /^(?:\[(?<six>[^\]]+)\]|(?<host>[^:]+))(?::(?<port>\d{1,5}))?$/.exec(text)?.groups;
  const host = parts?.['six'] ?? parts?.['host'] ?? '';
  const isHost = parts?.['six'] === undefined ? isIP(host) === 4 || domain(host) !== undefined : isIP(host) === 6;
  const port = parts?.['port'] === undefined ? SUBMISSION_PORT : wholeNumber(1, 65_535)(parts['port']);
  return isHost && port !== undefined ? { host: host.toLowerCase(), port } : undefined;
};

export const clockSetting: TextParser<ClockSetting> = (text) => {
  const step = /^\+(\d{1,6})([dhms])$/.exec(text);
  const unitMs = UNIT_MS.get(step?.[2] ?? '');
  if (step !== null && unitMs !== undefined) return { stepMs: Number(step[1]) * unitMs };
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/.test(text)) return undefined;
  const startMs = Date.parse(text);
  return Number.isNaN(startMs) ? undefined : { startMs };
};

export const yesOrNo: TextParser<boolean> = (text) => {
  if (['1', 'yes', 'true'].includes(text)) return true;
  return ['0', 'no', 'false'].includes(text) ? false : undefined;
};

/** `http://127.0.0.1:11333` or `unix:/run/a.sock`: names are refused, for they may lead away from this machine. */
export const localService: TextParser<LocalService> = (text) => {
  if (text.startsWith('unix:')) {
    const socketPath = text.slice('unix:'.length);
    const isUsable = socketPath.startsWith('/') && !socketPath.includes('\0');
    return isUsable ? { origin: 'http://127.0.0.1', socketPath } : undefined;
  }
  const found = origin(text);
  if (found === undefined || !found.startsWith('http:')) return undefined;
  const { hostname } = new URL(found);
  return isLoopbackAddress(hostname.replace(/^\[(.*)\]$/, '$1')) ? { origin: found, socketPath: undefined } : undefined;
};

/** Scheme, host and port of a URL, without a trailing slash. */
export const origin: TextParser<string> = (text) => {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
  const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  return isBare ? url.origin : undefined;
};

/** Any https URL without a login in it. */
export const secureUrl: TextParser<string> = (text) => {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : undefined;
};

/** Any http or https URL without a login in it; the door for requests lets plain HTTP only to private places. */
export const webUrl: TextParser<string> = (text) => {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
  return url.username === '' && url.password === '' && url.hash === '' ? url.href : undefined;
};

/** Of the plain kind: what a person can be written at. */
export const mailAddress: TextParser<string> = (text) => {
  const [local = '', host = '', ...rest] = text.split('@');
  const isPlain = /^[A-Za-z0-9._+-]{1,64}$/.test(local) && rest.length === 0;
  return isPlain && domain(host) !== undefined ? text : undefined;
};

export const postgresUrl: TextParser<string> = (text) => {
  const url = URL.parse(text);
  return url !== null && ['postgres:', 'postgresql:'].includes(url.protocol) ? text : undefined;
};

/** A server that is reached privately: the whole path of a socket, or rediss://HOST:PORT with nothing else in it. */
export const privateServer: TextParser<string> = (text) => {
  if (text.startsWith('/')) return /[\p{Cc}]/u.test(text) || text.endsWith('/') ? undefined : text;
  const url = URL.parse(text);
  if (url?.protocol !== 'rediss:' || url.hostname === '' || url.username !== '' || url.password !== '')
    return undefined;
  return ['', '/'].includes(url.pathname) && url.search === '' && url.hash === '' ? text : undefined;
};
