// Runs real coding agents against a model of our own, with `unleaked hook agent` in the settings that docs/agents.md gives,
// and looks at what came of it: `node record.mjs PROGRAM FOLDER [AGENT]`. What an agent wrote to the hook, and what it was
// answered, becomes a file in FOLDER, one an agent; what docs/agents.md promises is held against what the model was sent and
// what is on the disk afterwards.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Model } from './model.mjs';

const here = import.meta.dirname;
const [program, folder, only] = process.argv.slice(2);
const installed = process.env.PACKAGES;
const examples = path.join(here, '..', '..', '..', 'docs', 'examples');
const bin = (name) => path.join(installed, 'node_modules', '.bin', name);
const version = (pkg) => JSON.parse(readFileSync(path.join(installed, 'node_modules', pkg, 'package.json'), 'utf8')).version;

const digits = 'be44a7d0'.repeat(7);
const token = `default:production.${digits}`;
const compose = (value) => `services:\n  web:\n    environment:\n      UNLEASH_BACKEND_API_TOKEN: ${value}\n`;
// The repository at the start.
const tree = {
  '.gitignore': '.env*\n',
  '.env': `UNLEASH_BACKEND_API_TOKEN=${token}\nPORT=3000\n`,
  'settings.txt': `UNLEASH_BACKEND_API_TOKEN=${token}\n`,
  'flags.ipynb': JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {},
    cells: [{ cell_type: 'code', id: 'one', metadata: {}, source: ['x = 1\n'], outputs: [], execution_count: null }] }) + '\n',
};
const printing = 'cat .env';
const failing = 'cat .env >&2; exit 3';
const sending = `curl -s -H "Authorization: ${token}" http://127.0.0.1:9/api/client/features`;

// What can come of a step.
const outcomes = {
  // The tool did not run, and the model reads our reason.
  denied: (text) => /unleaked: (this would write|what the tool|\.env would lose a token)/.test(text),
  // The tool ran, and we said nothing.
  done: (text) => !/unleaked: /.test(text),
  // The tool ran, and the model reads a pseudonym where the token was.
  masked: (text) => !text.includes(digits) && text.includes('«default:production.scoped#'),
  // The tool ran, the model reads the token, and our note with it, be it in a message of its own.
  told: (text, sent) => text.includes(digits) && sent.includes('unleaked: this output holds'),
  // The tool failed, and the agent does not tell its hooks: docs/agents.md says so.
  unseen: (text) => text.includes(digits) && !/unleaked: /.test(text),
};
// A step is what the model asks for, and what must come of it.
const step = (name, tool, args, outcome, namespace) => ({ name, tool, args, outcome, namespace });
const added = (text) => `*** Begin Patch\n*** Add File: docker-compose.yml\n${text.replace(/^(?=.)/gm, '+')}*** End Patch\n`;
const changed = (from, to) => `*** Begin Patch\n*** Update File: docker-compose.yml\n@@\n     environment:\n` +
  `-      UNLEASH_BACKEND_API_TOKEN: ${from}\n+      UNLEASH_BACKEND_API_TOKEN: ${to}\n*** End Patch\n`;

