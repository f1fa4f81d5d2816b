// Sends clips one after another and shows what is said of them, over time.

const authorization = () => {
  const token = sessionStorage.getItem('token');
  return token ? {Authorization: `Bearer ${token}`} : {};
};
const say = (text) => { byId('state').textContent = text; };
const seconds = (time) => `${plain(time, 2)}\u00a0s`;

async function ask(path, options = {}) {
  const response = await fetch(path, {...options, headers: authorization()});
  if (response.status === 401) byId('token-form').hidden = false;
  const document = await response.json();
  if (!response.ok) throw new Error(document.error);
  return document;
}

// ---- models and token ----

function showModels(names) {
  byId('model').replaceChildren(...names.map((name) => make('option', {value: name}, name)));
}

async function loadModels() {
  try {
    showModels((await ask('/v1/models')).models.map((model) => model.name));
    byId('token-form').hidden = true;
    say('');
  } catch (error) {
    say(error.message);
  }
}

byId('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem('token', byId('token').value);
  byId('token').value = '';
  loadModels();
});

// ---- what is said of a clip ----

/** The labels and their probabilities, as of one of the frames that were read. */
function barList(labels) {
  const rows = labels.map((label) => {
    const bar = make('span');
    const number = make('span', {class: 'number'});
    return {bar, number, element: make('li', {}, make('span', {class: 'label'}, label),
                                       make('span', {class: 'share', 'aria-hidden': 'true'}, bar), number)};
  });
  const list = make('ul', {class: 'bars'}, rows.map((row) => row.element));
  list.show = (probabilities) => rows.forEach((row, i) => {
    row.bar.style.width = `${100 * probabilities[i]}%`;
    row.number.textContent = percent(probabilities[i]);
  });
  return list;
}

/** The last frame that was read by this time. */
function frameAt(times, time) {
  let frame = 0;
  while (frame + 1 < times.length && times[frame + 1] <= time + 1e-3) ++frame;
  return frame;
}

/** The frames with which the answer changed most, by how much. */
function decisiveFrames(frames) {
  const first = frames.probabilities.map((row) => row[0]);
  return first.map((value, i) => ({frame: i, change: value - (i ? first[i - 1] : 1 / Math.max(2, frames.labels.length))}))
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, 3)
    .filter((each) => Math.abs(each.change) >= 0.005).sort((a, b) => a.frame - b.frame);
}

function timeline(frames) {
  const place = make('div');
  const colours = ['--accent', '--second', '--third', '--dim', '--text'];
  drawChart(place, {
    title: 'Labels over time',
    words: `Probabilities of ${frames.labels.join(', ')} after each of ${frames.times.length} frames; the table below has the numbers.`,
    config: {
      type: 'line',
      data: {labels: frames.times.map((time) => plain(time, 2)),
             datasets: frames.labels.map((label, i) => ({
               label, data: frames.probabilities.map((row) => 100 * row[i]),
               borderWidth: i ? 1.5 : 2.5, pointRadius: 2, borderDash: i ? [6, 2 * i] : [],
             }))},
      options: {scales: {x: {...axis('seconds'), ...upright}, y: axis('probability, %', {min: 0, max: 100})}},
    },
    paint: (chart) => chart.data.datasets.forEach((set, i) => {
      set.borderColor = set.backgroundColor = colour(colours[i % colours.length]);
    }),
  });
  const rows = frames.times.map((time, i) => ({time, row: frames.probabilities[i]}));
  place.append(numbers('The numbers', sortableTable(
    [{title: 'Second', value: (each) => each.time, show: (each) => plain(each.time, 2)},
     ...frames.labels.map((label, i) => ({title: label, value: (each) => each.row[i], show: (each) => percent(each.row[i])}))],
    rows, {caption: 'Probabilities after each frame', sortable: false})));
  return place;
}

function player(file, onTime) {
  const address = URL.createObjectURL(file);
  const video = make('video', {controls: true, muted: true, playsinline: true, preload: 'metadata',
                               src: address, 'aria-label': file.name});
  video.muted = true;
  const place = make('div', {class: 'player'}, video);
  video.addEventListener('timeupdate', () => onTime(video.currentTime));
  video.addEventListener('error', () => {
    video.replaceWith(make('p', {class: 'dim'}, 'This browser cannot play this format.'));
  });
  place.seek = (time) => { video.currentTime = time; onTime(time); };
  place.forget = () => URL.revokeObjectURL(address);
  return place;
}

