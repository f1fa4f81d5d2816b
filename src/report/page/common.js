'use strict';
// What the pages share: building elements (text only ever enters as text), tables that
// sort, and charts that follow the colours of the page.

const data = JSON.parse(document.getElementById('page-data').textContent);

const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)}\u00a0%`;
const plain = (number, digits = 3) => Number(number).toFixed(digits);
const byId = (id) => document.getElementById(id);

/** An element with attributes and children; strings become text nodes. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Shows a section; those of which the page has no data stay hidden, and so does their link. */
function reveal(id) {
  byId(id).hidden = false;
  const link = document.querySelector(`nav a[href="#${id}"]`);
  if (link) link.parentElement.hidden = false;
}

/**
 * A table from columns {title, value(row), show(row) -> node or text, text: left-aligned}.
 * The first column heads its row. A press on a column's title sorts by it.
 */
function sortableTable(columns, rows, {caption, tall = false, sortable = true} = {}) {
  const body = make('tbody');
  const heads = columns.map((column, index) => {
    const title = sortable ? make('button', {type: 'button'}, column.title) : column.title;
    const head = make('th', {scope: 'col', class: column.text ? 'text' : undefined}, title);
    if (sortable) title.addEventListener('click', () => sortBy(index));
    return head;
  });
  const built = rows.map((row) => ({
    row,
    element: make('tr', {}, columns.map((column, index) => {
      const shown = column.show ? column.show(row) : column.value(row);
      const attributes = {class: column.text ? 'text' : undefined};
      return index === 0 ? make('th', {scope: 'row', ...attributes}, shown)
                         : make('td', attributes, shown);
    })),
  }));
  function sortBy(index) {
    const head = heads[index];
    const was = head.getAttribute('aria-sort');
    const down = was ? was === 'ascending' : !columns[index].text;
    for (const other of heads) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const value = columns[index].value;
    built.sort((a, b) => {
      const [x, y] = [value(a.row), value(b.row)];
      const order = typeof x === 'string' ? x.localeCompare(y) : x - y;
      return down ? -order : order;
    });
    body.append(...built.map((each) => each.element));
  }
  body.append(...built.map((each) => each.element));
  // A table that scrolls says how much there is of it.
  const size = tall ? ` (${rows.length} rows; scroll for more)` : '';
  const table = make('table', {}, make('caption', {}, make('span', {}, caption, make('span', {class: 'screen'}, size))),
                     make('thead', {}, make('tr', {}, heads)), body);
  const frame = make('div', {class: tall ? 'scroll tall' : 'scroll', tabindex: 0, role: 'region',
                             'aria-label': caption}, table);
  /** Shows only the rows for which `keep` holds, and returns how many those are. */
  frame.filter = (keep) => {
    let shown = 0;
    for (const each of built) {
      each.element.hidden = !keep(each.row);
      if (!each.element.hidden) ++shown;
    }
    return shown;
  };
  return frame;
}

/** Two columns: what, and its value. */
function factTable(caption, pairs) {
  return make('table', {}, make('caption', {}, caption),
              make('tbody', {}, pairs.map(([name, value]) => make('tr', {},
                make('th', {scope: 'row'}, name), make('td', {class: 'text'}, String(value))))));
}

function card(title, value, note) {
  return make('div', {class: 'card'}, make('dt', {}, title),
              make('dd', {}, make('div', {class: 'value'}, value),
                   note ? make('div', {class: 'note'}, note) : null));
}

// ---- charts ----

const charts = [];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function paintCharts() {
  Chart.defaults.color = colour('--text');
  Chart.defaults.borderColor = colour('--line');
  for (const {chart, paint} of charts) {
    for (const scale of Object.values(chart.options.scales)) {
      scale.grid = {...scale.grid, color: colour('--line')};
      scale.ticks = {...scale.ticks, color: colour('--text')};
      scale.title = {...scale.title, color: colour('--text')};
    }
    chart.options.plugins.legend.labels = {...chart.options.plugins.legend.labels,
                                           color: colour('--text')};
    paint(chart);
    chart.update('none');
  }
}

/** What charts show, as a table to unfold. */
function numbers(title, table) {
  return make('details', {}, make('summary', {}, title), table);
}

/**
 * Draws into `place`: a canvas that says in words what it shows. The page gives its numbers as
 * a table besides. `paint(chart)` gives the data sets their colours, now and when the page's
 * change.
 */
function drawChart(place, {title, words, config, paint, frame = 'chart'}) {
  const canvas = make('canvas', {role: 'img', 'aria-label': words});
  place.append(make('figure', {}, make('h3', {}, title), make('div', {class: frame}, canvas)));
  config.options = {
    animation: false, responsive: true, maintainAspectRatio: false,
    interaction: {mode: 'index', intersect: false},
    ...config.options,
  };
  config.options.plugins = {legend: {labels: {boxWidth: 24, boxHeight: 2}}, ...config.options.plugins};
  paint(config);
  charts.push({chart: new Chart(canvas, config), paint});
}

/** For an axis of numbers: labels are left out rather than turned. */
const upright = {ticks: {maxRotation: 0}};

function axis(title, extra = {}) {
  return {title: {display: true, text: title}, ...extra};
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paintCharts);
// On paper nothing can be unfolded.
let unfolded = [];
addEventListener('beforeprint', () => {
  unfolded = [...document.querySelectorAll('details:not([open])')];
  for (const each of unfolded) each.open = true;
  paintCharts();
});
addEventListener('afterprint', () => {
  for (const each of unfolded) each.open = false;
  paintCharts();
});
