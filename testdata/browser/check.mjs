// Opens the pages that Go wrote as people do, and says what is not as it should be. See run.
import { createRequire } from 'node:module';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.env.PACKAGES, 'package.json'));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [pages, ...flags] = process.argv.slice(2);
const wide = { width: 1360, height: 900 };

let failures = 0;
const check = (what, ok, more = '') => {
  if (ok) return;
  failures++;
  console.error(`FAILED: ${what}${more === '' ? '' : `: ${typeof more === 'string' ? more : JSON.stringify(more)}`}`);
};
const equal = (what, got, want) => check(what, JSON.stringify(got) === JSON.stringify(want), { got, want });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

// open opens a page from disk, in a context of its own in which nothing may go wrong or be asked for.
const open = async (name, options = {}, hash = '', prepare = async () => {}) => {
  const context = await browser.newContext({ viewport: wide, colorScheme: 'light', ...options });
  const page = await context.newPage();
  const address = pathToFileURL(join(pages, `${name}.html`)).href;
  page.on('pageerror', (e) => check(`${name}: no error`, false, e.message));
  page.on('console', (m) => check(`${name}: nothing on the console`, false, m.text()));
  page.on('request', (r) => check(`${name}: nothing is asked for`, r.url().split('#')[0] === address, r.url()));
  page.on('dialog', (d) => check(`${name}: no dialog`, false, d.message()));
  await prepare(page);
  await page.goto(address + hash, { timeout: 180_000 });
  page.close_ = () => context.close();
  return page;
};

// accessible runs axe-core, beside the page's policy: it is put in by the debugger, in a world of its own.
const accessible = async (what, page) => {
  const cdp = await page.context().newCDPSession(page);
  const { frameTree } = await cdp.send('Page.getFrameTree');
  const { executionContextId } = await cdp.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  const run = (expression) =>
    cdp.send('Runtime.evaluate', {
      expression,
      contextId: executionContextId,
      awaitPromise: true,
      returnByValue: true,
    });
  await run(axeSource);
  const { result, exceptionDetails } = await run(`axe.run(document, { resultTypes: ['violations'] }).then((r) => ({
    passes: r.passes.length,
    violations: r.violations.map((v) => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200), v.nodes[0].failureSummary]) }))`);
  check(`${what}: axe-core ran`, !exceptionDetails && result.value.passes > 10, exceptionDetails || result.value);
  if (exceptionDetails) return;
  for (const v of result.value.violations) check(`${what}: accessible`, false, v);
  await cdp.detach();
};

const shown = (page) => page.locator('#tokens .open code').allTextContents();
const status = async (page, want) => {
  await page
    .waitForFunction((text) => document.getElementById('status').textContent.includes(text), want, { timeout: 20_000 })
    .catch(async () => check('the status says', false, { got: await page.textContent('#status'), want }));
};
const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim().slice(0, 40));

