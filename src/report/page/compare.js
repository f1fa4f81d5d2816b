'use strict';
// Fills the page of several evaluations side by side.

const runs = data.runs;
const range = (run, score) => run.intervals ? run.intervals[score] : null;

function scores() {
  const share = (title, key) => ({
    title, value: (run) => run[key],
    show: (run) => {
      const interval = range(run, key);
      return interval ? `${percent(run[key])} (${(100 * interval[0]).toFixed(1)}\u2013${(100 * interval[1]).toFixed(1)})` : percent(run[key]);
    },
  });
  byId('table').append(sortableTable([
    {title: 'Run', text: true, value: (run) => run.name},
    {title: 'Clips', value: (run) => run.clips},
    share('Top-1', 'top1'), share('Top-5', 'top5'), share('Mean class accuracy', 'mean_class_accuracy'),
    {title: 'Loss', value: (run) => run.loss, show: (run) => plain(run.loss)},
    {title: 'Calibration error', value: (run) => run.calibration ? run.calibration.ece : NaN,
     show: (run) => run.calibration ? percent(run.calibration.ece) : ''},
    {title: 'Mean-pool baseline', value: (run) => run.baseline ? run.baseline.top1 : NaN,
     show: (run) => run.baseline ? percent(run.baseline.top1) : ''},
  ], runs, {caption: 'In brackets: bootstrap intervals. Press a column’s title to sort.'}));

  // The bar reaches to the score; a second, floating one spans its interval.
  drawChart(byId('chart'), {
    title: 'Top-1',
    words: runs.map((run) => `${run.name}: ${percent(run.top1)}`).join('; '),
    config: {
      type: 'bar',
      data: {labels: runs.map((run) => run.name), datasets: [
        {label: 'Top-1', data: runs.map((run) => run.top1), maxBarThickness: 28, grouped: false, order: 1},
        {label: 'Interval', data: runs.map((run) => range(run, 'top1')), maxBarThickness: 6, grouped: false, order: 0},
      ]},
      options: {indexAxis: 'y', interaction: {mode: 'nearest', intersect: false},
                scales: {x: axis('Share of clips', {min: 0, max: 1, ticks: {callback: (v) => percent(v, 0)}}),
                         y: {ticks: {}}},
                plugins: {legend: {labels: {boxWidth: 14, boxHeight: 10}}}},
    },
    paint: (chart) => ['--accent', '--second'].forEach((token, i) => {
      chart.data.datasets[i].backgroundColor = colour(token);
    }),
  });
}

function classes() {
  const known = new Map();
  runs.forEach((run, i) => (run.classes || []).forEach((row) => {
    if (!known.has(row.label)) known.set(row.label, {label: row.label, recall: []});
    known.get(row.label).recall[i] = row.support > 0 ? row.recall : NaN;
  }));
  const rows = [...known.values()];
  if (rows.length === 0) return;
  reveal('classes');
  const shown = (value) => value === undefined || Number.isNaN(value) ? '' : percent(value);
  const table = sortableTable([
    {title: 'Class', text: true, value: (row) => row.label},
    ...runs.map((run, i) => ({title: run.name, value: (row) => row.recall[i] ?? NaN, show: (row) => shown(row.recall[i])})),
  ], rows, {caption: 'Share of each class’s clips that were named rightly', tall: rows.length > 14});
  byId('class-table').append(table);
  byId('class-controls').hidden = rows.length < 10;
  byId('class-search').addEventListener('input', () => {
    const wanted = byId('class-search').value.toLowerCase();
    byId('class-count').textContent =
      `${table.filter((row) => row.label.toLowerCase().includes(wanted))} of ${rows.length} classes`;
  });
}

for (const warning of data.warnings) {
  byId('warnings').append(make('p', {class: 'warning', role: 'note'}, make('strong', {}, 'Warning: '), warning));
}
scores();
classes();
byId('command').textContent = data.command;
paintCharts();
