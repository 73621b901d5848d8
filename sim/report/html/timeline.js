// What happened: phases, faults and what the roles said, over one axis of time.

const LANE = 24;
const MOST_LANES = 10;

/// Faults that say the same but for names and numbers share a lane when there are many.
function faultLanes(faults) {
  const alone = faults.map(([begins, ends, text]) => ({label: text, spans: [[begins, ends]]}));
  if (alone.length <= MOST_LANES) return alone;
  const kinds = new Map();
  for (const [begins, ends, text] of faults) {
    const kind = text.replace(/\b[\w.-]*\d[\w.-]*\b/g, '…');
    if (!kinds.has(kind)) kinds.set(kind, {label: kind, spans: []});
    kinds.get(kind).spans.push([begins, ends]);
  }
  const lanes = [...kinds.values()].sort((a, b) => b.spans.length - a.spans.length);
  for (const lane of lanes) lane.label = `${lane.spans.length} × ${lane.label}`;
  return lanes.slice(0, MOST_LANES);
}

function phaseSpans(run, end) {
  return run.phases.map(([at, name], i) =>
    [at, i + 1 < run.phases.length ? run.phases[i + 1][0] : end, name])
    .filter(([from, to, name]) => to > from && name !== 'over');
}

function timeline(run) {
  const lanes = faultLanes(run.faults);
  const drawing = svg('svg', {role: 'img', 'aria-label': `Timeline of ${run.scenario}: ` +
    `${plural(run.faults.length, 'fault')}, ${plural(run.notes.length, 'event')}. The list below has them.`});
  const figure = el('figure', {}, drawing);
  let mark = null;
  let xOf = x => x;
  const draw = width => {
    drawing.replaceChildren();
    const height = 22 + LANE * (1 + lanes.length * 2) + 26;
    drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
    const {from: first, to: last} = range.value;
    const whole = lineScale(first, last, 4, width - 10);
    xOf = at => Math.min(Math.max(whole(at), 4), width - 10);
    const seen = (begins, ends) => begins <= last && ends >= first;
    let y = 2;
    for (const [from, to, name] of phaseSpans(run, run.end).filter(p => seen(p[0], p[1]))) {
      const wide = xOf(to) - xOf(from);
      drawing.append(svg('rect', {x: xOf(from), y, width: Math.max(wide - 1, 1), height: LANE - 6,
        fill: colour([7, 0, 6, 1, 2][['building', 'running', 'faults', 'recovering', 'settling'].indexOf(name)] || 0),
        'fill-opacity': 0.28, class: 'bar'}, svg('title', {}, `${name} from ${time(from)} to ${time(to)}`)));
      if (wide > name.length * 6.5 + 8) {
        drawing.append(svg('text', {class: 'strong', x: xOf(from) + 4, y: y + 13}, name));
      }
    }
    y += LANE;
    for (const lane of lanes) {
      drawing.append(svg('text', {class: 'strong', x: labelAt(xOf(lane.spans[0][0]), lane.label, width), y: y + 14}, lane.label));
      y += LANE - 6;
      for (const [begins, ends] of lane.spans.filter(s => seen(s[0], s[1] < 0 ? last : s[1]))) {
        const right = xOf(ends < 0 ? run.end : Math.min(ends, run.end));
        drawing.append(svg('rect', {x: xOf(begins), y, width: Math.max(right - xOf(begins), 2),
          height: LANE - 12, fill: 'var(--c6)', 'fill-opacity': 0.75, class: 'bar'},
        svg('title', {}, `${lane.label}: from ${time(begins)}` + (ends < 0 ? '' : ` to ${time(ends)}`))));
      }
      y += LANE;
    }
    for (const [at, text] of run.notes.filter(n => seen(n[0], n[0]))) {
      drawing.append(svg('line', {class: 'axis', x1: xOf(at), x2: xOf(at), y1: y, y2: y + 12},
        svg('title', {}, `${time(at)}  ${text}`)));
    }
    y += 18;
    drawing.append(svg('line', {class: 'axis', x1: 4, x2: width - 10, y1: y, y2: y}));
    for (const value of timeTicks(first, last, Math.max(2, Math.floor(width / 90)))) {
      drawing.append(svg('text', {x: Math.max(xOf(value), 8), y: y + 15, 'text-anchor': 'middle'}, clock(value)));
    }
    drawing.setAttribute('viewBox', `0 0 ${width} ${y + 22}`);
    mark = svg('line', {class: 'cursor', y1: 0, y2: y});
    drawing.append(mark);
    move(cursor.value);
  };
  const move = at => {
    if (!mark) return;
    mark.setAttribute('x1', xOf(at));
    mark.setAttribute('x2', xOf(at));
  };
  cursor.follow(move);
  drawing.addEventListener('pointermove', event => {
    const box = drawing.getBoundingClientRect();
    const {from, to} = range.value;
    cursor.set(within(from + (event.clientX - box.left - 4) / (box.width - 14) * (to - from)));
  });
  range.follow(whenSized(figure, draw));
  return figure;
}

/// Where a label begins so that it ends inside.
function labelAt(x, label, width) {
  return Math.max(4, Math.min(x, width - 10 - label.length * 6.2));
}

/// Faults and notes in the order of time.
function story(run) {
  const rows = run.faults.flatMap(([begins, ends, text]) =>
    [[begins, 'fault', text], ...(ends < 0 ? [] : [[ends, 'over', text]])]);
  const struck = new Set(run.faults.map(([at, , text]) => at + text));
  for (const [at, text] of run.notes) if (!struck.has(at + text)) rows.push([at, 'event', text]);
  rows.sort((a, b) => a[0] - b[0]);
  const left = run.faultsLeftOut + run.notesLeftOut;
  return [
    table(`What happened in ${run.scenario}`, ['at', 'kind', 'what'],
      rows.map(([at, kind, text]) => [time(at), kind, text]), [0]),
    left > 0 ? el('p', {class: 'muted'}, `${count(left)} more are left out here.`) : null,
  ];
}
