// A line chart: figures over time (or over another x), with a legend that tells the values at the
// cursor and a table behind it.

const MARGIN = {left: 54, right: 10, top: 8, bottom: 22};

function niceStep(span, most) {
  const raw = span / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map(f => f * power).find(step => step >= raw);
}

function ticks(from, to, most) {
  if (!(to > from)) return [from];
  const step = niceStep(to - from, most);
  const marks = [];
  for (let at = Math.ceil(from / step) * step; at <= to + step * 1e-6; at += step) marks.push(at);
  return marks;
}

/// Ticks of time: whole seconds, minutes, hours.
function timeTicks(from, to, most) {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400,
    21600, 43200, 86400, 172800, 604800, 2592000];
  const step = steps.find(s => (to - from) / s <= most) || steps[steps.length - 1];
  const marks = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) marks.push(at);
  return marks;
}
function clock(seconds) {
  if (seconds === 0) return '0';
  if (seconds >= 86400 && seconds % 86400 === 0) return seconds / 86400 + ' d';
  if (seconds >= 3600 && seconds % 1800 === 0) return seconds / 3600 + ' h';
  if (seconds >= 60 && seconds % 60 === 0) return seconds / 60 + ' m';
  if (seconds > 60) return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
  return trim(seconds) + ' s';
}

const DASHES = ['', '6 3', '2 3', '8 3 2 3'];
const dash = i => DASHES[i % DASHES.length];
const colour = i => `var(--c${i % 8})`;

function lineScale(from, to, low, high) {
  const span = to > from ? to - from : 1;
  return value => low + (value - from) / span * (high - low);
}
function logScale(from, to, low, high) {
  const scale = lineScale(Math.log10(from), Math.log10(to), low, high);
  return value => scale(Math.log10(Math.max(value, from)));
}

/// spec: {title, about, x, lines: [{name, values, colour?}], xMax, yMax, yMin, log, format, faults,
/// follow, start}. values may hold nulls: there is no line there. With `follow`, x is virtual time,
/// and the chart shows the common span of it and the common cursor.
function lineChart(spec) {
  const format = spec.format || short;
  const drawing = svg('svg', {role: 'img', tabindex: 0, 'aria-label': describe(spec, format)});
  const values = spec.lines.map(() => el('span', {class: 'value'}));
  const when = el('span', {class: 'muted'});
  const legend = el('ul', {class: 'legend'}, el('li', {}, when), spec.lines.map((line, i) =>
    el('li', {}, svg('svg', {viewBox: '0 0 22 10', 'aria-hidden': true},
      svg('line', {x1: 1, y1: 5, x2: 21, y2: 5, stroke: line.colour || colour(i),
        'stroke-width': 2.5, 'stroke-dasharray': dash(Math.floor(i / 2))})), line.name, values[i])));
  const figure = el('figure', {}, spec.title ? el('h3', {}, spec.title) : null, drawing, legend,
    behind('Table', () => chartTable(spec, format)));
  let mark = null;
  let xOf = x => x;
  let shown = spec.start || 0;
  const span = () => (spec.follow ? range.value : {from: 0, to: spec.xMax});

  const tell = at => {
    shown = at;
    const row = rowAt(spec.x, at);
    when.textContent = time(at);
    spec.lines.forEach((line, i) => {
      const value = line.values[row];
      values[i].textContent = value === null || value === undefined ? '–' : format(value);
    });
    if (mark) {
      mark.setAttribute('x1', xOf(at));
      mark.setAttribute('x2', xOf(at));
    }
  };
  const go = at => {
    const {from, to} = span();
    const inside = Math.min(Math.max(at, from), to);
    if (spec.follow) cursor.set(inside); else tell(inside);
  };
  const draw = width => {
    drawing.replaceChildren();
    const drawn = drawLines(drawing, spec, span(), width, format);
    xOf = drawn.xOf;
    mark = svg('line', {class: 'cursor', y1: MARGIN.top, y2: drawn.bottom});
    drawing.append(mark);
    tell(shown);
  };
  drawing.addEventListener('pointermove', event => {
    const box = drawing.getBoundingClientRect();
    const share = (event.clientX - box.left - MARGIN.left) / (box.width - MARGIN.left - MARGIN.right);
    const {from, to} = span();
    go(from + share * (to - from));
  });
  drawing.addEventListener('keydown', event => {
    const step = {ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10}[event.key];
    if (!step) return;
    event.preventDefault();
    go(shown + step * (span().to - span().from) / 100);
  });
  const redraw = whenSized(figure, draw);
  if (spec.follow) {
    cursor.follow(tell);
    range.follow(redraw);
  }
  return figure;
}

