import { readFileSync, writeFileSync } from 'node:fs';
import { scansAsPdf } from './corpus.ts';
writeFileSync('/tmp/text/s1.pdf', await scansAsPdf([readFileSync('/tmp/text/s1.jpg')]));
