// `siegel request collect NUMBER`: what would be handed over of an admitted request, sealed to the authority and to the roster. It leaves only when two people have looked.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCaseFile } from '#formats/desk/case-file.ts';
import { ok } from '#base/result.ts';
import { ask } from '../../ask.ts';
import type { Outcome, Run } from '../../command.ts';
import { misused, readBytes, readText, refused } from './read-text.ts';
import { saveCopy } from './save-copy.ts';

export const run: Run = async (call) => {
  const { by, 'case-file': caseFilePath, recipient: recipientPath, out } = call.options;
  if (by === undefined || caseFilePath === undefined || recipientPath === undefined || out === undefined)
    return misused('give --by, --case-file, --recipient and --out. See: siegel request collect --help');
  const [filing = ''] = call.operands;
  const bytes = await readBytes(caseFilePath);
  if (!bytes.ok) return bytes;
  const caseFile = parseCaseFile(bytes.value);
  if (!caseFile.ok)
    return refused('not-a-case-file', `${caseFilePath} is no opened case file: give what gpg --decrypt shows of it.`);
  const recipient = await readText(recipientPath);
  if (!recipient.ok) return recipient;
  const targets = caseFile.value.targets.map(({ target, random }) => ({
    target,
    random: Buffer.from(random).toString('hex'),
  }));
  const params = { filing, by, targets, recipient: recipient.value };
  return ask(call, 'request.collect', params, async (collected): Promise<Outcome> => {
    await mkdir(out, { recursive: true }).catch(() => undefined);
    const saved = await saveCopy(call, filing, 'LOOK', join(out, `${filing}-${collected.look.slice(0, 8)}-look.pgp`));
    if (!saved.ok) return saved;
    const { path } = saved.value;
    const { fields, state, package: digest } = collected;
    const said = fields.length === 0 ? 'Nothing is held; that is what the package says.' : fields.join('\n');
    const text = [
      `${filing} stands at ${state}. Sealed to ${collected.recipient}:`,
      said,
      `package      ${digest}`,
      '',
      `Two people look at the copy for the roster, ${path}: gpg --decrypt ${path} | tar -x -C FOLDER`,
      `Then each: siegel request look ${filing} --by WHO --out FILE`,
    ].join('\n');
    return ok({ json: { ...collected, copy: path }, text });
  });
};
