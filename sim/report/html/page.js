// The sections of the report, in order. One run, or two side by side.

/// A run's name over its part of a section, where there are two.
function panel(runs, run, ...content) {
  return el('div', {class: 'panel'}, runs.length > 1 ? el('h3', {}, `${run.label}: ${run.scenario}`) : null, ...content);
}
const pair = (runs, make) => el('div', {class: 'pair'}, runs.map(run => panel(runs, run, make(run))));

/// Charts beside one another where there is room.
const charts = (...content) => el('div', {class: 'pair'}, content);

const sections = [];
function section(id, title, what, ...content) {
  sections.push([id, title.split(' between')[0].replace('Expectations and invariants', 'Checks').replace('How to repeat it', 'Repeat')]);
  return el('section', {id, 'aria-labelledby': id + '-title'}, el('h2', {id: id + '-title'}, title),
    what ? el('p', {class: 'what'}, what) : null, ...content);
}

const highest = (runs, pick) => Math.max(1e-9, ...runs.flatMap(pick).filter(v => v !== null).map(Number));
const top = (runs, pick) => {
  const most = highest(runs, pick);
  const step = niceStep(most, 4);
  return Math.ceil(most / step - 1e-9) * step;
};

/// How much a count from the beginning grew per second, row by row.
function rates(t, counts) {
  return counts.map((value, i) => (i === 0 || t[i] <= t[i - 1] ? 0 : (value - counts[i - 1]) / (t[i] - t[i - 1])));
}
const orNull = values => values.map(v => (v < 0 ? null : v));

const LABELS = {
  nodes: 'machines', pods: 'pods wanted', pods_running: 'pods running', pods_displaced: 'displaced',
  pods_recovered: 'recovered', pods_lost: 'lost', pods_run_twice: 'run twice', detection_seconds: 'fault detected after',
  'recovery_seconds.p50': 'recovery p50', 'recovery_seconds.p99': 'recovery p99', 'recovery_seconds.max': 'recovery max',
  evictions: 'evictions', decisions: 'scheduling decisions', messages: 'messages', commits: 'commits',
  invariants_checked: 'invariant checks', violations: 'violations', events: 'events',
  virtual_seconds: 'virtual time', wall_seconds: 'wall time',
};
function figureText(name, value) {
  if (value === undefined) return '–';
  if (name.includes('_seconds')) return time(value);
  if (name === 'peak_rss_bytes') return bytes(value);
  return count(value);
}
const FAULT_FIGURES = ['pods_displaced', 'pods_recovered', 'pods_lost', 'detection_seconds', 'recovery_seconds.p50',
  'recovery_seconds.p99', 'recovery_seconds.max', 'evictions'];

function verdict(run) {
  return el('span', {class: 'verdict ' + (run.well ? 'good' : 'bad')}, run.well ? '✓ as expected' : '✗ not as expected');
}

function head(runs) {
  const title = runs.map(run => run.scenario).join(' and ');
  return el('header', {},
    el('div', {class: 'head'}, el('h1', {}, runs.length > 1 ? 'Two runs: ' + title : title),
      runs.length === 1 ? verdict(runs[0]) : null),
    runs.map(run => el('p', {}, runs.length > 1 ? [el('strong', {}, run.label + ': '), verdict(run), ' '] : null,
      run.description ? run.description + '. ' : '', el('span', {class: 'muted'},
        `Profile ${run.profile}, seed ${run.seed}, trace hash `, el('span', {class: 'mono'}, run.hash)))));
}

function cards(run) {
  const struck = run.figures.pods_running_before_fault > 0;
  const shown = Object.keys(LABELS).filter(name => name in run.figures && (struck || !FAULT_FIGURES.includes(name)));
  return el('dl', {class: 'cards'}, shown.map(name => el('div', {class: 'card'}, el('dt', {}, LABELS[name]),
    el('dd', {class: name === 'violations' && run.figures[name] > 0 || name === 'pods_lost' && run.figures[name] > 0 ? 'bad' : null},
      figureText(name, run.figures[name])))));
}

