'use strict';
// Finds, sorts and groups the tokens of the table. Without this script the whole page is there to be read; with it,
// rows are taken out of the page and put back as they are asked for, so that ten thousand of them stay quick.
(() => {
  const byId = (id) => document.getElementById(id);
  const make = (name, properties, ...children) => {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  };
  const table = byId('tokens');
  const severities = ['info', 'low', 'medium', 'high', 'critical'];
  const [first, step] = [50, 200]; // rows that are shown at first, and more at a time
  const several = 'more than one repository';
  const columns = [...table.tHead.rows[0].cells].map((th) => ({ th, key: th.dataset.key, title: th.textContent }));
  const at = Object.fromEntries(columns.map((c, i) => [c.key, i]));

  // What is known of each token, read from its row once.
  const tokens = [...table.tBodies].map((body, order) => {
    const [row, more] = body.rows;
    const text = (key) => (key in at ? row.cells[at[key]].textContent : '');
    return {
      body,
      row,
      more,
      order,
      severity: body.className,
      kind: text('kind'),
      scope: text('scope'),
      server: text('server'),
      since: text('since'),
      stands: text('stands'),
      places: Number(text('places').replace(/,/g, '')),
    };
  });
  for (const t of tokens) t.body.remove();

  const lazily = (name, read) => (t) => (name in t ? t[name] : (t[name] = read(t)));
  const named = (list) => [...new Set([...list].map((node) => node.textContent))];
  const tokenOf = lazily('token', (t) => t.row.querySelector('th').textContent.trim());
  const rulesOf = lazily('rules', (t) => [
    ...new Set([...t.row.cells[at.rule].textContent.split(' '), ...named(t.more.querySelectorAll('.rule'))]),
  ]);
  const repositoriesOf = lazily('repositories', (t) =>
    named([...t.row.querySelectorAll('small i'), ...t.more.querySelectorAll('.where i')]),
  );
  const fingerprintOf = lazily('fingerprint', (t) => t.more.querySelector('.id')?.textContent || '');
  const wordsOf = lazily('words', (t) => {
    const parts = t.more.querySelectorAll('.said, .facts dl');
    return [t.row, ...(parts.length ? parts : [t.more])]
      .map((node) => node.textContent)
      .join(' ')
      .toLowerCase();
  });
  const folderOf = lazily('folder', (t) => {
    const small = t.row.querySelector('small');
    const path = small.lastChild.textContent.replace(/:\d+$/, '');
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : 'the top folder';
    return [small.querySelector('i')?.textContent, folder].filter(Boolean).join(' › ');
  });
  const standing = (t) => {
    const [some, all] = t.stands.split(' of ').map(Number);
    return t.stands === 'yes' ? 1 : all ? some / all : 0;
  };

  // Tokens that somebody has marked as handled, by fingerprint; kept by the browser, where it keeps anything.
  const handled = (() => {
    const name = 'unleaked.handled';
    try {
      const set = new Set(JSON.parse(localStorage.getItem(name) || '[]'));
      return {
        has: (f) => set.has(f),
        put: (f, on) => {
          set[on ? 'add' : 'delete'](f);
          localStorage.setItem(name, JSON.stringify([...set]));
        },
      };
    } catch {
      return null;
    }
  })();
  const isHandled = (t) => handled !== null && handled.has(fingerprintOf(t));

  // What is shown, and how.
  const none = {
    find: '',
    severity: '',
    kind: '',
    rule: '',
    stands: '',
    server: '',
    repository: '',
    handled: '',
    group: '',
    sort: '',
  };
  const view = { ...none, shown: first };
  const closed = new Set(); // groups
  const filters = {
    kind: (t) => [t.kind],
    rule: rulesOf,
    server: (t) => [t.server || 'not asked'],
    repository: repositoriesOf,
    stands: (t) => [standing(t) > 0 ? 'still there' : 'history only'],
    handled: (t) => [isHandled(t) ? 'handled' : 'open'],
  };
  const groupings = { rule: (t) => rulesOf(t)[0], folder: folderOf, kind: (t) => t.kind };
  if ('repositories' in at) {
    groupings.repository = (t) => (repositoriesOf(t).length > 1 ? several : repositoriesOf(t)[0]);
  }
  const orders = {
    severity: [(t) => severities.indexOf(t.severity), true],
    token: [tokenOf],
    kind: [(t) => t.kind],
    scope: [(t) => t.scope],
    rule: [(t) => rulesOf(t)[0]],
    repositories: [(t) => repositoriesOf(t).length, true],
    places: [(t) => t.places, true],
    since: [(t) => t.since || '~'],
    stands: [standing, true],
    server: [(t) => t.server || '~'],
  };
  const collator = new Intl.Collator('en', { numeric: true });
  const compare = (a, b) => (typeof a === 'number' ? a - b : collator.compare(a, b));

  // matcher is a test for what somebody types: every word, a phrase in quotes, and -word for what must not be there.
  const matcher = (typed) => {
    const terms = [...typed.toLowerCase().matchAll(/(-?)(?:"([^"]*)"?|(\S+))/g)]
      .map(([, not, phrase, word]) => ({ not: not !== '', text: phrase ?? word }))
      .filter((term) => term.text);
    return (t) => terms.every((term) => wordsOf(t).includes(term.text) !== term.not);
  };

  const select = () => {
    const matches = matcher(view.find);
    const off = new Set(view.severity.split(',').filter(Boolean));
    const wanted = Object.keys(filters).filter((key) => view[key]);
    const found = tokens.filter(
      (t) => !off.has(t.severity) && wanted.every((key) => filters[key](t).includes(view[key])) && matches(t),
    );
    const [, key, down] = /^(\w+?)(-down)?$/.exec(view.sort) || [];
    if (key in orders) {
      const value = orders[key][0];
      found.sort((a, b) => (down ? -1 : 1) * compare(value(a), value(b)) || a.order - b.order);
    }
    return found;
  };

  const plural = (n, noun) => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;

  // arrange gives the groups of what was found: one without a name where nothing groups them.
  const arrange = (found) => {
    const of = groupings[view.group];
    if (!of) return [{ members: found }];
    const groups = new Map();
    for (const t of found) {
      const name = of(t) || 'none';
      if (!groups.has(name)) groups.set(name, { name, members: [], worst: 0 });
      const group = groups.get(name);
      group.members.push(t);
      group.worst = Math.max(group.worst, severities.indexOf(t.severity));
    }
    return [...groups.values()].sort(
      (a, b) =>
        (b.name === several) - (a.name === several) ||
        b.worst - a.worst ||
        b.members.length - a.members.length ||
        collator.compare(a.name, b.name),
    );
  };

  const groupHead = (group) => {
    const open = !closed.has(group.name);
    const button = make('button', { type: 'button', ariaExpanded: String(open) }, group.name);
    button.dataset.group = group.name;
    const head = make(
      'th',
      { colSpan: columns.length, scope: 'rowgroup' },
      button,
      make('small', {}, `${plural(group.members.length, 'token')}, the worst ${severities[group.worst]}`),
    );
    return make('tbody', { className: 'head' }, make('tr', {}, head));
  };

  // dress makes a row answer to mouse and keyboard, and keeps it a row where narrow screens show it as a card.
  const dress = (t) => {
    if (t.button) return;
    const cell = t.row.querySelector('th');
    t.button = make('button', { type: 'button', className: 'open' }, ...cell.childNodes);
    cell.append(t.button);
    t.row.classList.add('row');
    t.more.id = `more${t.order}`;
    t.button.setAttribute('aria-controls', t.more.id);
    t.body.token = t;
    markHandled(t);
    open(t, false);
  };

  // On narrow screens a row is a card: there its cells say which they are, to eyes and to screen readers, for whom it
  // would be no row any more.
  const narrow = matchMedia('(max-width: 64rem)');
  const card = (body) => {
    if (!narrow.matches || body.hasAttribute('role')) return;
    body.setAttribute('role', 'rowgroup');
    for (const row of body.rows) {
      row.setAttribute('role', 'row');
      for (const c of row.cells) c.setAttribute('role', c.tagName === 'TH' ? 'rowheader' : 'cell');
    }
    if (!body.token) return;
    for (const { key, title } of columns) {
      if (!['severity', 'token', 'kind', 'rule'].includes(key)) body.token.row.cells[at[key]].dataset.label = title;
    }
  };

  const open = (t, on) => {
    t.button.setAttribute('aria-expanded', String(on));
    t.more.hidden = !on;
    t.body.classList.toggle('opened', on);
    if (on) complete(t);
  };

  // complete adds to an opened token what is written elsewhere in the page, and what a script can do.
  const complete = (t) => {
    if (t.complete) return;
    t.complete = true;
    const fixed = [...t.more.querySelectorAll('.fix > a')];
    const link = t.row.querySelector('a[href^="#fix"]'); // of a token that is written in brief
    if (link) {
      const p = make('p', { className: 'fix' }, link.cloneNode());
      t.more.cells[0].append(p);
      fixed.push(p.firstChild);
    }
    for (const link of fixed) link.replaceWith(byId(link.hash.slice(1)).textContent);
    const actions = make('p', { className: 'actions' });
    const fingerprint = fingerprintOf(t);
    const offer = (label, text) => {
      const button = make('button', { type: 'button' }, label);
      button.addEventListener('click', () => copy(text(), label));
      actions.append(button);
    };
    offer('Copy for a ticket', () => ticket(t));
    if (fingerprint) {
      if (tokenOf(t).includes('…')) offer('Copy command for a plan', () => `unleaked rotate ${fingerprint}`);
      offer(
        'Copy suppression',
        () => `  - fingerprint: ${fingerprint}\n    rule: ${rulesOf(t)[0]}\n    reason: REASON\n`,
      );
      if (handled) {
        const box = make('input', { type: 'checkbox', checked: isHandled(t) });
        box.addEventListener('change', () => {
          handled.put(fingerprint, box.checked);
          markHandled(t);
          say(`${box.checked ? 'Marked' : 'No longer marked'} as handled, in this browser.`);
        });
        actions.append(make('label', {}, box, ' Handled'));
      }
    }
    (t.more.querySelector('.facts') || t.more.cells[0]).append(actions);
  };

  const markHandled = (t) => {
    const on = isHandled(t);
    t.body.classList.toggle('handled', on);
    t.button.querySelector('.tag')?.remove();
    if (on) t.button.querySelector('small').before(' ', make('span', { className: 'tag' }, 'handled'));
  };

  // ticket is a token in Markdown, to be pasted elsewhere.
  const ticket = (t) => {
    const list = (name, query) => {
      const items = [...t.more.querySelectorAll(query)].map((li) => `- ${li.textContent.trim()}`);
      return items.length ? [`**${name}**`, '', ...items, ''] : [];
    };
    const [name] = t.button.children;
    return [
      `### ${t.severity}: ${rulesOf(t)[0]}, \`${name.textContent}\``,
      '',
      t.more.querySelector('p').textContent,
      '',
      ...list('Where', '.where > li'),
      ...list('Why', 'ol > li'),
      ...list('Fix', '.fix'),
      `Fingerprint \`${fingerprintOf(t)}\``,
      '',
    ].join('\n');
  };

  const copy = async (text, what) => {
    try {
      await navigator.clipboard.writeText(text);
      say(`Copied: ${what.replace(/^Copy /, '')}.`);
    } catch {
      say('The browser did not let it be copied.');
    }
  };

  let saying;
  const say = (text) => {
    clearTimeout(saying);
    saying = setTimeout(() => {
      byId('status').textContent = text;
    }, 150); // not at every key
  };

  let bodies = []; // what the table holds now
  const render = () => {
    const found = select();
    const groups = arrange(found);
    const old = bodies;
    bodies = [];
    let room = view.shown;
    let hidden = 0;
    for (const group of groups) {
      if (room > 0 && group.name !== undefined) bodies.push(groupHead(group));
      if (closed.has(group.name)) continue;
      const members = group.members.slice(0, room);
      for (const t of members) {
        dress(t);
        bodies.push(t.body);
      }
      room -= members.length;
      hidden += group.members.length - members.length;
    }
    // What stays at the top is left alone.
    let same = 0;
    while (same < bodies.length && bodies[same] === old[same]) same++;
    for (const body of old.slice(same)) body.remove();
    const fresh = document.createDocumentFragment();
    for (const body of bodies.slice(same)) {
      card(body);
      fresh.append(body);
    }
    table.append(fresh);
    byId('more').hidden = hidden === 0;
    byId('next').textContent = `Show ${Math.min(step, hidden)} more`;
    byId('all').hidden = hidden <= step || hidden > 2000; // a page of many thousand rows is slow
    byId('all').textContent = `Show all ${hidden.toLocaleString('en')} more`;
    tell(found);
  };

  // rowsOf counts rows: most are tokens, some are settings without one.
  const hasToken = lazily('hasToken', (t) => t.row.querySelector('th code') !== null);
  const rowsOf = (list) => (list.every(hasToken) ? plural(list.length, 'token') : plural(list.length, 'row'));

  // tell says in words what is shown.
  const tell = (found) => {
    const findings = found.reduce((sum, t) => sum + t.places, 0);
    let text =
      found.length === tokens.length ? rowsOf(tokens) : `${found.length.toLocaleString('en')} of ${rowsOf(tokens)}`;
    text += ` in ${plural(findings, 'place')}`;
    const [, key, down] = /^(\w+?)(-down)?$/.exec(view.sort) || [];
    for (const c of columns) {
      const sorted = c.key === key || (!key && c.key === 'severity');
      c.th.setAttribute('aria-sort', !sorted ? 'none' : !key || down ? 'descending' : 'ascending');
      if (key && sorted) text += `, sorted by ${c.title.toLowerCase()}${down ? ', descending' : ''}`;
    }
    say(`${text}.`);
    byId('reset').hidden = Object.keys(none).every((name) => view[name] === none[name]);
  };

  // keep writes the view into the address, to be sent around or to come back to.
  const keep = () => {
    const kept = new URLSearchParams(Object.entries(view).filter(([name, value]) => name in none && value));
    try {
      history.replaceState(null, '', `#${kept}`);
    } catch {
      /* an address that cannot be changed */
    }
  };

  const change = (changes) => {
    Object.assign(view, { shown: first }, changes);
    render();
    keep();
  };

  // choice adds a select to the tools, where there is something to choose.
  const choices = {};
  const choice = (key, label, first, options) => {
    if (options.length < (first === undefined ? 1 : 2)) return;
    const box = make(
      'select',
      { id: `choice-${key}` },
      ...(first === undefined ? [] : [new Option(first, '')]),
      ...options.map(([value, text]) => new Option(text, value)),
    );
    box.addEventListener('change', () => change({ [key]: box.value }));
    choices[key] = box;
    byId('choices').append(make('p', { className: `${key}-choice` }, make('label', { htmlFor: box.id }, label), box));
  };
  const valuesOf = (key) => {
    const count = new Map();
    for (const t of tokens) for (const v of filters[key](t)) count.set(v, (count.get(v) || 0) + 1);
    return [...count]
      .sort(([a], [b]) => collator.compare(a, b))
      .map(([v, n]) => [v, `${v} (${n.toLocaleString('en')})`]);
  };
  const showControls = () => {
    byId('find').value = view.find;
    const off = view.severity.split(',');
    for (const box of byId('severities').querySelectorAll('input')) box.checked = !off.includes(box.value);
    for (const [key, box] of Object.entries(choices)) box.value = view[key];
  };

  const setUp = () => {
    choice('kind', 'Kind', 'all', valuesOf('kind'));
    choice('rule', 'Rule', 'all', valuesOf('rule'));
    if ('stands' in at) choice('stands', 'Still there', 'all', valuesOf('stands'));
    if ('server' in at) choice('server', 'Server', 'all', valuesOf('server'));
    if ('repositories' in at) choice('repository', 'Repository', 'all', valuesOf('repository'));
    if (handled)
      choice('handled', 'Marked', 'all', [
        ['open', 'open'],
        ['handled', 'handled'],
      ]);
    choice(
      'group',
      'Group by',
      'nothing',
      Object.keys(groupings).map((key) => [key, key]),
    );
    choice(
      'sort',
      'Sort by',
      'the worst first',
      columns
        .filter((c) => c.key in orders)
        .flatMap(({ key, title }) => {
          const name = title.toLowerCase();
          const both = [
            [key, `${name}, ascending`],
            [`${key}-down`, `${name}, descending`],
          ];
          return orders[key][1] ? both.reverse() : both;
        }),
    );
    for (const { th, key, title } of columns) {
      const button = make('button', { type: 'button' }, title);
      button.addEventListener('click', () => {
        const now = view.sort || 'severity-down';
        const first = orders[key][1] ? `${key}-down` : key;
        change({ sort: now === first ? (first === key ? `${key}-down` : key) : first });
        showControls();
      });
      th.replaceChildren(button);
    }
    byId('find').addEventListener('input', (e) => change({ find: e.target.value }));
    byId('severities').addEventListener('change', () => {
      const off = [...byId('severities').querySelectorAll('input:not(:checked)')].map((box) => box.value);
      change({ severity: off.join(',') });
    });
    byId('reset').addEventListener('click', () => {
      change(none);
      showControls();
      byId('find').focus();
    });
    byId('next').addEventListener('click', () => showMore(view.shown + step));
    byId('all').addEventListener('click', () => showMore(Infinity));
    byId('tools').hidden = false;
  };

  // showMore adds rows, and goes to the first of them.
  const showMore = (shown) => {
    const before = table.querySelectorAll('.open').length;
    view.shown = shown;
    render();
    table.querySelectorAll('.open')[before]?.focus();
  };

  table.addEventListener('click', (e) => {
    const head = e.target.closest('[data-group]');
    if (head) {
      const name = head.dataset.group;
      closed[closed.has(name) ? 'delete' : 'add'](name);
      render();
      [...table.querySelectorAll('[data-group]')].find((b) => b.dataset.group === name)?.focus();
      return;
    }
    const row = e.target.closest('.row');
    const other = e.target.closest('a, button');
    if (!row || (other && !other.matches('.open')) || (!other && String(getSelection()))) return;
    const t = row.parentNode.token;
    open(t, t.more.hidden);
  });

  // The arrow keys go from token to token.
  table.addEventListener('keydown', (e) => {
    if (!e.target.matches('.open')) return;
    const all = [...table.querySelectorAll('.open')];
    const here = all.indexOf(e.target);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[e.key];
    if (to === undefined || e.ctrlKey || e.altKey || e.metaKey || !all[to]) return;
    e.preventDefault();
    all[to].focus();
  });

  // On paper is all that was found, with everything that opens.
  let before;
  addEventListener('beforeprint', () => {
    before = view.shown;
    view.shown = Infinity;
    render();
    for (const t of tokens) if (t.body.isConnected) complete(t);
  });
  addEventListener('afterprint', () => {
    view.shown = before;
    render();
  });

  // An address may hold a view of the table, or the fingerprint of a token to open.
  const fromAddress = () => {
    const hash = location.hash.slice(1);
    if (/^1[a-z][0-9a-f]{6,}$/.test(hash)) {
      const i = tokens.findIndex((t) => fingerprintOf(t).startsWith(hash));
      if (i < 0) return;
      change({ ...none, shown: Math.max(first, i + 1) });
      open(tokens[i], true);
      tokens[i].button.focus();
    } else if (hash.includes('=')) {
      const kept = new URLSearchParams(hash);
      change(Object.fromEntries(Object.keys(none).map((name) => [name, kept.get(name) || ''])));
    } else {
      return;
    }
    showControls();
  };

  // The words to find are read while nobody waits, a few at a time.
  const readAhead = (from) => (deadline) => {
    let i = from;
    while (i < tokens.length && deadline.timeRemaining() > 2) wordsOf(tokens[i++]);
    if (i < tokens.length) requestIdleCallback(readAhead(i));
  };

  setUp();
  table.setAttribute('role', 'table');
  narrow.addEventListener('change', () => bodies.forEach(card));
  render();
  if ('requestIdleCallback' in window) requestIdleCallback(readAhead(0));
  document.documentElement.classList.remove('waiting');
  fromAddress();
  addEventListener('hashchange', fromAddress);
})();