let clips = 0;

function drawLines(drawing, spec, {from, to}, width, format) {
  const height = spec.height || 190;
  const bottom = height - MARGIN.bottom;
  drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const xOf = lineScale(from, to, MARGIN.left, width - MARGIN.right);
  const clip = `clip${++clips}`;
  drawing.append(svg('clipPath', {id: clip}, svg('rect', {x: MARGIN.left, y: 0,
    width: Math.max(width - MARGIN.left - MARGIN.right, 1), height})));
  const inside = svg('g', {'clip-path': `url(#${clip})`});
  const yOf = spec.log ? logScale(spec.yMin, spec.yMax, bottom, MARGIN.top)
    : lineScale(spec.yMin || 0, spec.yMax, bottom, MARGIN.top);
  for (const [begins, ends] of spec.faults || []) {
    const left = xOf(begins);
    const right = xOf(ends < 0 ? to : ends);
    inside.append(svg('rect', {class: 'fault', x: left, y: MARGIN.top,
      width: Math.max(right - left, 1.5), height: bottom - MARGIN.top}));
  }
  const yMarks = spec.log ? decades(spec.yMin, spec.yMax) : ticks(spec.yMin || 0, spec.yMax, 4);
  for (const value of yMarks) {
    const y = yOf(value);
    drawing.append(svg('line', {class: 'grid', x1: MARGIN.left, x2: width - MARGIN.right, y1: y, y2: y}),
      svg('text', {x: MARGIN.left - 6, y: y + 4, 'text-anchor': 'end'}, format(value)));
  }
  drawing.append(inside);
  for (const value of timeTicks(from, to, Math.max(2, Math.floor(width / 90)))) {
    const anchor = xOf(value) > width - 24 ? 'end' : 'middle';
    drawing.append(svg('text', {x: Math.min(xOf(value), width - 2), y: height - 6, 'text-anchor': anchor}, clock(value)));
  }
  drawing.append(svg('line', {class: 'axis', x1: MARGIN.left, x2: width - MARGIN.right, y1: bottom, y2: bottom}));
  spec.lines.forEach((line, i) => {
    inside.append(svg('path', {class: 'line', d: pathOf(spec.x, line.values, xOf, yOf),
      stroke: line.colour || colour(i), 'stroke-dasharray': dash(Math.floor(i / 2))}));
  });
  return {xOf, bottom};
}

function decades(from, to) {
  const marks = [];
  for (let at = from; at <= to * 1.001; at *= 10) marks.push(at);
  return marks;
}

/// A single point between two gaps is a short dash.
function pathOf(x, values, xOf, yOf) {
  let path = '';
  let drawing = false;
  for (let i = 0; i < x.length; ++i) {
    if (values[i] === null || values[i] === undefined) {
      drawing = false;
      continue;
    }
    const at = `${xOf(x[i]).toFixed(1)} ${yOf(values[i]).toFixed(1)}`;
    const alone = !drawing && (i + 1 >= x.length || values[i + 1] === null);
    path += `${drawing ? 'L' : 'M'}${at}` + (alone ? 'h1.5' : '');
    drawing = true;
  }
  return path;
}

function describe(spec, format) {
  const said = spec.lines.map(line => {
    const known = line.values.filter(v => v !== null && v !== undefined);
    if (!known.length) return `${line.name}: nothing`;
    return `${line.name}: from ${format(known[0])} to ${format(known[known.length - 1])}, ` +
      `at least ${format(known.reduce((a, b) => Math.min(a, b)))}, at most ${format(known.reduce((a, b) => Math.max(a, b)))}`;
  });
  return `${spec.about || spec.title || 'chart'}. ${said.join('; ')}. The table below has the figures.`;
}

function chartTable(spec, format) {
  return table(spec.about || spec.title || 'figures', [spec.xName || 'at', ...spec.lines.map(l => l.name)],
    places(spec.x.length, 60).map(i => [time(spec.x[i]), ...spec.lines.map(line =>
      line.values[i] === null || line.values[i] === undefined ? '–' : format(line.values[i]))]),
    spec.lines.map((_, i) => i + 1));
}

/// Calls draw(width) now and whenever the element has another width. Gives what draws it again.
function whenSized(element, draw) {
  let width = 0;
  const look = () => {
    const now = Math.round(element.clientWidth);
    if (now > 0 && now !== width) draw(width = now);
  };
  new ResizeObserver(look).observe(element);
  return () => {
    if (width > 0) draw(width);
  };
}