function difference(name, a, b) {
  if (a === undefined || b === undefined || a === b) return a === b ? 'the same' : '–';
  if ((a < 0 || b < 0) && name.includes('_seconds')) return '–';
  const share = a !== 0 ? ` (${b > a ? '+' : '−'}${trim(Math.abs(b - a) / Math.abs(a) * 100)} %)` : '';
  return (b > a ? '+' : '−') + figureText(name, Math.abs(b - a)) + share;
}
function figuresTable(runs) {
  const names = [...new Set(runs.flatMap(run => Object.keys(run.figures)))];
  if (runs.length === 1) {
    return behind('All figures', () => table('All figures of the run', ['figure', 'value'],
      names.map(n => [el('code', {}, n), figureText(n, runs[0].figures[n])]), [1]));
  }
  const rows = names.map(n => [el('code', {}, n), figureText(n, runs[0].figures[n]), figureText(n, runs[1].figures[n]),
    difference(n, runs[0].figures[n], runs[1].figures[n])]);
  const same = rows.filter(row => row[3] === 'the same');
  const heads = ['figure', 'A', 'B', 'B less A'];
  return el('div', {}, table('Figures that differ', heads, rows.filter(row => row[3] !== 'the same'), [1, 2, 3]),
    same.length ? behind(`${same.length} figures that are the same`, () => table('The same in both', heads, same, [1, 2, 3])) : null);
}

function podsSection(runs, common) {
  const yMax = top(runs, run => [...run.points.pods, ...run.points.running]);
  const chart = run => lineChart({...common(run), about: 'Pods over time', yMax, lines: [
    {name: 'wanted by their owners', values: run.points.pods, colour: 'var(--c7)'},
    {name: 'running', values: run.points.running, colour: 'var(--c2)'},
    {name: 'without a node', values: run.points.waiting, colour: 'var(--c1)'},
    {name: 'lost so far', values: run.points.lost, colour: 'var(--c6)'}]});
  return section('pods', 'Pods', 'Pod objects that are neither finished nor being deleted; those of them without a node; pods ' +
    'that run, in ground truth; and displaced pods that nothing has made good yet.', pair(runs, chart));
}

/// The time in which displaced pods came back, with a little around it.
function recoveryWindow(run) {
  const {t, displaced, recovered} = run.points;
  const first = displaced.findIndex(v => v > 0);
  let last = recovered.findIndex(v => v >= recovered[recovered.length - 1]);
  if (last < first) last = first;
  const from = Math.max(0, t[Math.max(first - 1, 0)]);
  const to = Math.max(t[Math.min(last + 1, t.length - 1)], from + 1);
  const more = (to - from) * 0.1;
  return {from: Math.max(0, from - more), to: Math.min(to + more, t[t.length - 1])};
}
const anyDisplaced = run => run.points.displaced.some(v => v > 0);

/// The spans of time that one may want to look at: all of it, the start, faults and recovery.
function spans(runs, xMax) {
  const chosen = [['the whole run', {from: 0, to: xMax}]];
  const started = runs.flatMap(run => run.phases.filter(([at, name]) => name === 'running' && at > 0).map(p => p[0]));
  if (started.length) chosen.push(['the start', {from: 0, to: Math.max(...started)}]);
  const struck = runs.filter(anyDisplaced).map(recoveryWindow);
  if (struck.length) {
    chosen.push(['faults until all is recovered', {from: Math.min(...struck.map(w => w.from)), to: Math.max(...struck.map(w => w.to))}]);
  }
  return chosen;
}
function spanChoice(runs, xMax) {
  const choices = spans(runs, xMax);
  if (choices.length === 1) return null;
  const select = el('select', {id: 'span'}, choices.map(([label], i) => el('option', {value: i}, label)));
  select.addEventListener('change', () => {
    range.set(choices[select.value][1]);
    cursor.set(within(cursor.value));
  });
  return el('span', {class: 'controls'}, el('label', {for: 'span', class: 'muted'}, 'Show'), select);
}
function recoverySection(runs, common) {
  const what = 'A displaced pod ran when its host went down or when it was evicted from a suspect node. It is recovered when its ' +
    'owner has as many running pods again.';
  if (!runs.some(anyDisplaced)) return section('recovery', 'Recovery', 'No pod was displaced.');
  const yMax = top(runs, run => run.points.displaced);
  const longest = highest(runs, run => run.recovery);
  const curve = run => lineChart({...common(run), title: 'Displaced and recovered', yMax, about: 'Displaced and recovered pods, summed up over time', lines: [
    {name: 'displaced', values: run.points.displaced, colour: 'var(--c6)'},
    {name: 'recovered', values: run.points.recovered, colour: 'var(--c2)'}]});
  const shares = run => (run.recovery.length === 0 ? null : lineChart({title: 'How long it took', about: 'Share of recovered pods that ran again within a time',
    x: run.recovery, lines: [{name: 'ran again', values: run.recovery.map((_, i) => i), colour: 'var(--c0)'}],
    xMax: longest, yMax: 100, format: v => Math.round(v) + ' %', xName: 'within', start: run.recovery[50]}));
  const quick = run => (run.recovery.length === 0 ? null : el('p', {}, `Half of them ran again within ${time(run.recovery[50])}, nine of ten within ` +
    `${time(run.recovery[90])}, 99 of 100 within ${time(run.recovery[99])}, all within ${time(run.recovery[100])}.`));
  return section('recovery', 'Recovery', what, pair(runs, run => el('div', {}, charts(curve(run), shares(run)), quick(run))));
}

