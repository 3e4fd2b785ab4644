// Main file of a worker of the document workshop: takes its questions from the pipe, and has nothing else.

import { findSkills } from '#post/transit/workshop/skills.ts';
import { serveWork } from '#post/transit/workshop/serve-work.ts';

// what a library would print could quote what it reads, and stands in the way of the answers
for (const say of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) console[say] = () => undefined;
const skills = await findSkills(process.argv[2]);
if (skills === undefined) throw new Error('a worker needs its role');
await serveWork(skills, process.stdin, process.stdout);
