/** Two panels: what a cold start costs, and calls a minute around an outage. */
const width = 760;
const panelHeight = 220;
const margin = { left: 60, right: 20, top: 40, gap: 70 };
const colours = ['#0b6e4f', '#c84630'];

/**
 * The plot as SVG text.
 * @param starts - name, result and whether it is this provider's scheme
 */
export function drawFleet({ starts, lives, fleet, leastSeconds, outage }) {
  const start = scatter({
    title: `Cold start of ${fleet.hosts} hosts: time until all have a session (least possible: 1), by calls per host`,
    top: margin.top,
    points: starts.map(([name, { startedAfterSeconds, startCallsPerHost }]) => ({
      ours: name.startsWith('this'),
      label: name,
      time: startedAfterSeconds / leastSeconds,
      calls: startCallsPerHost,
    })),
  });
  const from = outage.from / 60 - 30;
  const life = panel({
    title: 'A service outage of 15 minutes in the ninth hour: calls a minute',
    top: margin.top + panelHeight + margin.gap,
    series: lives.map(([name, { callsByMinute }]) => [name, callsByMinute.slice(from, from + 90)]),
    highest: Math.max(...lives.flatMap(([, { callsByMinute }]) => callsByMinute.slice(from, from + 90))),
    firstMinute: from,
    shade: [outage.from / 60, outage.to / 60],
  });
  const height = 2 * panelHeight + margin.top + margin.gap + 50;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
${start}
${life}
</svg>
`;
}

/** Fewer calls to the left, less time below: the nearer to the corner, the better. Calls on a logarithmic scale. */
function scatter({ title, top, points }) {
  const plotWidth = width - margin.left - margin.right;
  const [fewest, most, longest] = [4, 70, 1.7];
  const x = (calls) =>
    Math.round(margin.left + (Math.log(calls / fewest) / Math.log(most / fewest)) * plotWidth);
  const y = (time) => Math.round(top + panelHeight - ((time - 1) / (longest - 1)) * (panelHeight - 10));
  const bottom = top + panelHeight;
  const dots = points.map(({ ours, label, time, calls }, index) => {
    const colour = colours[ours ? 0 : 1];
    return `<circle cx="${x(calls)}" cy="${y(time)}" r="4" fill="${colour}"/><text x="${x(calls) + 7}" y="${y(time) - 4 - (index % 2) * 8}" fill="${colour}" font-size="10">${label}</text>`;
  });
  const calls = [5, 10, 20, 50].map(
    (count) => `<text x="${x(count)}" y="${bottom + 16}" text-anchor="middle">${count}</text>`,
  );
  const times = [1, 1.2, 1.4, 1.6].map(
    (time) => `<text x="${margin.left - 6}" y="${y(time) + 4}" text-anchor="end">${time}</text>`,
  );
  return `<text x="${margin.left}" y="${top - 22}" font-weight="bold">${title}</text>
<path d="M${margin.left} ${top}V${bottom}H${width - margin.right}" fill="none" stroke="#888"/>
${calls.join('')}${times.join('')}
${dots.join('\n')}`;
}

function panel({ title, top, series, highest, firstMinute, shade }) {
  const plotWidth = width - margin.left - margin.right;
  const count = Math.max(...series.map(([, values]) => values.length));
  const x = (minute) => Math.round(margin.left + ((minute - firstMinute) / (count - 1)) * plotWidth);
  const y = (value) => Math.round(top + panelHeight - (value / highest) * (panelHeight - 10));
  const bottom = top + panelHeight;
  const lines = series.map(([name, values], index) => {
    const points = values.map((value, minute) => `${x(firstMinute + minute)},${y(value)}`).join(' ');
    const colour = colours[index];
    return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2"/>
<text x="${margin.left + 10 + index * 180}" y="${top - 6}" fill="${colour}">${name}</text>`;
  });
  const shaded =
    shade === undefined
      ? ''
      : `<rect x="${x(shade[0])}" y="${top}" width="${x(shade[1]) - x(shade[0])}" height="${panelHeight}" fill="#eee"/>`;
  const ticks = Array.from({ length: Math.floor((count - 1) / 10) + 1 }, (_, tick) => {
    const minute = firstMinute + tick * 10;
    return `<text x="${x(minute)}" y="${bottom + 16}" text-anchor="middle">${minute}</text>`;
  });
  return `<text x="${margin.left}" y="${top - 22}" font-weight="bold">${title}</text>
${shaded}
<path d="M${margin.left} ${top}V${bottom}H${width - margin.right}" fill="none" stroke="#888"/>
<text x="${margin.left - 6}" y="${y(highest) + 4}" text-anchor="end">${highest}</text>
<text x="${margin.left - 6}" y="${bottom}" text-anchor="end">0</text>
${ticks.join('')}
${lines.join('\n')}`;
}
