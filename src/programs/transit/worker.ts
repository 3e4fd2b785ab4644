// Main file of a worker of the document workshop: takes its questions from the pipe, and has nothing else.

import { readFile } from 'node:fs/promises';
import { findSkills } from '#post/transit/workshop/skills.ts';
import { serveWork } from '#post/transit/workshop/serve-work.ts';

// what a library would print could quote what it reads, and stands in the way of the answers
for (const say of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) console[say] = () => undefined;
const german = new URL(import.meta.resolve('#post/transit/text/models/deu.traineddata.gz'));
const french = new URL(import.meta.resolve('#post/transit/text/models/fra.traineddata.gz'));
const skills = await findSkills(process.argv[2], {
  readModels: async () => [
    { language: 'deu', packed: await readFile(german) },
    { language: 'fra', packed: await readFile(french) },
  ],
});
if (skills === undefined) throw new Error('a worker needs its role');
await serveWork(skills, process.stdin, process.stdout);