const csvField = (value) => /[",\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : value;

/** Links to the answer as files. */
function downloads(name, result) {
  const clip = result.clips[0];
  const csv = ['path,rank,label,probability', ...clip.predictions.map(
    (each, i) => [csvField(clip.path), i + 1, csvField(each.label), each.probability].join(','))].join('\n') + '\n';
  const link = (ending, type, text) => make('a', {
    download: `${name}.${ending}`, href: URL.createObjectURL(new Blob([text], {type}))}, ending.toUpperCase());
  return make('p', {class: 'links'}, link('json', 'application/json', JSON.stringify(result, null, 1)), ' ',
              link('csv', 'text/csv', csv));
}

function answerOf(file, result) {
  const clip = result.clips[0];
  const frames = clip.frames;
  const bars = barList(clip.predictions.map((each) => each.label));
  const last = clip.predictions.map((each) => each.probability);
  const now = make('p', {class: 'dim'});
  const showAt = (time) => {
    if (!frames) return;
    const frame = frameAt(frames.times, time);
    const ended = frame + 1 === frames.times.length;
    bars.show(ended ? last : frames.probabilities[frame]);
    now.textContent = ended ? 'After the whole clip' : `After ${seconds(frames.times[frame])}`;
  };
  bars.show(last);
  now.textContent = 'After the whole clip';
  const video = player(file, showAt);
  const parts = [make('div', {class: 'answer'}, video, make('div', {}, now, bars))];
  if (frames) {
    const decisive = decisiveFrames(frames);
    if (decisive.length) {
      parts.push(make('div', {class: 'links'}, make('span', {class: 'dim'}, 'Frames that counted: '), decisive.map((each) => {
        const button = make('button', {type: 'button', class: 'button'},
                            `${seconds(frames.times[each.frame])}, ${each.change > 0 ? '+' : '\u2212'}${percent(Math.abs(each.change), 0)}`);
        button.addEventListener('click', () => video.seek(frames.times[each.frame]));
        return button;
      })));
    }
    parts.push(timeline(frames));
  }
  parts.push(downloads(file.name, result));
  return {parts, forget: video.forget};
}

// ---- the queue ----

const waiting = [];
let working = false;

function enqueue(files) {
  for (const file of files) {
    const item = make('li', {class: 'card'}, make('h3', {}, file.name), make('p', {class: 'dim'}, 'waiting'));
    byId('results').prepend(item);
    waiting.push({file, item});
  }
  byId('none-yet').hidden = true;
  work();
}

async function work() {
  if (working) return;
  working = true;
  while (waiting.length) {
    const {file, item} = waiting.shift();
    if (!item.isConnected) continue;
    const state = item.querySelector('p');
    state.textContent = 'is being looked at';
    say(`${file.name} is being looked at; ${waiting.length} more wait`);
    const query = new URLSearchParams({model: byId('model').value, name: file.name, frames: 1});
    let forget = () => {};
    try {
      if (file.size > data.max_body) throw new Error(`it has more than ${data.max_body} bytes`);
      const result = await ask(`/v1/classify?${query}`, {method: 'POST', body: file});
      const best = result.clips[0].predictions[0];
      const answer = answerOf(file, result);
      forget = answer.forget;
      item.replaceChildren(make('h3', {}, file.name), make('p', {class: 'value'}, `${best.label}, ${percent(best.probability)}`),
                           ...answer.parts);
      paintCharts();
      say(`${file.name}: ${best.label}, ${percent(best.probability)}`);
    } catch (error) {
      state.className = 'warning';
      state.textContent = error.message;
      say(`${file.name}: ${error.message}`);
    }
    const remove = make('button', {type: 'button', class: 'button', 'aria-label': `Remove ${file.name}`}, 'Remove');
    remove.addEventListener('click', () => {
      forget();
      for (const canvas of item.querySelectorAll('canvas')) {
        const at = charts.findIndex((each) => each.chart.canvas === canvas);
        if (at >= 0) charts.splice(at, 1)[0].chart.destroy();
      }
      item.remove();
      byId('none-yet').hidden = byId('results').children.length > 0;
      byId('clips').focus();
    });
    item.append(remove);
  }
  working = false;
}

byId('files').addEventListener('change', (event) => {
  enqueue([...event.target.files]);
  event.target.value = '';
});
const drop = byId('drop');
for (const kind of ['dragenter', 'dragover']) {
  drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add('over'); });
}
for (const kind of ['dragleave', 'drop']) drop.addEventListener(kind, () => drop.classList.remove('over'));
drop.addEventListener('drop', (event) => { event.preventDefault(); enqueue([...event.dataTransfer.files]); });

// ---- the camera ----

const longestRecording = 30_000;  // milliseconds
let recorder = null;
let recordings = 0;

async function record() {
  const button = byId('record');
  if (recorder) { recorder.stop(); return; }
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({video: true});
  } catch (error) {
    say(`The camera cannot be used: ${error.message}`);
    return;
  }
  const camera = byId('camera');
  camera.srcObject = stream;
  camera.hidden = false;
  camera.play();
  const parts = [];
  recorder = new MediaRecorder(stream);
  const type = (recorder.mimeType || 'video/webm').split(';')[0];
  recorder.addEventListener('dataavailable', (event) => parts.push(event.data));
  recorder.addEventListener('stop', () => {
    for (const track of stream.getTracks()) track.stop();
    camera.hidden = true;
    recorder = null;
    button.textContent = 'Record with the camera';
    enqueue([new File(parts, `recording-${++recordings}.${type.split('/')[1]}`, {type})]);
  });
  recorder.start();
  button.textContent = 'Stop and look at it';
  const own = recorder;
  setTimeout(() => { if (recorder === own) own.stop(); }, longestRecording);
}
if (navigator.mediaDevices && window.MediaRecorder) byId('record').addEventListener('click', record);
else byId('record').hidden = true;

if (data.token) loadModels();
else showModels(data.models);
