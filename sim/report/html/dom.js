'use strict';
// Elements, texts and numbers. Whatever comes out of the data gets into the page as text alone.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}
const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

const count = value => Math.round(value).toLocaleString('en-US');

function short(value) {
  const size = Math.abs(value);
  for (const [unit, power] of [['G', 1e9], ['M', 1e6], ['k', 1e3]]) {
    if (size >= power) return trim(value / power) + ' ' + unit;
  }
  return trim(value);
}
const trim = value => String(Number(value.toPrecision(3)));

function bytes(value) {
  for (const [unit, power] of [['PiB', 50], ['TiB', 40], ['GiB', 30], ['MiB', 20], ['KiB', 10]]) {
    if (Math.abs(value) >= 2 ** power) return trim(value / 2 ** power) + ' ' + unit;
  }
  return count(value) + ' B';
}

/// Seconds for people; below 0 there is none.
function time(seconds) {
  if (seconds < 0) return 'none';
  if (seconds > 0 && seconds < 1) return trim(seconds * 1000) + ' ms';
  if (seconds < 120) return trim(seconds) + ' s';
  const whole = Math.round(seconds);
  if (whole < 7200) return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor(whole % 3600 / 60)).padStart(2, '0')} m`;
}
const percent = share => (share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0) + ' %';

/// rows: arrays of cells. A cell may be a node. `numbers`: which columns stand to the right.
function table(caption, heads, rows, numbers) {
  const right = new Set(numbers || []);
  const cls = i => (right.has(i) ? 'number' : null);
  return el('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption},
    el('table', {}, el('caption', {class: 'muted', style: 'text-align:left'}, caption),
      el('thead', {}, el('tr', {}, heads.map((h, i) => el('th', {scope: 'col', class: cls(i)}, h)))),
      el('tbody', {}, rows.map(row =>
        el('tr', {}, row.map((cell, i) => el('td', {class: cls(i)}, cell)))))));
}

/// A table that is made when it is first opened.
function behind(label, make) {
  const details = el('details', {}, el('summary', {}, label));
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) details.append(make());
  });
  return details;
}

/// At most `most` places out of `size`, the last one among them.
function places(size, most) {
  const step = Math.max(1, Math.ceil(size / most));
  const chosen = [];
  for (let i = 0; i < size; i += step) chosen.push(i);
  if (size > 0 && chosen[chosen.length - 1] !== size - 1) chosen.push(size - 1);
  return chosen;
}

/// The row that holds at a time: the last one that is not later.
function rowAt(times, at) {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (times[middle] <= at) low = middle; else high = middle - 1;
  }
  return low;
}

const plural = (number, one) => `${count(number)} ${one}${number === 1 ? '' : 's'}`;

// One time for all charts and maps, and one span of time that they show: change them anywhere, and
// everything follows.
function shared(value) {
  return {
    value,
    listeners: [],
    set(changed) {
      this.value = changed;
      for (const listener of this.listeners) listener(changed);
    },
    follow(listener) {
      this.listeners.push(listener);
    },
  };
}
const cursor = shared(0);
const range = shared({from: 0, to: 1});
const within = at => Math.min(Math.max(at, range.value.from), range.value.to);
