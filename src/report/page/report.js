'use strict';
// Fills the page of one evaluation.

function withInterval(score) {
  const interval = data.intervals[score];
  return `${percent(interval[0])} to ${percent(interval[1])}`;
}

function summary() {
  const level = `${Math.round(100 * data.intervals.level)} %`;
  byId('cards').append(
    card('Top-1', percent(data.top1), withInterval('top1')),
    card('Top-5', percent(data.top5), withInterval('top5')),
    card('Mean class accuracy', percent(data.mean_class_accuracy),
         withInterval('mean_class_accuracy')),
    card('Loss', plain(data.loss),
         `${plain(data.intervals.loss[0])} to ${plain(data.intervals.loss[1])}`),
    ...(data.baseline ? [card('Mean-pool baseline', percent(data.baseline.top1),
                              'top-1 without order')] : []),
    card('Most frequent label', percent(data.majority), `chance ${percent(data.chance)}`),
  );
  for (const place of data.places) {
    byId('cards').append(card(place.name, percent(place.top1),
      `${percent(place.interval[0])} to ${percent(place.interval[1])}; ${place.from}`));
  }
  const grouped = data.intervals.groups < data.clips;
  byId('intervals').textContent =
    `${data.clips} clips of ${data.labels.length} classes (${data.split}). Below each score: where ` +
    `it would lie in ${level} of such test sets, by ${data.intervals.resamples} bootstrap ` +
    `resamples of ${grouped ? `the ${data.intervals.groups} groups of clips that belong together`
                            : 'the clips'}.`;
  for (const {name, mcnemar: test, top1} of data.tests) {
    const low = test.p_value < 0.001 ? 'p < 0.001' : `p = ${plain(test.p_value)}`;
    byId('tests').append(make('p', {}, `Against ${name} (top-1 ${percent(top1)}): ` +
      (test.only_first + test.only_second === 0 ? 'both are right on the same clips.'
        : `${test.only_first} clips are right only with this model, ${test.only_second} only ` +
          `with the other; McNemar’s exact test: ${low}` +
          (test.p_value < 0.05 ? '.' : ', so the difference may be chance.'))));
  }
  for (const warning of data.warnings) {
    byId('warnings').append(make('p', {class: 'warning', role: 'note'},
                                 make('strong', {}, 'Warning: '), warning));
  }
}

function heads() {
  if (data.heads.length === 0) return;
  const spread = (score) => score.values.length > 1
    ? `${percent(score.mean)} ± ${(100 * score.deviation).toFixed(1)}` : percent(score.mean);
  const columns = [
    {title: 'Head', text: true, value: (row) => row.name},
    {title: 'Test top-1', value: (row) => row.top1.mean, show: (row) => spread(row.top1)},
    {title: 'Test top-5', value: (row) => row.top5.mean, show: (row) => spread(row.top5)},
    {title: 'Mean class accuracy', value: (row) => row.mean_class_accuracy.mean,
     show: (row) => spread(row.mean_class_accuracy)},
    {title: 'Loss', value: (row) => row.loss.mean, show: (row) => row.loss.values.length > 1
      ? `${plain(row.loss.mean)} ± ${plain(row.loss.deviation)}` : plain(row.loss.mean)},
    {title: 'Seeds', value: (row) => row.top1.values.length},
  ];
  byId('heads').append(make('h3', {}, 'Beside it'),
                       sortableTable(columns, data.heads,
                                     {caption: 'The same clips by other heads; mean and standard deviation over the seeds'}));
}

function dataset() {
  const set = data.dataset;
  if (!set) return;
  reveal('data');
  byId('facts-data').append(factTable('What was read', set.facts));
  byId('counts').append(sortableTable([
    {title: 'Class', text: true, value: (row) => row.label},
    {title: 'Train', value: (row) => row.train},
    {title: 'Validation', value: (row) => row.val},
    {title: 'Test', value: (row) => row.test},
    {title: 'No split', value: (row) => row.none},
  ], set.classes, {caption: 'Clips of each class by split', tall: set.classes.length > 14}));
  if (data.unusable.length > 0) {
    byId('unusable').append(make('details', {},
      make('summary', {}, `${data.unusable.length} unusable clips, left out`),
      sortableTable([
        {title: 'Clip', text: true, value: (row) => row.path},
        {title: 'Reason', text: true, value: (row) => row.reason},
      ], data.unusable, {caption: 'Clips that could not be used', tall: data.unusable.length > 14})));
  }
}