function utilisationSection(runs, common) {
  const chart = (run, resource, r) => {
    const wide = run.resources.length;
    const shareOf = z => run.used[z * wide + r].map(v => v / Math.max(1, run.capacity[z * wide + r]));
    const offering = run.zones.map((name, z) => z).filter(z => run.capacity[z * wide + r] > 0);
    if (!offering.some(z => run.used[z * wide + r].some(v => v > 0))) {
      return el('p', {class: 'muted'}, `${resource}: no running pod asked for any.`);
    }
    const shown = offering.length > 12 ? offering.slice(0, 12) : offering;
    return lineChart({...common(run), title: resource, about: `Share of ${resource} that running pods ask for, by zone`, yMax: 1, height: 150, format: percent,
      lines: shown.map(z => ({name: run.zones[z], values: shareOf(z)}))});
  };
  return section('utilisation', 'Utilisation', 'What running pods ask for, as a share of what all machines of the zone offer, those that are down included.',
    pair(runs, run => charts(run.resources.map((name, r) => chart(run, name, r)))));
}

function schedulingSection(runs, common) {
  const waits = run => [...run.points.p50, ...run.points.p99, ...run.points.max];
  const longest = Math.max(1, highest(runs, run => waits(run).filter(v => v > 0)));
  const yMax = 10 ** Math.ceil(Math.log10(longest));
  const queueMax = top(runs, run => run.points.waiting);
  const rateMax = top(runs, run => rates(run.points.t, run.points.decisions));
  const all = run => charts(
    lineChart({...common(run), title: 'From creation to binding', about: 'Scheduling latency of the pods bound at that time', log: true, yMin: 1e-3, yMax, format: time,
      lines: [{name: 'half of them within', values: orNull(run.points.p50)}, {name: '99 of 100 within', values: orNull(run.points.p99)},
        {name: 'all within', values: orNull(run.points.max)}]}),
    lineChart({...common(run), title: 'Queue', about: 'Pods without a node', yMax: queueMax, height: 140,
      lines: [{name: 'pods without a node', values: run.points.waiting, colour: 'var(--c1)'}]}),
    lineChart({...common(run), title: 'Decisions per second', about: 'Scheduling decisions per virtual second', yMax: rateMax, height: 140,
      lines: [{name: 'decisions/s', values: rates(run.points.t, run.points.decisions), colour: 'var(--c4)'}]}));
  return section('scheduling', 'Scheduling', 'Latency is the virtual time from a pod\'s creation to the commit of its binding, queueing included.', pair(runs, all));
}

/// The eight with the most of it, and the rest together.
function busiest(names, rows) {
  const order = names.map((_, i) => i).sort((a, b) => rows[b][rows[b].length - 1] - rows[a][rows[a].length - 1]);
  const shown = order.slice(0, 8).sort((a, b) => a - b).map(i => ({name: names[i], counts: rows[i]}));
  const rest = order.slice(8);
  if (rest.length) {
    shown.push({name: `${rest.length} others`, counts: rows[0].map((_, k) => rest.reduce((sum, i) => sum + rows[i][k], 0))});
  }
  return shown;
}
function loadSection(runs, common) {
  const parts = [['requests', 'Messages to api servers and node managers, per second', 'messages/s'],
    ['commits', 'Commits to the store, per second', 'commits/s'], ['changes', 'Objects changed in them, per second', 'objects/s']];
  const lines = (run, key) => busiest(run.partitions, run.load[key]).map(({name, counts}) => ({name, values: rates(run.points.t, counts)}));
  const all = run => charts(parts.map(([key, title]) => lineChart({...common(run), title, about: title + ', by partition', height: 150,
    yMax: top(runs, r => lines(r, key).flatMap(line => line.values)), lines: lines(run, key)})));
  return section('load', 'API and stores', 'tp-0, tp-1, … are the tenant partitions, rp-0, rp-1, … the resource partitions; each has a store of its own.', pair(runs, all));
}