const agents = {
  'claude-code': {
    title: 'Claude Code', package: '@anthropic-ai/claude-code', marker: 'Write', settings: ['claude-code-settings.json', '.claude/settings.json'],
    steps: (dir) => [
      step('write', 'Write', { file_path: `${dir}/docker-compose.yml`, content: compose(token) }, 'denied'),
      step('write-clean', 'Write', { file_path: `${dir}/docker-compose.yml`, content: compose('CHANGE-ME') }, 'done'),
      step('edit', 'Edit', { file_path: `${dir}/docker-compose.yml`, old_string: 'CHANGE-ME', new_string: token }, 'denied'),
      step('edit-clean', 'Edit', { file_path: `${dir}/docker-compose.yml`, old_string: 'CHANGE-ME', new_string: '${TOKEN}' }, 'done'),
      step('shell', 'Bash', { command: sending, description: 'Ask for the flags' }, 'denied'),
      step('shell-output', 'Bash', { command: printing, description: 'Show the settings' }, 'masked'),
      step('shell-failed', 'Bash', { command: failing, description: 'Fail' }, 'told'),
      step('read', 'Read', { file_path: `${dir}/.env` }, 'masked'),
      step('write-ignored', 'Write', { file_path: `${dir}/.env.local`, content: `UNLEASH_BACKEND_API_TOKEN=${token}\n` }, 'done'),
      step('write-pseudonym', 'Write', { file_path: `${dir}/.env`, content: 'UNLEASH_BACKEND_API_TOKEN=«default:production.scoped#d77f8da9»\n' }, 'denied'),
      step('notebook-read', 'Read', { file_path: `${dir}/flags.ipynb` }, 'done'),
      step('notebook', 'NotebookEdit', { notebook_path: `${dir}/flags.ipynb`, cell_id: 'one', new_source: `token = "${token}"` }, 'denied'),
      step('mcp', 'mcp__shop__settings', { of: 'shop' }, 'masked'),
      step('mcp-failed', 'mcp__shop__settings', { of: 'nobody' }, 'told'),
      step('mcp-argument', 'mcp__shop__settings', { of: token }, 'denied'),
    ],
    run: (dir, url, prompt) => ({
      command: [bin('claude'), '-p', prompt, '--model', 'claude-sonnet-4-5', '--mcp-config', mcpConfig(dir), '--allowedTools', 'Write,Edit,NotebookEdit,Read,Bash,mcp__shop__settings'],
      env: { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'none', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', ENABLE_TOOL_SEARCH: 'false' },
    }),
  },
  'gemini-cli': {
    title: 'Gemini CLI', package: '@google/gemini-cli', marker: 'write_file', settings: ['gemini-settings.json', '.gemini/settings.json'],
    prepare(box) {
      const file = path.join(box.dir, '.gemini', 'settings.json');
      const settings = JSON.parse(readFileSync(file, 'utf8'));
      settings.mcpServers = mcpServers(true);
      writeFileSync(file, JSON.stringify(settings));
      mkdirSync(path.join(box.root, 'home', '.gemini'));
      writeFileSync(path.join(box.root, 'home', '.gemini', 'settings.json'), '{"security": {"auth": {"selectedType": "gemini-api-key"}}}');
    },
    steps: (dir) => [
      step('write', 'write_file', { file_path: `${dir}/docker-compose.yml`, content: compose(token) }, 'denied'),
      step('write-clean', 'write_file', { file_path: `${dir}/docker-compose.yml`, content: compose('CHANGE-ME') }, 'done'),
      step('edit', 'replace', { file_path: `${dir}/docker-compose.yml`, instruction: 'Set the token.', old_string: 'CHANGE-ME', new_string: token }, 'denied'),
      step('edit-clean', 'replace', { file_path: `${dir}/docker-compose.yml`, instruction: 'Set the token.', old_string: 'CHANGE-ME', new_string: '${TOKEN}' }, 'done'),
      step('shell', 'run_shell_command', { command: sending }, 'denied'),
      step('shell-output', 'run_shell_command', { command: printing }, 'masked'),
      step('shell-failed', 'run_shell_command', { command: failing }, 'masked'),
      step('read', 'read_file', { file_path: `${dir}/settings.txt` }, 'masked'),
      step('mcp', 'mcp_shop_settings', { of: 'shop' }, 'masked'),
      step('mcp-failed', 'mcp_shop_settings', { of: 'nobody' }, 'masked'),
      step('mcp-argument', 'mcp_shop_settings', { of: token }, 'denied'),
    ],
    run: (dir, url, prompt) => ({
      command: [bin('gemini'), '-p', prompt, '-m', 'gemini-2.5-flash', '--approval-mode', 'yolo', '--skip-trust'],
      env: { GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: 'none', GEMINI_CLI_TRUST_WORKSPACE: 'true', GEMINI_TELEMETRY_ENABLED: 'false' },
    }),
  },
  codex: {
    title: 'Codex', package: '@openai/codex', marker: 'exec_command', stopped: /UserPromptSubmit Blocked/, // the reason is shown in its window alone
    settings: ['codex-hooks.json', '.codex/hooks.json'],
    prepare(box) {
      const home = path.join(box.root, 'home', '.codex');
      mkdirSync(home, { recursive: true });
      writeFileSync(path.join(home, 'config.toml'), `[projects."${box.dir}"]\ntrust_level = "trusted"\n\n[mcp_servers.shop]\n` +
        `command = "${process.execPath}"\nargs = ["${path.join(here, 'mcp.mjs')}", "TOKEN=${token}"]\n`);
    },
    steps: (dir) => [
      step('patch', 'apply_patch', added(compose(token)), 'denied'),
      step('patch-clean', 'apply_patch', added(compose('CHANGE-ME')), 'done'),
      step('patch-edit', 'apply_patch', changed('CHANGE-ME', token), 'denied'),
      step('patch-edit-clean', 'apply_patch', changed('CHANGE-ME', '${TOKEN}'), 'done'),
      step('patch-in-shell', 'exec_command', { cmd: `apply_patch <<'E'\n${changed('${TOKEN}', token)}E\n` }, 'denied'),
      step('shell', 'exec_command', { cmd: sending }, 'denied'),
      step('shell-output', 'exec_command', { cmd: printing }, 'masked'),
      step('shell-failed', 'exec_command', { cmd: failing }, 'masked'),
      step('mcp', 'settings', { of: 'shop' }, 'masked', 'mcp__shop'),
      step('mcp-failed', 'settings', { of: 'nobody' }, 'unseen', 'mcp__shop'),
      step('mcp-argument', 'settings', { of: token }, 'denied', 'mcp__shop'),
    ],
    run: (dir, url, prompt) => ({
      command: [bin('codex'), 'exec', '--dangerously-bypass-approvals-and-sandbox', '--dangerously-bypass-hook-trust', '-m', 'gpt-5.5',
        '-c', 'model_provider="stub"', '-c', `model_providers.stub={name="stub",base_url="${url}/v1",wire_api="responses"}`, prompt],
      env: {},
    }),
  },
  copilot: {
    title: 'GitHub Copilot', package: '@github/copilot', marker: 'bash', settings: ['copilot-hooks.json', '.github/hooks/unleaked.json'],
    steps: (dir) => [
      step('create', 'create', { path: `${dir}/docker-compose.yml`, file_text: compose(token) }, 'denied'),
      step('create-clean', 'create', { path: `${dir}/docker-compose.yml`, file_text: compose('CHANGE-ME') }, 'done'),
      step('edit', 'edit', { path: `${dir}/docker-compose.yml`, old_str: 'CHANGE-ME', new_str: token }, 'denied'),
      step('edit-clean', 'edit', { path: `${dir}/docker-compose.yml`, old_str: 'CHANGE-ME', new_str: '${TOKEN}' }, 'done'),
      step('shell', 'bash', { command: sending, description: 'Ask for the flags' }, 'denied'),
      step('shell-output', 'bash', { command: printing, description: 'Show the settings' }, 'masked'),
      step('shell-failed', 'bash', { command: failing, description: 'Fail' }, 'masked'),
      step('view', 'view', { path: `${dir}/.env` }, 'masked'),
      step('view-failed', 'view', { path: `${dir}/gone.txt` }, 'done'),
      step('grep', 'grep', { pattern: 'TOKEN', paths: `${dir}/settings.txt`, output_mode: 'content' }, 'masked'),
      step('mcp', 'shop-settings', { of: 'shop' }, 'masked'),
      step('mcp-failed', 'shop-settings', { of: 'nobody' }, 'told'),
      step('mcp-argument', 'shop-settings', { of: token }, 'denied'),
    ],
    run: (dir, url, prompt, model = 'gpt-4.1', api = 'completions') => ({
      command: [bin('copilot'), '-p', prompt, '--allow-all-tools', '--allow-all-paths', '--trust-folder', '--additional-mcp-config', `@${mcpConfig(dir)}`],
      env: { COPILOT_PROVIDER_BASE_URL: `${url}/v1`, COPILOT_PROVIDER_API_KEY: 'none', COPILOT_MODEL: model, COPILOT_PROVIDER_WIRE_API: api },
    }),
  },
  // The form of Claude Code and VS Code, which Copilot speaks where the events are called as there.
  'copilot-named': {
    title: 'GitHub Copilot, its events with names,', package: '@github/copilot', marker: 'bash', settings: ['copilot-hooks.json', '.github/hooks/unleaked.json'],
    prepare(box) {
      const entry = [{ type: 'command', command: 'unleaked hook agent' }];
      writeFileSync(path.join(box.dir, '.github', 'hooks', 'unleaked.json'), JSON.stringify({ version: 1, hooks: {
        PreToolUse: entry, PostToolUse: entry, PostToolUseFailure: entry, UserPromptSubmit: entry } }));
    },
    steps: (dir) => agents.copilot.steps(dir),
    run: (...args) => agents.copilot.run(...args),
  },
  // With models of OpenAI's newer kind it writes files by patches.
  'copilot-patch': {
    title: 'GitHub Copilot, which writes by patches,', package: '@github/copilot', marker: 'bash', settings: ['copilot-hooks.json', '.github/hooks/unleaked.json'],
    steps: () => [
      step('patch', 'apply_patch', added(compose(token)), 'denied'),
      step('patch-clean', 'apply_patch', added(compose('CHANGE-ME')), 'done'),
      step('patch-edit', 'apply_patch', changed('CHANGE-ME', token), 'denied'),
      step('patch-edit-clean', 'apply_patch', changed('CHANGE-ME', '${TOKEN}'), 'done'),
      step('shell-output', 'bash', { command: printing, description: 'Show the settings' }, 'masked'),
      step('search', 'rg', { pattern: 'TOKEN', paths: 'settings.txt', output_mode: 'content' }, 'masked'),
    ],
    run: (dir, url, prompt) => agents.copilot.run(dir, url, prompt, 'gpt-5.5', 'responses'),
  },
};

function mcpServers(trust) {
  return { shop: { command: process.execPath, args: [path.join(here, 'mcp.mjs'), `TOKEN=${token}`], ...(trust && { trust }) } };
}

function mcpConfig(dir) {
  const file = path.join(path.dirname(dir), 'mcp.json');
  writeFileSync(file, JSON.stringify({ mcpServers: mcpServers() }));
  return file;
}

// A Sandbox is a home and a repository of its own, with a program unleaked on the PATH that keeps what it is told.
class Sandbox {
  constructor(agent) {
    this.root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'unleaked-agents-')));
    for (const sub of ['home', 'bin', 'kept', 'repository']) mkdirSync(path.join(this.root, sub));
    this.dir = path.join(this.root, 'repository');
    this.kept = path.join(this.root, 'kept');
    writeFileSync(path.join(this.root, 'bin', 'unleaked'), `#!/bin/sh
n='${this.kept}'/$(date +%s%N)
cat > $n.event
cp '${this.dir}/docker-compose.yml' $n.file 2>/dev/null
'${program}' "$@" < $n.event > $n.answer 2> $n.errors
status=$?
cat $n.answer
cat $n.errors >&2
exit $status
`);
    chmodSync(path.join(this.root, 'bin', 'unleaked'), 0o755);
    execFileSync('git', ['init', '-q', this.dir]);
    for (const [name, text] of Object.entries(tree)) writeFileSync(path.join(this.dir, name), text);
    const [from, to] = agent.settings;
    mkdirSync(path.dirname(path.join(this.dir, to)), { recursive: true });
    cpSync(path.join(examples, from), path.join(this.dir, to));
    agent.prepare?.(this);
  }

  // run ends with the agent, or after two minutes.
  run({ command, env }) {
    const child = spawn(command[0], command.slice(1), { cwd: this.dir, stdio: ['pipe', 'pipe', 'pipe'], env: {
      HOME: path.join(this.root, 'home'), PATH: `${path.join(this.root, 'bin')}:${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      LANG: 'C.UTF-8', TERM: 'dumb', CI: '1', ...env } });
    child.stdin.end();
    let said = '';
    for (const s of [child.stdout, child.stderr]) s.on('data', (d) => (said += d));
    const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
    return new Promise((resolve) => child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, said });
    }));
  }

  // events are what the hook was told and what it answered, in their order, without what differs from run to run.
  events() {
    return readdirSync(this.kept).filter((f) => f.endsWith('.event')).sort().map((f) => {
      const read = (ending) => {
        const file = path.join(this.kept, f.replace(/event$/, ending));
        return existsSync(file) ? readFileSync(file, 'utf8') : '';
      };
      return { event: this.clean(read('event')), answer: this.clean(read('answer')), file: this.clean(read('file')), errors: read('errors') };
    });
  }

  clean(text) {
    const ids = new Map();
    const id = (found) => ids.get(found) ?? ids.set(found, `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, '0')}`).get(found);
    return text.replaceAll(this.dir, '$DIR').replaceAll(path.join(this.root, 'home'), '/home/dev').replaceAll(process.execPath, '/usr/bin/node')
      .replaceAll(here, '/opt/shop').replaceAll(this.dir.replace(/\W/g, '-'), '-home-dev-shop').replaceAll(token, '$TOKEN')
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, id)
      .replace(/\d{4}-\d\d-\d\dT\d\d[:-]\d\d([:-]\d\d(\.\d+Z)?)?/g, (found) => '2026-11-30T12:00:00.000Z'.slice(0, found.length).replace(/:/g, found.includes(':') ? ':' : '-'))
      .replace(/"timestamp":\d+/g, '"timestamp":1796040000000').replace(/"duration_ms":\d+/g, '"duration_ms":7').replace(/PGID: \d+/g, 'PGID: 7')
      .replace(/session-([\dT:-]+)-[0-9a-f]{8}\./g, 'session-$1-00000000.').replace(/sessions\/\d{4}\/\d\d\/\d\d/g, 'sessions/2026/11/30');
  }

  end() {
    if (process.env.KEEP) console.log(`kept: ${this.root}`);
    else rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

// session runs an agent once and says what is not as promised.
async function session(agent, steps, prompt) {
  const box = new Sandbox(agent);
  const list = steps(box.dir);
  const model = new Model(list, agent.marker);
  const url = `http://127.0.0.1:${await model.listen()}`;
  const { code, said } = await box.run(agent.run(box.dir, url, prompt));
  model.close();
  const wrong = list.flatMap((s, i) => {
    const text = model.asked[i];
    return text !== undefined && outcomes[s.outcome](text, model.prompts.join('\n')) ? [] : [`${s.name} is not ${s.outcome}: the model reads ${JSON.stringify(text)}`];
  });
  const file = path.join(box.dir, 'docker-compose.yml');
  if (list.length && (!existsSync(file) || readFileSync(file, 'utf8') !== compose('${TOKEN}'))) wrong.push('the file is not what the clean steps wrote');
  if (process.env.KEEP) {
    writeFileSync(path.join(box.root, 'said'), said);
    writeFileSync(path.join(box.root, 'prompts'), model.prompts.join('\n'));
    writeFileSync(path.join(box.root, 'offered'), JSON.stringify(model.schemas ?? [], null, 1));
  }
  if (wrong.length) wrong.push(`it ended with ${code}, and said:\n${said}`, ...model.strange);
  const events = box.events();
  box.end();
  return { wrong, events, said, sent: model.prompts };
}

// isBefore reports whether an event comes before a tool runs.
const isBefore = (e) => /^(pre|before)tool/i.test(e.hook_event_name ?? '') || (!e.hook_event_name && 'toolName' in e && !('toolResult' in e || 'error' in e));

// archive is a session as a txtar file: the events in their order, each with its answer, and the file wherever it changed.
function archive(title, steps, events) {
  let text = `Recorded from ${title} on ${new Date().toISOString().slice(0, 10)}, with its hooks as docs/agents.md sets them: testdata/agents/record.\n`;
  for (const [name, content] of Object.entries(tree)) text += `-- ${name} --\n${content.replaceAll(token, '$TOKEN')}`;
  let at = -1, file = '';
  events.forEach((e, n) => {
    const event = JSON.parse(e.event);
    if (isBefore(event)) at++;
    const when = isBefore(event) ? 'before' : 'prompt' in event && !('tool_name' in event) ? 'prompt' : 'after';
    if (e.file && e.file !== file) text += `-- docker-compose.yml --\n${(file = e.file)}`;
    const name = `${String(n + 1).padStart(2, '0')}-${when === 'prompt' ? when : `${steps[at].name}-${when}`}`;
    text += `-- ${name}.event --\n${JSON.stringify(event, null, 2)}\n-- ${name}.answer --\n`;
    if (e.answer) text += `${JSON.stringify(JSON.parse(e.answer), null, 2)}\n`;
    if (e.errors) text += e.errors.replace(/^(?=.)/gm, 'stderr: ');
  });
  return text;
}

// record runs an agent through its steps, and then with a prompt that holds a token.
async function record(id, agent) {
  const title = `${agent.title} ${version(agent.package)}`;
  const tools = await session(agent, agent.steps, 'Look after the shop.');
  const prompted = await session(agent, () => [], `Try whether ${token} works.`);
  const wrong = [...tools.wrong];
  if (prompted.sent.some((p) => p.includes(digits))) wrong.push(`the prompt went to the model; the agent said:\n${prompted.said}`);
  if (!(agent.stopped ?? /unleaked: /).test(prompted.said)) wrong.push(`of the prompt the person is told nothing:\n${prompted.said}`);
  for (const w of wrong) console.log(`agents: ${title}: ${w}`);
  const events = [...tools.events, ...prompted.events];
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${id}.txtar`), archive(title, agent.steps(''), events));
  console.log(`agents: ${title}: ${agent.steps('').length} steps, ${events.length} events${wrong.length ? '' : ', all as promised'}`);
  return wrong.length;
}

let wrong = 0;
for (const [id, agent] of Object.entries(agents)) {
  if (!only || only === id) wrong += await record(id, agent);
}
process.exit(wrong ? 1 : 0);