function scenes() {
  if (data.scenes.length === 0) return;
  reveal('scenes');
  for (const scene of data.scenes) {
    byId('scene-rows').append(make('figure', {class: 'scene'},
      make('figcaption', {}, `${scene.name}: ${scene.clips} clips (${scene.splits})`),
      scene.pictures.map((picture) => picture.image
        ? make('img', {src: picture.image, alt: `${picture.label}: ${picture.path}`,
                       title: `${picture.label}: ${picture.path}`, width: 96, height: 96, loading: 'lazy'})
        : make('span', {class: 'dim'}, picture.path))));
  }
}

function training() {
  const members = (data.training && data.training.members) || [];
  if (members.length === 0) return;
  reveal('training');
  const longest = Math.max(...members.map((member) => member.epochs.length));
  const epochs = Array.from({length: longest}, (_, i) => i + 1);
  const names = (title) => members.length > 1
    ? members.map((_, i) => `${title}, head ${i + 1}`) : [title];
  const dashes = [[], [6, 4], [2, 3], [10, 3, 2, 3]];
  const line = (label, i, key) => ({
    clip: 8, label, data: members[i].epochs.map((epoch) => epoch[key]), borderWidth: 2,
    borderDash: dashes[i % dashes.length], pointHitRadius: 8,
    pointRadius: members[i].epochs.map((epoch) => epoch.epoch === members[i].best_epoch ? 5 : 0),
  });
  const losses = [...names('Training').map((name, i) => line(name, i, 'train_loss')),
                  ...names('Validation').map((name, i) => line(name, i, 'val_loss'))];
  const tops = names('Validation top-1').map((name, i) => line(name, i, 'val_top1'));
  const paint = (tokens) => (chart) => chart.data.datasets.forEach((set, i) => {
    set.borderColor = set.backgroundColor = colour(tokens[Math.floor(i / members.length)]);
  });
  const table = sortableTable([
    {title: 'Epoch', value: (row) => row.epoch},
    ...members.flatMap((member, i) => ['train_loss', 'val_loss', 'val_top1'].map((key, k) => ({
      title: `${['Training loss', 'Validation loss', 'Validation top-1'][k]}${members.length > 1 ? ` (${i + 1})` : ''}`,
      value: (row) => member.epochs[row.epoch - 1] ? member.epochs[row.epoch - 1][key] : NaN,
      show: (row) => {
        const epoch = member.epochs[row.epoch - 1];
        return !epoch ? '' : key === 'val_top1' ? percent(epoch[key]) : plain(epoch[key]);
      },
    }))),
  ], epochs.map((epoch) => ({epoch})), {caption: 'Training, epoch by epoch', tall: true});
  const best = members.map((member) => member.best_epoch).join(', ');
  const point = data.training.refitted ? 'best epoch' : 'epoch that was kept';
  const note = members.length > 1
    ? `${members.length} heads were trained and are averaged. A point marks the ${point} (${best}).`
    : `The point marks the ${point} (${best}).`;
  byId('curves-note').textContent = data.training.refitted
    ? `${note} After that the model was trained again, on the validation clips too and to the last epoch.`
    : note;
  drawChart(byId('curves'), {
    title: 'Loss',
    words: `Training and validation loss over ${longest} epochs; best: epoch ${best}.`,
    config: {type: 'line', data: {labels: epochs, datasets: losses},
             options: {scales: {x: axis('Epoch', upright), y: axis('Loss', {beginAtZero: true})}}},
    paint: paint(['--accent', '--second']),
  });
  drawChart(byId('curves'), {
    title: 'Validation top-1',
    words: `Validation top-1 over ${longest} epochs; best: epoch ${best}.`,
    config: {type: 'line', data: {labels: epochs, datasets: tops},
             options: {scales: {x: axis('Epoch', upright),
                                y: axis('Share of clips', {min: 0, max: 1, ticks: {callback: (v) => percent(v, 0)}})}}},
    paint: paint(['--third']),
  });
  byId('curves').after(numbers('The numbers of each epoch', table));
}

function shareBar(value) {
  const fill = make('span');
  fill.style.width = `${100 * value}%`;
  return [percent(value), make('span', {class: 'share', 'aria-hidden': 'true'}, fill)];
}

