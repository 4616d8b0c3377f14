// Speaks with `unleaked lsp` as an editor does, over npm's vscode-jsonrpc: `node check.mjs PROGRAM [--time FILES SHARE]`.
import { spawn, execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync, readFileSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import assert from 'node:assert/strict';
import { grow, token } from './tree.mjs';

const require = createRequire(path.join(process.env.PACKAGES, 'package.json'));
const rpc = require('vscode-jsonrpc/node');
const program = process.argv[2];

// A Session is one program that serves one folder.
class Session {
  constructor(folder, capabilities = {}) {
    this.folder = folder;
    this.child = spawn(program, ['lsp'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    this.exit = new Promise((resolve) => this.child.on('exit', (code) => resolve(code)));
    this.connection = rpc.createMessageConnection(new rpc.StreamMessageReader(this.child.stdout), new rpc.StreamMessageWriter(this.child.stdin));
    this.waiting = [];
    this.last = new Map();
    this.connection.onNotification('textDocument/publishDiagnostics', (p) => {
      this.last.set(p.uri, p);
      this.waiting = this.waiting.filter((w) => !w(p));
    });
    this.connection.onRequest('client/registerCapability', () => null);
    this.connection.onRequest('workspace/diagnostic/refresh', () => null);
    this.connection.listen();
    this.capabilities = capabilities;
    this.versions = new Map();
  }

  async begin() {
    const answer = await this.connection.sendRequest('initialize', {
      processId: process.pid, rootUri: pathToFileURL(this.folder).href, capabilities: this.capabilities,
      workspaceFolders: [{ uri: pathToFileURL(this.folder).href, name: 'folder' }],
    });
    await this.connection.sendNotification('initialized', {});
    return answer;
  }

  uri(name) { return pathToFileURL(path.join(this.folder, name)).href; }

  // published is the next list of diagnostics of a version of a document.
  published(name, version) {
    const uri = this.uri(name);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no diagnostics of ${name}, version ${version}, within a minute`)), 60_000);
      this.waiting.push((p) => {
        if (p.uri !== uri || p.version !== version) return false;
        clearTimeout(timer);
        resolve(p.diagnostics);
        return true;
      });
    });
  }

  open(name, text) {
    this.versions.set(name, 1);
    const done = this.published(name, 1);
    this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri: this.uri(name), languageId: '', version: 1, text } });
    return done;
  }

  change(name, contentChanges) {
    const version = this.versions.get(name) + 1;
    this.versions.set(name, version);
    const done = this.published(name, version);
    this.connection.sendNotification('textDocument/didChange', { textDocument: { uri: this.uri(name), version }, contentChanges });
    return done;
  }

  async end() {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    assert.equal(await this.exit, 0, 'exit after shutdown');
    this.connection.dispose();
  }
}

function folder(files) {
  const dir = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'unleaked-editor-')));
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
  execFileSync('git', ['init', '-q', dir]);
  return dir;
}

const checks = {
  async 'a token is told while it is typed, and not when it is gone'() {
    const t = token();
    const s = new Session(folder({ 'a.yaml': 'x: 1\n' }));
    const caps = (await s.begin()).capabilities;
    assert.equal(caps.textDocumentSync.change, 2);
    assert.deepEqual(await s.open('a.yaml', 'x: 1\n'), []);
    const at = { line: 1, character: 0 };
    const list = await s.change('a.yaml', [{ range: { start: at, end: at }, text: `UNLEASH_BACKEND_API_TOKEN: ${t}\n` }]);
    assert.equal(list.length, 1);
    assert.equal(list[0].code, 'backend-token');
    assert.equal(list[0].source, 'unleaked');
    assert.deepEqual(list[0].range, { start: { line: 1, character: 27 }, end: { line: 1, character: 27 + t.length } });
    assert.ok(!JSON.stringify(list).includes(t.slice(-50, -30)), 'a diagnostic shows the token');
    assert.deepEqual(await s.change('a.yaml', [{ text: 'x: 1\n' }]), []);
    await s.end();
  },

  async 'the tree around decides what a token is'() {
    const t = token();
    const dir = folder({
      'deploy/docker-compose.yml': `services:\n  unleash:\n    image: unleashorg/unleash-server\n    environment:\n      INIT_BACKEND_API_TOKENS: ${t}\n`,
    });
    const s = new Session(dir);
    await s.begin();
    const text = `import { UnleashClient } from 'unleash-proxy-client';\nnew UnleashClient({ url: 'https://u.example.com/api/frontend', clientKey: '${t}', appName: 'x' });\n`;
    const list = await s.open('web/src/flags.ts', text);
    assert.equal(list[0]?.code, 'secret-in-frontend');
    assert.equal(list[0].severity, 1);
    assert.ok(list[0].relatedInformation.some((r) => r.location.uri.endsWith('docker-compose.yml')), 'the evidence has its place');
    await s.end();
  },

  async 'a comment is offered that accepts nothing before its reason is written'() {
    const dir = folder({});
    const s = new Session(dir);
    await s.begin();
    const text = `UNLEASH_BACKEND_API_TOKEN: ${token()}\n`;
    const list = await s.open('a.yaml', text);
    const actions = await s.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri: s.uri('a.yaml') }, range: list[0].range, context: { diagnostics: list },
    });
    const accept = actions.find((a) => a.title.startsWith('Accept'));
    const [edit] = accept.edit.changes[s.uri('a.yaml')];
    assert.match(edit.newText, /unleaked:ignore backend-token REASON/);
    const still = await s.change('a.yaml', [{ text: edit.newText + text }]);
    assert.deepEqual(still.map((d) => d.code), ['backend-token'], 'the comment alone accepts it');
    const gone = await s.change('a.yaml', [{ text: edit.newText.replace('REASON', 'of the demo, deleted') + text }]);
    assert.deepEqual(gone, []);
    await s.end();
  },

  async 'what is cancelled is answered so, and at once'() {
    const dir = folder({});
    grow(dir, 400, 8);
    const s = new Session(dir, { textDocument: { diagnostic: {} } });
    await s.begin();
    s.connection.sendNotification('textDocument/didOpen', { textDocument: { uri: s.uri('a.yaml'), languageId: 'yaml', version: 1, text: 'a: 1\n' } });
    const source = new rpc.CancellationTokenSource();
    const asked = s.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri: s.uri('a.yaml') } }, source.token);
    source.cancel();
    await asked.then((r) => assert.equal(r.kind, 'full'), (e) => assert.equal(e.code, rpc.LSPErrorCodes?.RequestCancelled ?? -32800));
    const after = await s.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri: s.uri('a.yaml') } });
    assert.deepEqual(after.items, []);
    await s.end();
  },

  async 'unknown methods and what is no JSON are errors, and the session goes on'() {
    const s = new Session(folder({}));
    await s.begin();
    await assert.rejects(s.connection.sendRequest('textDocument/nothing', {}), (e) => e.code === -32601);
    s.child.stdin.write('Content-Length: 5\r\n\r\n{nope');
    assert.deepEqual(await s.open('a.yaml', 'a: 1\n'), []);
    await s.end();
  },

  async 'exit without shutdown ends with 1'() {
    const s = new Session(folder({}));
    await s.begin();
    await s.connection.sendNotification('exit');
    assert.equal(await s.exit, 1);
    s.connection.dispose();
  },

  async 'random edits, and then what a fresh scan says'() {
    const dir = folder({});
    grow(dir, 120, 8);
    const s = new Session(dir);
    await s.begin();
    let seed = 11;
    const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
    const pieces = ['\n', ' ', `UNLEASH_API_TOKEN: ${token()}\n`, `  clientKey: '${token('development')}'\n`, 'é😀', '# unleaked:ignore unknown-token for the demo\n',
      'NEXT_PUBLIC_UNLEASH_SERVER_API_TOKEN: ${{ secrets.UNLEASH_BACKEND_TOKEN }}\n', 'services:\n  web:\n    environment:\n', token().slice(0, 40), token()];
    const name = 'deploy/values.yaml';
    let text = 'a: 1\n';
    let told = await s.open(name, text);
    for (let round = 0; round < 60; round++) {
      const changes = [];
      for (let n = random(3) + 1; n > 0; n--) {
        const from = random(text.length + 1), to = random(4) ? from : Math.min(text.length, from + random(80));
        const position = (at) => ({ line: text.slice(0, at).split('\n').length - 1, character: at - text.lastIndexOf('\n', at - 1) - 1 });
        const piece = pieces[random(pieces.length)];
        changes.push({ range: { start: position(from), end: position(to) }, text: piece });
        text = text.slice(0, from) + piece + text.slice(to);
      }
      told = await s.change(name, changes);
      if (round % 6 === 5) {
        if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)) { // half of a pair is no text
          text = text.replace(/[\ud800-\udfff]/g, '');
          told = await s.change(name, [{ text }]);
        }
        mkdirSync(path.join(dir, 'deploy'), { recursive: true });
        writeFileSync(path.join(dir, name), text);
        let out;
        try {
          out = execFileSync(program, ['scan', '--format', 'json', '.'], { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] });
        } catch (e) {
          out = e.stdout;
        }
        const scanned = JSON.parse(out).findings.filter((f) => f.file === name).map((f) => `${f.line}:${f.rule}`).sort();
        assert.deepEqual(told.map((d) => `${d.range.start.line + 1}:${d.code}`).sort(), scanned, `round ${round}`);
        rmSync(path.join(dir, name));
      }
    }
    await s.end();
  },
};

// spent is the CPU that a process and its threads have used, in milliseconds; Linux alone tells.
function spent(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

// typed says how long each of 50 keys took until its diagnostics came, typed behind a text into a document.
async function typed(s, name, text, keys) {
  const begun = performance.now();
  await s.open(name, text);
  const first = performance.now() - begun;
  const lines = text.split('\n');
  const end = { line: lines.length - 1, character: lines.at(-1).length };
  const took = [];
  const before = process.platform === 'linux' ? spent(s.child.pid) : NaN;
  for (let i = 0; i < 50; i++) {
    const at = { line: end.line, character: end.character + i };
    const start = performance.now();
    await s.change(name, [{ range: { start: at, end: at }, text: keys[i] }]);
    took.push(performance.now() - start);
  }
  const cpu = process.platform === 'linux' ? (spent(s.child.pid) - before) / took.length : NaN;
  took.sort((a, b) => a - b);
  const part = (p) => took[Math.min(took.length - 1, Math.floor(took.length * p))].toFixed(1);
  console.log(`  ${name}: the first diagnostics ${first.toFixed(0)} ms after opening; from key to diagnostics ${part(0.5)} ms (median of ` +
    `${took.length} keys), ${part(0.95)} ms (95 %), ${part(1)} ms (slowest), ${cpu.toFixed(1)} ms of CPU a key`);
}

// time types a token into a Compose file, and code that has nothing to do with Unleash: in a repository that is made with so
// many files, or in one that is there.
async function time(files, share) {
  const made = /^\d+$/.test(files);
  const dir = made ? folder({}) : realpathSync(files);
  if (made) grow(dir, Number(files), share);
  console.log(made ? `${files} files, one of ${share} uses Unleash` : files, '(the server waits 15 ms for the keys to rest)');
  const s = new Session(dir);
  await s.begin();
  await typed(s, 'deploy/docker-compose.yml', 'services:\n  web:\n    environment:\n      UNLEASH_API_TOKEN: ', token());
  await typed(s, 'pkg1/order/new.ts', 'export function total(a: number) {\n  return a;\n}\n', 'export const shipping = (price: number) => price * 12;');
  await s.end();
}

if (process.argv[3] === '--time') {
  await time(process.argv[4] ?? '5000', Number(process.argv[5] ?? 80));
} else {
  for (const [what, check] of Object.entries(checks)) {
    await check();
    console.log(`editor: ${what}`);
  }
}
process.exit(0);