// What somebody does with a keyboard: skip to the tokens, open one, find, sort, group.
const byKeyboard = async () => {
  const page = await open('triage');
  const all = await shown(page);
  equal('tokens', all.length, 7);
  await status(page, '8 rows in 13 places');
  await page.keyboard.press('Tab');
  equal('the first stop is the skip link', await focused(page), 'Skip to the tokens');
  check('it is seen', (await page.locator('.skip').boundingBox()).y >= 0);
  await page.keyboard.press('Enter');
  for (let i = 0; i < 20 && !(await page.evaluate(() => document.activeElement.matches('.open'))); i++)
    await page.keyboard.press('Tab');
  equal('then come the tokens', (await focused(page)).startsWith('default:production.'), true);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  equal('focus is seen', outline, 'solid');

  const first = page.locator('.open').first();
  const below = page.locator(`#${await first.getAttribute('aria-controls')}`);
  equal(
    'what is below is closed',
    [await first.getAttribute('aria-expanded'), await below.isVisible()],
    ['false', false],
  );
  await page.keyboard.press('Enter');
  equal('Enter opens it', [await first.getAttribute('aria-expanded'), await below.isVisible()], ['true', true]);
  for (const text of [
    'which declares its type: it is a backend token',
    'deploy/docker-compose.yml:9:15',
    'Create a frontend token',
  ]) {
    check(`it says ${text}`, (await below.innerText()).includes(text));
  }
  const link = below.locator('a', { hasText: 'charts/unleash/values.yaml:31' }).first();
  check(
    'a place is a link',
    (await link.getAttribute('href')).startsWith('https://gitlab.example.com/platform/infra/-/blob/'),
  );
  const picture = below.getByRole('img');
  check(
    'the picture has words',
    (await picture.getAttribute('aria-label')).startsWith('Exposed since 18 September 2023'),
  );
  const bars = await picture
    .locator('rect')
    .evaluateAll((list) => list.map((r) => r.getBoundingClientRect()).map((b) => [b.x, b.right]));
  check(
    'a bar for each place, from its date to now',
    bars.length === 4 &&
      bars.every((b, i) => i === 0 || b[0] > bars[i - 1][0]) &&
      bars.every((b) => Math.abs(b[1] - bars[0][1]) < 1),
    bars,
  );
  await page.keyboard.press('ArrowDown');
  check('an arrow goes to the next token', (await focused(page)).startsWith('*:*.'));
  await page.keyboard.press('End');
  check('End to the last', (await focused(page)).startsWith('default:production.'));
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  equal('Space closes it', await below.isVisible(), false);

  await page.getByRole('searchbox', { name: 'Find' }).focus();
  await page.keyboard.type('payments');
  equal('typing finds', (await shown(page)).length, 1);
  await status(page, '1 of 8 rows in 1 place');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('backend -payments "clientkey of unleashclient"');
  equal('words, phrases and what must not be there', await shown(page), [all[0]]);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('no such thing');
  await status(page, '0 of 8 rows');
  const reset = page.getByRole('button', { name: 'Show all' });
  await reset.focus();
  await page.keyboard.press('Enter');
  equal('all are back', await shown(page), all);
  equal('focus is not lost', await page.evaluate(() => document.activeElement.id), 'find');

  const since = page.getByRole('columnheader', { name: 'Since' });
  await since.getByRole('button').focus();
  await page.keyboard.press('Enter');
  equal(
    'the oldest first',
    [await since.getAttribute('aria-sort'), (await shown(page))[0].slice(0, 14)],
    ['ascending', '[]:production.'],
  );
  await status(page, 'sorted by since');
  check('the address keeps it', page.url().endsWith('#sort=since'), page.url());
  await page.keyboard.press('Enter');
  equal(
    'the newest first',
    [await since.getAttribute('aria-sort'), (await shown(page))[1].slice(0, 20)],
    ['descending', 'payments:development'],
  );
  equal('the button has the focus still', await focused(page), 'Since');
  await reset.click();

  await page.getByLabel('Group by').selectOption('repository');
  equal('groups', await page.locator('.head button').allTextContents(), [
    'more than one repository',
    'shop',
    'infra',
    'legacy',
  ]);
  await page.locator('.head button').nth(1).focus();
  await page.keyboard.press('Enter');
  equal('a group closes', [(await shown(page)).length, await focused(page)], [4, 'shop']);
  for (const key of ['rule', 'folder', 'kind']) {
    await page.getByLabel('Group by').selectOption(key);
    check(`groups by ${key}`, (await page.locator('.head').count()) > 2);
  }
  await reset.click();
  await page.getByLabel('Rule', { exact: true }).selectOption('backend-token');
  equal('a rule of any place', (await shown(page)).length, 2);
  await page.getByLabel('Rule', { exact: true }).selectOption('');
  await page.getByLabel('Still there', { exact: true }).selectOption('history only');
  equal(
    'history only',
    (await shown(page)).map((t) => t.slice(0, 5)),
    ['user:'],
  );
  await reset.click();
  await page.getByRole('checkbox', { name: /critical/ }).uncheck();
  equal('without critical', (await shown(page)).length, 4);
  await reset.click();
  await page.close_();
};

// A view and a token can be sent around by their addresses, and a mark lasts.
const byAddress = async () => {
  let page = await open('triage', {}, '#find=infra&group=rule&sort=places-down');
  equal('a view', [await page.inputValue('#find'), (await page.locator('.head').count()) > 0], ['infra', true]);
  await page.locator('.open').first().click();
  const print = await page.locator('.id').first().textContent();
  await page.getByLabel('Handled').first().check();
  check('it is marked', (await page.locator('tbody.handled').count()) === 1);
  await page.reload();
  check('the mark lasts', (await page.locator('tbody.handled').count()) === 1);
  await page.close_();
  page = await open('triage', {}, `#${print.slice(0, 12)}`);
  equal('a token', await page.locator('.opened .id').textContent(), print);
  await page.close_();
};