function classes() {
  const rows = data.classes.map((row, index) => ({...row, index}));
  const table = sortableTable([
    {title: 'Class', text: true, value: (row) => row.label},
    {title: 'Clips', value: (row) => row.support},
    {title: 'Recall', value: (row) => row.recall, show: (row) => shareBar(row.recall)},
    {title: 'Precision', value: (row) => row.precision, show: (row) => shareBar(row.precision)},
    {title: 'F1', value: (row) => row.f1, show: (row) => percent(row.f1)},
  ], rows, {caption: 'Each class; press a column’s title to sort', tall: rows.length > 14});
  byId('class-table').append(table);
  const count = byId('class-count');
  const search = byId('class-search');
  search.addEventListener('input', () => {
    const wanted = search.value.toLowerCase();
    const shown = table.filter((row) => row.label.toLowerCase().includes(wanted));
    count.textContent = `${shown} of ${rows.length} classes`;
  });
  byId('class-controls').hidden = rows.length < 10;
}

function confusion() {
  const counts = data.confusion;
  const labels = data.labels;
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const mistakesOf = (i) => labels.reduce((sum, _, j) => sum + (i === j ? 0 : counts[i][j] + counts[j][i]), 0);
  const frame = byId('matrix');
  const zoom = byId('zoom');
  const place = byId('cell');
  const hint = place.textContent;
  let shown = [];

  function words(i, j) {
    const share = totals[i] === 0 ? '' : ` of ${totals[i]} (${percent(counts[i][j] / totals[i], 0)})`;
    return i === j ? `${labels[i]}: ${counts[i][i]}${share} right`
                   : `${labels[i]} taken for ${labels[j]}: ${counts[i][j]}${share}`;
  }

  function build() {
    const wanted = byId('matrix-search').value.toLowerCase();
    const only = byId('matrix-only').checked;
    shown = labels.map((_, i) => i);
    if (wanted) {
      // With the classes that match stand those that they are mixed up with.
      const match = shown.filter((i) => labels[i].toLowerCase().includes(wanted));
      shown = shown.filter((i) => match.includes(i) ||
                                  match.some((m) => counts[i][m] > 0 || counts[m][i] > 0));
    }
    if (only) shown = shown.filter((i) => mistakesOf(i) > 0);
    if (byId('matrix-order').value === 'mistakes') {
      shown.sort((a, b) => mistakesOf(b) - mistakesOf(a));
    }
    const head = make('thead', {}, make('tr', {},
      make('td', {class: 'corner'}, make('div', {}, 'true\u00a0\u2193 given\u00a0\u2192')),
      shown.map((j) => make('th', {scope: 'col', title: labels[j]}, make('div', {}, labels[j])))));
    const body = make('tbody', {}, shown.map((i) => make('tr', {},
      make('th', {scope: 'row', title: labels[i]}, labels[i]),
      shown.map((j) => {
        const cell = make('td', {tabindex: -1}, counts[i][j] === 0 ? '' : String(counts[i][j]));
        if (counts[i][j] > 0) {
          const strength = 0.18 + 0.57 * counts[i][j] / Math.max(1, totals[i]);
          cell.style.backgroundColor = `rgba(var(${i === j ? '--right' : '--wrong'}), ${strength.toFixed(3)})`;
        }
        return cell;
      }))));
    frame.replaceChildren(make('table', {}, head, body));
    const first = body.querySelector('td');
    if (first) first.tabIndex = 0;
    byId('matrix-count').textContent =
      shown.length === labels.length ? `all ${labels.length} classes` : `${shown.length} of ${labels.length} classes`;
    size();
  }

  // The slider goes from the whole matrix at once (0) to cells that are easy to read.
  function size() {
    const table = frame.querySelector('table');
    const longest = Math.max(4, ...shown.map((i) => labels[i].length));
    const least = Math.max(3, Math.min(36, Math.floor(
      (frame.parentElement.clientWidth - 110) / Math.max(1, shown.length))));
    const cell = Math.round(least + (Math.max(40, least) - least) * Number(zoom.value) / 100);
    const text = Math.min(cell, 13);
    const rows = Math.round(Math.min(Math.max(longest * text * 0.6 + 16, 40), cell < 9 ? 96 : 200,
                                     frame.parentElement.clientWidth * 0.4));
    table.style.setProperty('--cell', `${cell}px`);
    table.style.setProperty('--rows', `${rows}px`);
    table.style.setProperty('--head', `${Math.max(44, Math.min(Math.round(longest * text * 0.6 + 12), 150))}px`);
    frame.classList.toggle('small', cell < 8);
    frame.classList.toggle('whole', Number(zoom.value) === 0);
    for (const each of frame.querySelectorAll('tbody td')) each.style.color = cell < 15 ? 'transparent' : '';
  }

  function at(cell) {
    const row = cell.parentElement;
    return [row.rowIndex - 1, cell.cellIndex - 1];
  }
  function tell(cell) {
    const [r, c] = at(cell);
    place.textContent = words(shown[r], shown[c]);
  }
  const cellOf = (event) => {
    const cell = event.target.closest('td');
    return cell && !cell.classList.contains('corner') ? cell : null;
  };
  frame.addEventListener('pointerover', (event) => { const cell = cellOf(event); if (cell) tell(cell); });
  frame.addEventListener('pointerleave', () => { place.textContent = hint; });
  frame.addEventListener('focusin', (event) => { const cell = cellOf(event); if (cell) tell(cell); });
  frame.addEventListener('keydown', (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    const [r, c] = at(cell);
    const last = shown.length - 1;
    const to = {ArrowUp: [r - 1, c], ArrowDown: [r + 1, c], ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1],
                Home: [r, 0], End: [r, last], PageUp: [0, c], PageDown: [last, c]}[event.key];
    if (!to) return;
    event.preventDefault();
    const row = Math.min(last, Math.max(0, to[0]));
    const column = Math.min(last, Math.max(0, to[1]));
    const next = frame.querySelector('tbody').rows[row].cells[column + 1];
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  for (const id of ['matrix-search', 'matrix-only', 'matrix-order']) byId(id).addEventListener('input', build);
  zoom.addEventListener('input', size);
  addEventListener('resize', size);
  build();

  const pairs = [];
  counts.forEach((row, i) => row.forEach((count, j) => {
    if (i !== j && count > 0) pairs.push({truth: labels[i], given: labels[j], count, share: count / totals[i]});
  }));
  pairs.sort((a, b) => b.count - a.count || b.share - a.share);
  if (pairs.length === 0) {
    byId('pairs').append(make('p', {}, 'No clip was given a wrong label.'));
    return;
  }
  byId('pairs').append(sortableTable([
    {title: 'True class', text: true, value: (row) => row.truth},
    {title: 'Taken for', text: true, value: (row) => row.given},
    {title: 'Clips', value: (row) => row.count},
    {title: 'Share of the class', value: (row) => row.share, show: (row) => percent(row.share)},
  ], pairs.slice(0, 50), {caption: pairs.length > 50 ? `The 50 most frequent of ${pairs.length} confusions` : 'All confusions, the most frequent first', tall: true}));
}

function mistakes() {
  if (data.mistakes.length === 0) return;
  reveal('mistakes');
  const list = byId('gallery');
  const strips = [];
  for (const mistake of data.mistakes) {
    let picture = make('div', {class: 'none'}, 'no picture');
    if (mistake.strip) {
      picture = make('img', {src: mistake.strip,
                             alt: `${mistake.frames} frames of a clip of ${mistake.label}`});
      picture.style.setProperty('--frames', mistake.frames);
      picture.style.setProperty('--shown', 0);
      strips.push({picture, frames: mistake.frames});
    }
    const name = mistake.path.split('/').pop();
    list.append(make('li', {}, make('div', {class: 'strip'}, picture),
      make('div', {}, make('strong', {}, mistake.predicted), ` ${percent(mistake.confidence, 0)}`),
      make('div', {}, 'is ', make('strong', {}, mistake.label), ` (${percent(mistake.probability, 0)})`),
      make('div', {class: 'path', title: mistake.path}, name)));
  }
  const button = byId('motion');
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  // A picture is a strip of frames, of which one is seen; pointing at it moves it too.
  let moving = false;
  let tick = 0;
  setInterval(() => {
    ++tick;
    for (const {picture, frames} of strips) {
      if (moving || picture.matches(':hover')) picture.style.setProperty('--shown', tick % frames);
    }
  }, 220);
  const set = (on) => {
    moving = on;
    button.setAttribute('aria-pressed', String(moving));
    button.textContent = moving ? 'Stop the motion' : 'Play the motion';
  };
  button.addEventListener('click', () => set(!moving));
  set(!still);
}

function calibration() {
  const bins = data.calibration.bins;
  const filled = bins.filter((bin) => bin.clips > 0);
  byId('ece').textContent =
    `Expected calibration error: ${percent(data.calibration.ece)}. Mean confidence ` +
    `${percent(data.calibration.mean_confidence)} against ${percent(data.top1)} right answers: the model is ` +
    (Math.abs(data.calibration.mean_confidence - data.top1) < 0.02 ? 'about as sure as it is right.'
      : data.calibration.mean_confidence > data.top1 ? 'surer than it is right.' : 'less sure than it is right.');
  const table = sortableTable([
    {title: 'Confidence', text: true, value: (row) => row.low, show: (row) => `${percent(row.low, 0)} to ${percent(row.high, 0)}`},
    {title: 'Clips', value: (row) => row.clips},
    {title: 'Mean confidence', value: (row) => row.confidence, show: (row) => row.clips ? percent(row.confidence) : ''},
    {title: 'Right', value: (row) => row.accuracy, show: (row) => row.clips ? percent(row.accuracy) : ''},
  ], bins, {caption: 'Clips by the confidence of their answer'});
  const share = {min: 0, max: 1, ticks: {callback: (v) => percent(v, 0)}};
  drawChart(byId('reliability'), {
    title: 'Reliability', frame: 'square',
    words: `Share of right answers by confidence in ${filled.length} bins; expected calibration error ${percent(data.calibration.ece)}.`,
    config: {
      type: 'scatter',
      data: {datasets: [
        {label: 'This model', data: filled.map((bin) => ({x: bin.confidence, y: bin.accuracy, clips: bin.clips})),
         clip: 12, showLine: true, borderWidth: 2, pointHitRadius: 8,
         pointRadius: filled.map((bin) => 3 + 7 * Math.sqrt(bin.clips / data.clips))},
        {label: 'As sure as right', data: [{x: 0, y: 0}, {x: 1, y: 1}], showLine: true, borderWidth: 1,
         borderDash: [5, 5], pointRadius: 0, pointHitRadius: 0},
      ]},
      options: {
        interaction: {mode: 'nearest', intersect: true},
        scales: {x: axis('Mean confidence', share), y: axis('Right answers', share)},
        plugins: {tooltip: {callbacks: {label: (item) =>
          `sure to ${percent(item.raw.x)}, right in ${percent(item.raw.y)} of ${item.raw.clips} clips`}}},
      },
    },
    paint: (chart) => ['--accent', '--dim'].forEach((token, i) => {
      chart.data.datasets[i].borderColor = chart.data.datasets[i].backgroundColor = colour(token);
    }),
  });
  drawChart(byId('reliability'), {
    title: 'Clips by confidence', frame: 'square',
    words: 'How many clips were answered with which confidence, right and wrong ones.',
    config: {
      type: 'bar',
      data: {labels: bins.map((bin) => `${(100 * bin.low).toFixed(0)}\u2013${(100 * bin.high).toFixed(0)}`), datasets: [
        {label: 'Right', data: bins.map((bin) => Math.round(bin.accuracy * bin.clips))},
        {label: 'Wrong', data: bins.map((bin) => bin.clips - Math.round(bin.accuracy * bin.clips))},
      ]},
      options: {scales: {x: axis('Confidence, %', {stacked: true, ...upright}), y: axis('Clips', {stacked: true, ticks: {precision: 0}})},
                plugins: {legend: {labels: {boxWidth: 14, boxHeight: 14}}}},
    },
    paint: (chart) => ['--right', '--wrong'].forEach((token, i) => {
      chart.data.datasets[i].backgroundColor = `rgb(${colour(token)})`;
    }),
  });
  byId('reliability').after(numbers('The numbers of each bin', table));
}

function settings() {
  byId('settings-tables').append(factTable('Settings', data.settings), factTable('Versions', data.versions));
  byId('command').textContent = data.command;
}

summary();
heads();
dataset();
scenes();
training();
classes();
confusion();
mistakes();
calibration();
settings();
paintCharts();
