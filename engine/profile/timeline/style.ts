/** What the timeline looks like, by day and by night; uPlot's elements as far as they are used. */
export const STYLE = `
:host { display: block; color: var(--text); font: 13px/1.45 system-ui, "Segoe UI", Roboto, sans-serif;
  --back: #10161ffa; --text: #dbe4ef; --quiet: #94a5ba; --line: #2b3a4e; --raised: #1a2432; --accent: #6ee7ff; --late: #ff7a8c;
  --waited: #7c8795; --input: #b58cff; --script: #ffb84d; --stage: #4da3ff; --young: #5fd38d; --mark: #2fb3a6; --sweep: #9ccf4a;
  --full: #d47fd0; }
@media (prefers-color-scheme: light) {
  :host { --back: #fbfcfefa; --text: #17212e; --quiet: #4a5a6e; --line: #c4cedb; --raised: #eef2f7; --accent: #0a6f69; --late: #b3203d;
    --waited: #7d8895; --input: #7a4fd0; --script: #c47a00; --stage: #1f6fd0; --young: #1c8f4f; --mark: #0d7f76; --sweep: #5e8f10;
    --full: #a3429e; }
}
:host([data-over]) { position: fixed; inset: auto 0 0 0; z-index: 900; }
section { box-sizing: border-box; background: var(--back); border: 1px solid var(--line); border-radius: 10px; padding: 10px 14px 12px;
  container-type: inline-size; }
:host([data-over]) section { max-height: min(70vh, 560px); overflow: auto; border-width: 1px 0 0; border-radius: 0;
  box-shadow: 0 -8px 30px #0004; }
header { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
h2 { margin: 0 auto 0 0; font-size: 14px; font-weight: 650; }
button { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 7px; padding: 3px 10px;
  cursor: pointer; }
button[aria-pressed="true"] { border-color: var(--accent); background: var(--line); }
button:hover { border-color: var(--accent); }
button:focus-visible, .chart:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.chart { margin: 8px 0 4px; height: 210px; overflow: hidden; border-radius: 4px; cursor: crosshair; touch-action: pan-y; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; margin: 0; padding: 0; list-style: none; color: var(--quiet); font-size: 12px; }
.legend span { display: inline-block; width: 10px; margin-right: 5px; text-align: center; }
.legend .swatch { height: 10px; border-radius: 2px; }
.legend .deadline { width: 14px; border-top: 2px dashed var(--late); vertical-align: middle; }
.said { margin: 8px 0; min-height: 1.45em; font-weight: 600; overflow-wrap: anywhere; }
.below { display: grid; grid-template-columns: minmax(0, 1fr); gap: 10px 24px; }
@container (min-width: 640px) { .below { grid-template-columns: minmax(0, 3fr) minmax(250px, 2fr); } }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 1px 14px; margin: 0; align-content: start; }
@container (max-width: 420px) { dl { grid-template-columns: 9em minmax(0, 1fr); } }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.blamed { color: var(--late); font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); padding-bottom: 2px; }
th { font-weight: 400; color: var(--quiet); }
th, td { text-align: right; padding: 1px 4px; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
.discrepancy { margin: 4px 0 0; color: var(--quiet); font-variant-numeric: tabular-nums; }
.histogram { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 2px; margin-top: 8px; }
.histogram div { display: grid; grid-template-rows: 44px auto; text-align: center; color: var(--quiet); font-size: 10px; }
.histogram i { align-self: end; min-height: 1px; background: var(--stage); border-radius: 2px 2px 0 0; }
.heap { margin-top: 12px; padding-top: 8px; border-top: 1px solid var(--line); }
.heap h3 { margin: 0 auto 0 0; font-size: 13px; font-weight: 650; }
.heap table { margin: 6px 0; }
.heap td { overflow-wrap: anywhere; }
.heap .words { text-align: left; padding-left: 0; padding-right: 12px; }
.heap form { display: flex; flex-wrap: wrap; gap: 6px 14px; margin: 8px 0 2px; }
.heap input { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 5px; padding: 2px 6px; }
.heap input:focus-visible { outline: 2px solid var(--accent); }
.quiet { color: var(--quiet); }
.note { margin: 8px 0 0; color: var(--quiet); font-size: 12px; }
.uplot, .uplot * { box-sizing: border-box; }
.u-wrap { position: relative; user-select: none; }
.u-over, .u-under, .u-axis { position: absolute; }
.u-under { overflow: hidden; }
.u-select { display: none; }
.uplot canvas { display: block; position: relative; width: 100%; height: 100%; }
`;
