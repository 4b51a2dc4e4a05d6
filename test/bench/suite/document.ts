/**
 * What the Json program reads: a message of a user interface's server, a head and 156 operations on widgets, minified. Of the
 * size, depth and mixture of the text that the set has (25 KB), made here; always the same.
 */
export function document(): string {
  const operations = [...Array(OPERATIONS).keys()].map(operation);
  return JSON.stringify({ head: { requestCounter: 4 }, operations });
}

const OPERATIONS = 156;
const WIDGETS = ['Composite', 'Label', 'Button', 'Text', 'ToolItem', 'TreeColumn', 'ScrollBar', 'Menu'];
const TEXTS = ['Open\tfile', 'a "quoted" caption', 'C:\\games\\level', '&Save all', 'line one\nline two', ''];

function operation(i: number): unknown {
  const widget = `w${i % 97}`;
  switch (i % 8) {
    case 0:
      return ['destroy', widget];
    case 1:
      return ['set', widget, { bounds: [3 * i, 2 * i, 180 + i, 24], tabIndex: -1, visibility: i % 3 > 0 }];
    case 2:
      return ['listen', widget, { Selection: true, DefaultSelection: false, Modify: i % 5 === 0 }];
    case 3:
      return ['call', widget, 'addItems', { indices: [i, i + 1, i + 2], texts: TEXTS.slice(0, i % 4) }];
    default:
      return ['create', widget, `ui.widgets.${WIDGETS[i % WIDGETS.length]}`, properties(i)];
  }
}

function properties(i: number): unknown {
  return {
    parent: `w${(i * 7) % 97}`,
    style: i % 2 === 0 ? ['NONE'] : ['PUSH', 'FLAT'],
    bounds: [10.5 * i, 6, 155 + i, 18],
    tabIndex: i,
    text: TEXTS[i % TEXTS.length],
    foreground: [i % 256, (i * 37) % 256, (i * 73) % 256, 255],
    customVariant: `variant_${i % 9}`,
    scale: 1e-3 * (i + 1),
    font: [['Verdana', 'Lucida Sans', 'Arial'], 11 + (i % 3), false, null],
  };
}