// The page as everybody sees it, looked at by axe-core, and no wider than the screen.
const everySize = async () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries({ wide, narrow: { width: 320, height: 640 } })) {
      for (const name of ['triage', 'ordinary', 'hostile', 'nothing']) {
        const what = `${name}, ${colorScheme}, ${size}`;
        const page = await open(name, { colorScheme, viewport });
        for (const button of await page.locator('.open').all()) await button.click();
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        check(`${what}: fits`, width <= viewport.width, width);
        await accessible(what, page);
        if (name === 'triage') {
          equal(
            `${what}: rows are rows`,
            [
              await page.getByRole('table').count(),
              (await page.getByRole('row').count()) >= 16,
              await page.getByRole('rowheader').count(),
            ],
            [1, true, 8],
          );
        }
        await page.close_();
      }
    }
  }
};

// Without scripts everything is there, open; and so it is on paper.
const withoutScripts = async () => {
  for (const name of ['triage', 'ordinary', 'hostile']) {
    const page = await open(name, { javaScriptEnabled: false });
    const text = await page.locator('body').innerText();
    check(`${name}: no tools that do nothing`, !(await page.locator('#tools').isVisible()));
    if (name === 'triage') {
      for (const part of [
        'which declares its type: it is a backend token',
        'deploy/docker-compose.yml:9:15',
        'Create a frontend token',
        'history only',
        'made up for the tests',
        'an archive of a format that is not opened',
        'suppression is not used',
      ]) {
        check(`without scripts: ${part}`, text.includes(part));
      }
    }
    await page.close_();
  }
  const page = await open('triage');
  await page.locator('#find').fill('production');
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const paper = await page.locator('body').innerText();
  check('paper has what is below the rows', paper.includes('which declares its type: it is a backend token'));
  check('paper has what was found', !paper.includes('payments:development'));
  check('paper has no tools', !(await page.locator('#tools').isVisible()));
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: 'screen' });
  equal('then it is as it was', await page.locator('.opened').count(), 0);
  await page.close_();
};

// Ten thousand findings: figures for people to look at, no verdict on time.
const thousands = async () => {
  const name = 'thousands';
  const size = statSync(join(pages, `${name}.html`)).size;
  check('10,000 findings are below 5 MB', size < 5e6, size);
  let cdp;
  const page = await open(name, {}, '', async (page) => {
    cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  });
  await status(page, '2,500 tokens in 10,000 places');
  const cpu = async () =>
    (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'ThreadTime').value * 1000;
  const opened = await cpu();
  const timed = async (action, n = 1) => {
    const before = await cpu();
    await action();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))));
    return `${Math.round(((await cpu()) - before) / n)} ms`;
  };
  equal('few rows are laid out', (await shown(page)).length, 50);
  const typed = 'team-7 module-1';
  const figures = {
    size: `${(size / 1e6).toFixed(2)} MB`,
    open: `${Math.round(opened)} ms`,
    'a key': await timed(() => page.locator('#find').pressSequentially(typed), typed.length),
    sort: await timed(() => page.locator('th.since button').click()),
    group: await timed(() => page.getByLabel('Group by').selectOption('folder')),
    'all again': await timed(() => page.locator('#reset').click()),
    '200 more': await timed(() => page.locator('#next').click()),
  };
  equal('200 more', (await shown(page)).length, 250);
  check(
    'the first of them has the focus',
    (await page.evaluate(() => [...document.querySelectorAll('.open')].indexOf(document.activeElement))) === 50,
  );
  console.log(
    `10,000 findings, CPU of the page: ${Object.entries(figures)
      .map(([k, v]) => `${k} ${v}`)
      .join(', ')}`,
  );
  await page.close_();
};

// The pictures of the documentation.
const pictures = async () => {
  for (const colorScheme of ['light', 'dark']) {
    const page = await open('triage', { colorScheme, viewport: { width: 1280, height: 1380 } });
    await page.evaluate(() => document.querySelector('.bad').remove());
    await page.locator('.open').first().click();
    await page.evaluate(() => document.activeElement.blur());
    await page.mouse.move(0, 0);
    await page.waitForTimeout(500);
    await page.screenshot({ path: `docs/report-${colorScheme}.png` });
    await page.close_();
  }
};

try {
  if (flags.includes('--pictures')) {
    await pictures();
  } else {
    for (const part of [byKeyboard, byAddress, everySize, withoutScripts, thousands]) await part();
  }
} finally {
  await browser.close();
}
if (failures > 0) {
  console.error(`${failures} things are not as they should be`);
  process.exitCode = 1;
} else {
  console.log('browser: all good');
}
