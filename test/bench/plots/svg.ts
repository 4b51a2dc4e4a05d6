/** As much of SVG as a plot over time needs: a panel with axes, areas, lines, bands and a legend. */

export interface Panel {
  /** Place on the page and size, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What lies at the right and upper edges, in the data's units. The origin is 0, 0. */
  readonly xMost: number;
  readonly yMost: number;
}

const FONT = 'font-family="system-ui, sans-serif" font-size="12"';

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function place(panel: Panel, x: number, y: number): string {
  const right = panel.x + (panel.width * x) / panel.xMost;
  const down = panel.y + panel.height * (1 - Math.min(Math.max(y / panel.yMost, 0), 1));
  return `${round(right)} ${round(down)}`;
}

/** The corners of a curve that holds each value for one step of x. */
function steps(panel: Panel, values: ArrayLike<number>, step: number): string[] {
  const points: string[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (i === 0 || value !== values[i - 1]) points.push(place(panel, i * step, value));
    if (i === values.length - 1 || value !== values[i + 1]) points.push(place(panel, (i + 1) * step, value));
  }
  return points;
}

export function line(
  panel: Panel,
  values: ArrayLike<number>,
  step: number,
  colour: string,
  dash = '',
): string {
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return `<path d="M${steps(panel, values, step).join('L')}" fill="none" stroke="${colour}"${dashes}/>`;
}

/** Everything below a curve. */
export function area(panel: Panel, values: ArrayLike<number>, step: number, colour: string): string {
  const end = place(panel, values.length * step, 0);
  return `<path d="M${place(panel, 0, 0)}L${steps(panel, values, step).join('L')}L${end}Z" fill="${colour}"/>`;
}

/** Columns of the panel, from x to x. */
export function bands(panel: Panel, ranges: readonly (readonly [number, number])[], colour: string): string {
  return ranges
    .map(([from, to]) => {
      const left = panel.x + (panel.width * from) / panel.xMost;
      const width = Math.max((panel.width * (to - from)) / panel.xMost, 0.5);
      return `<rect x="${round(left)}" y="${panel.y}" width="${round(width)}" height="${panel.height}" fill="${colour}"/>`;
    })
    .join('\n');
}

/** A horizontal line across the panel with its name. */
export function level(panel: Panel, y: number, name: string, colour: string): string {
  const [, at] = place(panel, 0, y).split(' ');
  const right = panel.x + panel.width;
  return `<path d="M${panel.x} ${at}H${right}" stroke="${colour}" stroke-width="1.5"/>
<text x="${right + 6}" y="${Number(at) + 4}" fill="${colour}" ${FONT}>${name}</text>`;
}

/** Frame, numbers at both axes, and what they measure. */
export function axes(panel: Panel, xName: string, yName: string): string {
  const { x, y, width, height, xMost, yMost } = panel;
  const parts = [`<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="#888"/>`];
  for (let tick = 0; tick <= xMost; tick += tickOf(xMost)) {
    const at = round(x + (width * tick) / xMost);
    parts.push(`<text x="${at}" y="${y + height + 16}" text-anchor="middle" ${FONT}>${round(tick)}</text>`);
  }
  for (let tick = 0; tick <= yMost; tick += tickOf(yMost)) {
    const at = y + height * (1 - tick / yMost);
    parts.push(`<text x="${x - 6}" y="${round(at + 4)}" text-anchor="end" ${FONT}>${round(tick)}</text>`);
  }
  parts.push(`<text x="${x + width}" y="${y + height + 32}" text-anchor="end" ${FONT}>${xName}</text>`);
  parts.push(`<text x="${x}" y="${y - 8}" ${FONT}>${yName}</text>`);
  return parts.join('\n');
}

/** Names beside patches of their colours, in one row that ends at `x`. */
export function legend(x: number, y: number, entries: readonly (readonly [string, string])[]): string {
  const parts: string[] = [];
  let left = x;
  for (const [name, colour] of entries.toReversed()) {
    left -= name.length * 6.6 + 24;
    parts.push(
      `<rect x="${round(left)}" y="${y - 9}" width="10" height="10" fill="${colour}"/>`,
      `<text x="${round(left + 14)}" y="${y}" ${FONT}>${name}</text>`,
    );
  }
  return parts.join('\n');
}

export function page(width: number, height: number, title: string, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>${title}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="16" y="24" font-weight="bold" ${FONT}>${title}</text>
${parts.join('\n')}
</svg>
`;
}

/** A round distance of axis numbers that gives four to ten of them. */
function tickOf(most: number): number {
  const rough = most / 8;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10;
  return step * power;
}
