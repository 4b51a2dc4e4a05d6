/** What the overlay looks like, by day and by night. */
export const STYLE = `
:host { position: fixed; inset: auto 0 0 0; z-index: 1000; pointer-events: none;
  display: flex; flex-direction: column; align-items: center; gap: 8px; padding: 16px;
  font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  --back: #1d1014f7; --text: #f6e3e6; --line: #a33b4f; --title: #ff9dae; --dim: #cfa4ad; --hint: #e9c46a;
  --fault: #a33b4f88; --under: #ff6f86; --strip: #10212bf7; --strip-text: #d5eefb; --strip-line: #2f6f8f; }
@media (prefers-color-scheme: light) {
  :host { --back: #fff5f6fa; --text: #33131a; --line: #c2475d; --title: #9c1530; --dim: #7a3a47; --hint: #6b4a00;
    --fault: #f6b7c2; --under: #b3203d; --strip: #eef8fdfa; --strip-text: #0d2c3b; --strip-line: #2f6f8f; }
}
section { pointer-events: auto; box-sizing: border-box; width: min(860px, 100%); max-height: 60vh; overflow: auto;
  background: var(--back); color: var(--text); border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px;
  box-shadow: 0 12px 40px #0006; }
[hidden] { display: none !important; }
header { display: flex; gap: 12px; align-items: start; justify-content: space-between; }
h2 { margin: 0 0 8px; font: 600 14px/1.4 system-ui, sans-serif; color: var(--title); }
button { font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: 6px;
  padding: 1px 8px; cursor: pointer; }
article + article { margin-top: 14px; border-top: 1px solid var(--line); padding-top: 12px; }
.place, .count { color: var(--dim); }
.failure, .count { display: inline; margin-right: 8px; }
a { color: inherit; }
pre { margin: 6px 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: var(--fault); color: inherit; border-radius: 2px; box-shadow: 0 2px 0 var(--under); }
.hint { color: var(--hint); }
.strip { pointer-events: auto; background: var(--strip); color: var(--strip-text); border: 1px solid var(--strip-line);
  border-radius: 8px; padding: 8px 14px; overflow-wrap: anywhere; }
.failing { position: fixed; inset: 0; border: 3px solid var(--under); }
.failing button { position: absolute; top: 8px; left: 8px; pointer-events: auto;
  background: var(--back); color: var(--text); }
`;
