// Installs what package-lock.json names, once per lockfile; plain JavaScript that also old runtimes can read, to tell them what they lack.
import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { fileURLToPath } from 'url';

const NODE_NEEDED = [20, 19];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.siegel-installed');

function stop(sentence) {
  process.stderr.write('siegel: ' + sentence + '\n');
  process.exit(1);
}

function isOldRuntime(version) {
  const parts = version.split('.').map(Number);
  return parts[0] < NODE_NEEDED[0] || (parts[0] === NODE_NEEDED[0] && parts[1] < NODE_NEEDED[1]);
}

/** What the installed folder depends on: the lockfile's bytes and the kind of machine. */
function wantedStamp() {
  const digest = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return digest + ' ' + process.platform + '-' + process.arch + '\n';
}

function isInstalled(wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/** npm as the script runner gave it, else the one on PATH. Install scripts are never run: nothing here needs one. */
function runNpmCi() {
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] };
  if (npm && existsSync(npm)) return spawnSync(process.execPath, [npm].concat(words), options);
  return spawnSync('npm', words, options);
}

function install() {
  if (isOldRuntime(process.versions.node)) {
    stop(
      'this needs Node ' +
        NODE_NEEDED.join('.') +
        ' or newer with npm to install itself; here is Node ' +
        process.versions.node +
        '. Install a newer Node and run the command again.',
    );
  }
  const wanted = wantedStamp();
  if (isInstalled(wanted)) return;
  process.stderr.write('siegel: installing the packages of package-lock.json, once (a minute at most) ...\n');
  const outcome = runNpmCi();
  if (outcome.error)
    stop('npm could not be started (' + outcome.error.message + '). Install npm and run the command again.');
  if (outcome.status !== 0)
    stop('npm ci did not succeed; its own words stand above. Run the command again when that is mended.');
  writeFileSync(stamp, wanted);
}

install();
