// Makes what records still say without what was superseded in them: the words of an `accountRestated` record.

import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import type { Command, CommandOf, JsonObject, Wrap } from '../../journal/commands.ts';

/** The effect with the facets that are over left empty; undefined where nothing is to be left out of this kind. */
export function withoutDead(command: Command, isDead: (facet: string) => boolean): JsonObject | undefined {
  switch (command.kind) {
    case 'accountCreated': {
      const { credential, ...effect } = command.effect;
      const kept = credential === null || isDead(`credential:${credential.version}`) ? null : credential;
      return asJson({ ...effect, ...sealedParts(effect, isDead), credential: kept });
    }
    case 'holderRemoved':
      return asJson({ ...command.effect, ...sealedParts(command.effect, isDead) });
    case 'mailboxPut':
      return asJson({
        ...command.effect,
        sealedName: isDead(`mailboxName:${command.effect.id}`) ? '' : command.effect.sealedName,
      });
    case 'itemPut': {
      const { collection, id, sealed } = command.effect;
      return asJson({ ...command.effect, sealed: isDead(`item:${collection}:${id}`) ? '' : sealed });
    }
    default:
      return undefined;
  }
}

type Sealed = Pick<CommandOf<'holderRemoved'>['effect'], 'wraps' | 'keyring' | 'manifest'>;

function sealedParts({ wraps, keyring, manifest }: Sealed, isDead: (facet: string) => boolean): Sealed {
  return {
    wraps: wraps.filter((wrap) => !isDead(wrapName(wrap))),
    keyring: isDead('keyring:') ? { ...keyring, sealed: '' } : keyring,
    manifest: isDead('manifest:') ? { ...manifest, bytes: '' } : manifest,
  };
}

function wrapName({ kind, wrapId }: Wrap): string {
  return kind === 'holder' ? `holderWrap:${wrapId}` : `wrap:${wrapId}`;
}

/** The same value as plain JSON: what the record will hold. */
function asJson(effect: object): JsonObject {
  return JSON.parse(Buffer.from(canonicalBytes({ ...effect })).toString('utf8')) as JsonObject;
}
