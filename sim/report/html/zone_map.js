// The machines of a region as cells of neighbours, painted by what they carry, at any time.

const VIEWS = [['cpu', 'CPU asked for'], ['memory', 'memory asked for'], ['up', 'machines up'], ['ready', 'nodes ready']];
const GAP = 14;

function unpack(run) {
  const text = atob(run.frames.levels);
  const size = run.cells.zone.length * 4;
  return run.frames.t.map((_, i) => {
    const frame = new Uint8Array(size);
    for (let k = 0; k < size; ++k) frame[k] = text.charCodeAt(i * size + k);
    return frame;
  });
}

function mix(a, b, share) {
  return a.map((part, i) => Math.round(part + (b[i] - part) * share));
}
function rgb(text) {
  const hex = text.trim().slice(1);
  return [0, 2, 4].map(i => parseInt(hex.slice(i, i + 2), 16));
}
function palette() {
  const style = getComputedStyle(document.documentElement);
  const get = name => rgb(style.getPropertyValue(name));
  const [low, middle, high] = [get('--heat0'), get('--heat1'), get('--heat2')];
  const ramp = [];
  for (let i = 0; i < 256; ++i) {
    const c = i < 128 ? mix(low, middle, i / 128) : mix(middle, high, (i - 128) / 127);
    ramp.push(`rgb(${c.join(',')})`);
  }
  return {ramp, down: style.getPropertyValue('--down'), stale: style.getPropertyValue('--stale'),
    ink: style.getPropertyValue('--ink'), page: style.getPropertyValue('--page')};
}

/// Zones stand beside one another, or below where it is narrow; cells fill each row by row.
function layout(run, width) {
  const zones = run.zones.map(name => ({name, cells: []}));
  run.cells.zone.forEach((zone, i) => zones[zone].cells.push(i));
  const fitting = Math.max(1, Math.min(zones.length, Math.floor(width / 190)));
  const column = (width - GAP * (fitting - 1)) / fitting;
  const most = Math.max(1, ...zones.map(z => z.cells.length));
  const across = Math.max(1, Math.ceil(Math.sqrt(most * Math.max(1, column / 150))));
  const exact = Math.max(2, Math.min(26, column / across));
  const side = exact > 3 ? Math.floor(exact) : exact;
  const places = [];
  let top = 0;
  let tallest = 0;
  zones.forEach((zone, z) => {
    if (z > 0 && z % fitting === 0) {
      top += tallest + GAP;
      tallest = 0;
    }
    const left = Math.round((z % fitting) * (column + GAP));
    zone.x = left;
    zone.y = top;
    const columns = Math.max(1, Math.floor(column / side));
    zone.cells.forEach((cell, i) => {
      places[cell] = [left + (i % columns) * side, top + 18 + Math.floor(i / columns) * side];
    });
    tallest = Math.max(tallest, 18 + Math.ceil(zone.cells.length / columns) * side);
  });
  return {zones, places, side, height: top + tallest};
}

function paint(canvas, run, frame, view, plan, colours) {
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(plan.height * scale);
  canvas.style.height = plan.height + 'px';
  const brush = canvas.getContext('2d');
  brush.scale(scale, scale);
  brush.font = '600 12px system-ui, sans-serif';
  brush.fillStyle = colours.ink;
  for (const zone of plan.zones) brush.fillText(zone.name.slice(0, 24), zone.x, zone.y + 12);
  const edge = plan.side > 5 ? 1 : 0;
  plan.places.forEach(([x, y], cell) => {
    const up = frame[cell * 4 + 2];
    const ready = frame[cell * 4 + 3];
    const level = frame[cell * 4 + view];
    const plain = view >= 2;
    brush.fillStyle = !plain && up < 128 ? colours.down : plain && level < 128 ? colours.down : colours.ramp[level];
    brush.fillRect(x, y, plan.side - edge, plan.side - edge);
    if (!plain && up >= 128 && ready < 128) {
      brush.strokeStyle = colours.stale;
      brush.lineWidth = Math.max(1, plan.side / 6);
      brush.strokeRect(x + 1, y + 1, plan.side - edge - 2, plan.side - edge - 2);
    }
    const crossed = plain ? level < 128 : up < 128;
    if (crossed && plan.side >= 6) {
      brush.strokeStyle = colours.page;
      brush.lineWidth = 1;
      brush.beginPath();
      brush.moveTo(x + 1.5, y + 1.5);
      brush.lineTo(x + plan.side - edge - 1.5, y + plan.side - edge - 1.5);
      brush.stroke();
    }
  });
}

