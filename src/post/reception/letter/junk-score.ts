// A small built-in score of how much a letter looks like junk: its origin, links that say one thing and mean another, files that run.

import type { LetterView } from '#formats/message/letter-view.ts';
import { listAttachments } from '#formats/message/bodies.ts';
import { decodeText } from '#formats/message/part-content.ts';
import type { Authentication } from '../authentication/authenticate.ts';
import { organisationOf } from '../authentication/check-dmarc.ts';

export type JunkTrait =
  | 'dmarcFailed'
  | 'spfFailed'
  | 'spfSoftFailed'
  | 'nobodyVouches'
  | 'fromUnclear'
  | 'headerBeyondBounds'
  | 'noDate'
  | 'noMessageId'
  | 'nameShowsOtherAddress'
  | 'linkShowsOtherHost'
  | 'linkToBareAddress'
  | 'linkHidesUser'
  | 'fileRuns'
  | 'fileHidesItsType'
  | 'filterSaysJunk';

/** Five points are junk. First contact is no trait: only the client knows who is known. */
const points: Readonly<Record<JunkTrait, number>> = {
  dmarcFailed: 2,
  spfFailed: 2,
  spfSoftFailed: 1,
  nobodyVouches: 1,
  fromUnclear: 3,
  headerBeyondBounds: 5,
  noDate: 1,
  noMessageId: 1,
  nameShowsOtherAddress: 2,
  linkShowsOtherHost: 2,
  linkToBareAddress: 2,
  linkHidesUser: 3,
  fileRuns: 3,
  fileHidesItsType: 3,
  filterSaysJunk: 5,
};
const JUNK_POINTS = 5;
const HTML_BYTES_MAX = 256 * 1024;
const LINKS_MAX = 200;
const TAG_CHARACTERS_MAX = 2_000;
const SHOWN_CHARACTERS_MAX = 300;

export interface JunkScore {
  readonly isJunk: boolean;
  readonly points: number;
  readonly traits: readonly JunkTrait[];
}

/** `authentication` undefined: the letter came from our own networks. `isFilterJunk`: rspamd's opinion, where it is asked. */
export function scoreJunk(
  view: LetterView,
  authentication: Authentication | undefined,
  isFilterJunk = false,
): JunkScore {
  const traits = [...originTraits(authentication), ...headerTraits(view), ...linkTraits(view), ...fileTraits(view)];
  if (isFilterJunk) traits.push('filterSaysJunk');
  const sum = traits.reduce((total, trait) => total + points[trait], 0);
  const asked = authentication?.dmarc.status === 'fail' && authentication.dmarc.policy === 'quarantine';
  return { isJunk: asked || sum >= JUNK_POINTS, points: sum, traits };
}

function originTraits(authentication: Authentication | undefined): readonly JunkTrait[] {
  if (authentication === undefined) return [];
  const { spf, dkim, dmarc } = authentication;
  const traits: JunkTrait[] = [];
  const isSigned = dkim.some(({ status }) => status === 'pass');
  if (dmarc.status === 'fail') traits.push('dmarcFailed');
  if (dmarc.status === 'permerror' && dmarc.fromDomain === undefined) traits.push('fromUnclear');
  if (!isSigned && spf.status === 'fail') traits.push('spfFailed');
  if (!isSigned && spf.status === 'softfail') traits.push('spfSoftFailed');
  // what could not be asked counts for nobody's harm
  const isOpen = spf.status === 'temperror' || dkim.some(({ status }) => status === 'temperror');
  if (!isSigned && !isOpen && spf.status !== 'pass') traits.push('nobodyVouches');
  return traits;
}

function headerTraits(view: LetterView): readonly JunkTrait[] {
  const traits: JunkTrait[] = [];
  if (view.isHeaderCut) traits.push('headerBeyondBounds');
  if (view.date === undefined) traits.push('noDate');
  if (view.messageId === undefined) traits.push('noMessageId');
  if (view.from.some(({ name, address }) => showsOtherAddress(name, address))) traits.push('nameShowsOtherAddress');
  return traits;
}

function showsOtherAddress(name: string, address: string): boolean {
  const shown = /[\w.+-]+@([\w-]+(?:\.[\w-]+)+)/.exec(name)?.[1];
  if (shown === undefined) return false;
  const real = address.slice(address.lastIndexOf('@') + 1);
  return organisationOf(shown.toLowerCase()) !== organisationOf(real.toLowerCase());
}

function linkTraits(view: LetterView): readonly JunkTrait[] {
  const part = view.bodies.html.find(({ contentType }) => contentType.mediaType === 'text/html');
  if (part === undefined) return [];
  const traits = new Set<JunkTrait>();
  for (const { href, shownText } of linksIn(decodeText(view.bytes, part, HTML_BYTES_MAX))) {
    const url = parseLink(href);
    if (url === undefined) continue;
    if (/^[\d.]+$|^\[/.test(url.hostname)) traits.add('linkToBareAddress');
    if (url.username !== '') traits.add('linkHidesUser');
    const shown = /^\s*(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,})(?:[/:?\s]|$)/i.exec(shownText)?.[1];
    if (shown !== undefined && organisationOf(shown.toLowerCase()) !== organisationOf(url.hostname))
      traits.add('linkShowsOtherHost');
  }
  return [...traits];
}

/** Tags are cut out by plain search and looked at singly: a pattern over the whole text can be made to run for hours. */
function* linksIn(plainHtml: string): Generator<{ readonly href: string; readonly shownText: string }> {
  const opening = /<a\s/gi;
  for (let count = 0; count < LINKS_MAX; count++) {
    const start = opening.exec(plainHtml)?.index;
    if (start === undefined) return;
    const tag = plainHtml.slice(start, start + TAG_CHARACTERS_MAX);
    const end = tag.indexOf('>');
    if (end < 0) continue;
    const [, double, single, bare] = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/i.exec(tag.slice(0, end)) ?? [];
    const text = plainHtml.slice(start + end + 1, start + end + 1 + SHOWN_CHARACTERS_MAX);
    yield { href: double ?? single ?? bare ?? '', shownText: text.split('<', 1)[0] ?? '' };
  }
}

function parseLink(href: string): URL | undefined {
  const text = href.trim().replace(/&amp;/gi, '&');
  if (!/^https?:/i.test(text)) return undefined;
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

const RUNS =
  /\.(?:exe|scr|com|pif|bat|cmd|js|jse|vbs|vbe|wsf|wsh|hta|lnk|jar|msi|msc|ps1|cpl|reg|iso|img|vhdx?|docm|xlsm|pptm)$/i;
const HIDES = /\.(?:pdf|docx?|xlsx?|jpe?g|png|txt)[\s_.]*\.(?:exe|scr|com|pif|bat|cmd|js|vbs|hta|lnk|jar|html?)$/i;

function fileTraits(view: LetterView): readonly JunkTrait[] {
  const traits = new Set<JunkTrait>();
  for (const { name } of listAttachments(view.bodies)) {
    if (RUNS.test(name)) traits.add('fileRuns');
    if (HIDES.test(name)) traits.add('fileHidesItsType');
  }
  return [...traits];
}