function fairnessSection(runs, common) {
  const share = t => (t[1] ? percent(t[2] / t[1]) : '–');
  const all = run => el('div', {},
    lineChart({...common(run), title: 'Jain\'s index', about: 'Jain\'s index over tenants', yMax: 1, height: 140, format: v => v.toFixed(2),
      lines: [{name: 'fairness', values: run.points.fairness, colour: 'var(--c3)'}]}),
    table(run.tenants.length < run.tenantCount ? `The ${run.tenants.length} of ${run.tenantCount} tenants that fare worst` : 'Tenants, those that fare worst first',
      ['tenant', 'pods', 'running', 'share', 'cores', 'waited on average', 'at most'],
      run.tenants.slice(0, 12).map(t => [t[0], count(t[1]), count(t[2]), share(t), trim(t[3] / 1000), time(t[5]), time(t[6])]), [1, 2, 3, 4, 5, 6]),
    run.tenants.length > 12 ? behind(`${run.tenants.length - 12} more`, () => table('More tenants', ['tenant', 'pods', 'running', 'share', 'cores', 'waited on average', 'at most'],
      run.tenants.slice(12).map(t => [t[0], count(t[1]), count(t[2]), share(t), trim(t[3] / 1000), time(t[5]), time(t[6])]), [1, 2, 3, 4, 5, 6])) : null);
  return section('fairness', 'Fairness between tenants', 'Jain\'s index of the share of each tenant\'s pods that runs: 1 when all fare alike, 1/n when one of n has everything. ' +
    'Waiting is from creation to binding.', pair(runs, all));
}

function checksSection(runs) {
  const mark = good => el('span', {class: good ? 'good' : 'bad'}, good ? '✓ holds' : '✗ fails');
  const content = run => el('div', {},
    run.expectations.length ? table('Expectations of the scenario', ['expectation', 'seen', ''],
      run.expectations.map(([text, seen, holds]) => [text, seen, mark(holds)]), [1]) : el('p', {}, 'The scenario expects nothing.'),
    run.violations.length ? table('Violations', ['at', 'invariant', 'what'], run.violations.map(([at, name, text]) => [time(at), name, text]), [0])
      : el('p', {class: 'good'}, '✓ No invariant was broken.'),
    run.invariants.length ? behind(`${run.invariants.length} invariants and how often each was tested`, () => table('Invariants', ['invariant', 'tested'],
      run.invariants.map(([name, times]) => [name, count(times)]), [1])) : null);
  return section('checks', 'Expectations and invariants', '', pair(runs, content));
}

function repeatSection(runs) {
  const content = run => el('div', {}, el('pre', {}, run.command || 'not recorded'),
    table('What makes it the same run', ['', ''], [['seed', run.seed], ['profile', run.profile],
      ['trace hash', el('span', {class: 'mono'}, run.hash)], ['build', el('span', {class: 'mono'}, run.build || 'not recorded')]]),
    run.document ? behind('The scenario, with everything that it extends', () => el('pre', {}, run.document)) : null);
  return section('repeat', 'How to repeat it', 'A run is a pure function of scenario, seed and program: the same hash comes out again.', pair(runs, content));
}

function main() {
  const {runs} = JSON.parse(document.getElementById('data').textContent);
  for (const run of runs) {
    run.end = Math.max(run.points.t[run.points.t.length - 1] || 0, run.figures.virtual_seconds || 0);
  }
  const xMax = Math.max(1, ...runs.map(run => run.end));
  range.set({from: 0, to: xMax});
  const common = run => ({x: run.points.t, faults: run.faults.slice(0, 200), follow: true});
  const navigation = el('nav', {'aria-label': 'Sections'});
  const body = [
    section('figures', 'In short', '', runs.length === 1 ? cards(runs[0]) : null, figuresTable(runs)),
    section('timeline', 'What happened', 'Phases, faults while they last, and events. Shaded bands in the charts below are the faults. ' +
      'Phases are looked at once in a while; faults and events stand at their exact time.',
    pair(runs, run => el('div', {}, timeline(run), behind(`${plural(run.faults.length, 'fault')} and ${plural(run.notes.length, 'event')} as a list`, () => el('div', {}, story(run)))))),
    section('map', 'Machines', 'Each cell is a group of neighbours in a rack. Move the time here or in any chart: everything follows.', ...mapSection(runs)),
    podsSection(runs, common),
    recoverySection(runs, common),
    utilisationSection(runs, common),
    schedulingSection(runs, common),
    loadSection(runs, common),
    fairnessSection(runs, common),
    checksSection(runs),
    repeatSection(runs),
  ];
  navigation.append(el('div', {class: 'links', tabindex: 0}, sections.map(([id, title]) => el('a', {href: '#' + id}, title))),
    spanChoice(runs, xMax) || '');
  document.getElementById('report').replaceChildren(head(runs), navigation, ...body);
  const first = runs.flatMap(run => run.faults.map(f => f[0]));
  cursor.set(first.length ? Math.min(Math.min(...first) + xMax * 0.02, xMax) : xMax);
  document.documentElement.dataset.drawn = 'yes';
}

main();