/// By zone at the time shown: what the picture says, in figures.
function zoneFigures(run, frame) {
  return run.zones.map((name, z) => {
    let nodes = 0;
    const sums = [0, 0, 0, 0];
    run.cells.zone.forEach((zone, cell) => {
      if (zone !== z) return;
      const weight = run.cells.nodes[cell];
      nodes += weight;
      for (let k = 0; k < 4; ++k) sums[k] += frame[cell * 4 + k] / 255 * weight;
    });
    const share = k => (nodes ? sums[k] / nodes : 0);
    return [name, count(nodes), count(sums[2]), count(sums[3]), percent(share(0)), percent(share(1))];
  });
}

function zoneMap(run, state) {
  const frames = unpack(run);
  const canvas = el('canvas', {role: 'img', 'aria-label': `Machines of ${run.scenario}, zone by zone. The table below tells the same by zone.`});
  const readout = el('p', {class: 'muted hint', 'aria-live': 'polite'}, 'Point at a cell to see which machines it is.');
  const figures = el('div', {});
  const figure = el('figure', {}, canvas, readout, figures);
  let plan = null;
  let told = -1;
  const show = () => {
    if (!plan || !frames.length) return;
    const row = rowAt(run.frames.t, cursor.value);
    paint(canvas, run, frames[row], state.view, plan, palette());
    if (row === told) return;
    told = row;
    figures.replaceChildren(table(`Zones at ${time(run.frames.t[row])}`,
      ['zone', 'machines', 'up', 'ready', 'CPU', 'memory'], zoneFigures(run, frames[row]), [1, 2, 3, 4, 5]));
  };
  canvas.addEventListener('pointermove', event => {
    if (!plan) return;
    const box = canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const cell = plan.places.findIndex(([x, y]) => px >= x && px < x + plan.side && py >= y && py < y + plan.side);
    if (cell < 0) return;
    const frame = frames[rowAt(run.frames.t, cursor.value)];
    const part = k => percent(frame[cell * 4 + k] / 255);
    readout.textContent = `${run.cells.nodes[cell]} machines from ${run.cells.first[cell]} on, rack ${run.cells.rack[cell]}: ` +
      `CPU ${part(0)}, memory ${part(1)}, up ${part(2)}, ready ${part(3)}`;
  });
  cursor.follow(show);
  state.repaint.push(() => {
    told = -1;
    show();
  });
  whenSized(figure, width => {
    plan = layout(run, width);
    show();
  });
  return figure;
}

/// The slider, the choice of what is painted, and the maps of all runs.
function mapSection(runs) {
  const state = {view: 0, repaint: []};
  const repaint = () => state.repaint.forEach(f => f());
  const view = el('select', {'aria-label': 'What the map shows'},
    VIEWS.map(([key, label], i) => el('option', {value: i}, label)));
  view.addEventListener('change', () => {
    state.view = Number(view.value);
    repaint();
  });
  const slider = el('input', {type: 'range', min: 0, max: 1000, value: 0, 'aria-label': 'Time shown'});
  const shown = el('output', {class: 'value', style: 'min-width: 5.5em'});
  slider.addEventListener('input', () => {
    const {from, to} = range.value;
    cursor.set(from + Number(slider.value) / 1000 * (to - from));
  });
  const place = () => {
    const {from, to} = range.value;
    shown.textContent = time(cursor.value);
    slider.value = Math.round((cursor.value - from) / (to - from) * 1000);
    slider.setAttribute('aria-valuetext', time(cursor.value));
  };
  cursor.follow(place);
  range.follow(place);
  const play = el('button', {type: 'button'}, 'Play');
  let timer = 0;
  play.addEventListener('click', () => {
    if (timer) {
      clearInterval(timer);
      timer = 0;
      play.textContent = 'Play';
      return;
    }
    const {from, to} = range.value;
    if (cursor.value >= to) cursor.set(from);
    play.textContent = 'Stop';
    timer = setInterval(() => {
      cursor.set(within(cursor.value + (to - from) / 150));
      if (cursor.value >= to) play.click();
    }, 100);
  });
  for (const query of ['(prefers-color-scheme: dark)', 'print']) {
    window.matchMedia(query).addEventListener('change', repaint);
  }
  window.addEventListener('beforeprint', repaint);
  window.addEventListener('afterprint', repaint);
  const legend = el('ul', {class: 'legend', 'aria-hidden': true},
    el('li', {}, '0 %', el('span', {class: 'ramp'}), '100 %'),
    el('li', {}, el('span', {class: 'swatch', style: 'background: var(--down)'}), 'down'),
    el('li', {}, el('span', {class: 'swatch', style: 'border: 3px solid var(--stale)'}), 'up, not ready by the stores'));
  return [el('div', {class: 'controls'}, view, play, slider, shown), legend,
    el('div', {class: 'pair'}, runs.map(run => panel(runs, run, zoneMap(run, state))))];
}
