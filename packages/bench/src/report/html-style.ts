/** Of tables and pictures, for the report and for pages that show the same. Colours are tested by eye in light and dark. */
export const resultStyle = `
.result { --ink: light-dark(#1b2a2e, #e2eaea); --soft: light-dark(#55676b, #93a5a8); --line: light-dark(#dbe3e1, #2a373b);
  --raised: light-dark(#ffffff, #1a2529); --warning: light-dark(#8c3f12, #f0b27a);
  --s0: light-dark(#1c6b74, #6cc3c6); --s1: light-dark(#a8501d, #f0a56a); --s2: light-dark(#6a4c93, #bfa2e8);
  --s3: light-dark(#2f6f3e, #86c98f); --s4: light-dark(#9b2d5a, #ee8fb4); --s5: light-dark(#4d5a5e, #b4c1c4); }
.result .wide { overflow-x: auto; }
.result table { border-collapse: collapse; width: 100%; font-size: 0.875rem; line-height: 1.45; font-variant-numeric: tabular-nums; }
.result caption { text-align: start; font-weight: 600; padding: 0.75rem 0 0.4rem; overflow-wrap: anywhere; }
.result th, .result td { text-align: start; vertical-align: top; padding: 0.4rem 0.7rem 0.4rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: break-word; }
.result tbody th { white-space: nowrap; font-weight: 600; } .result .probe tbody th { white-space: normal; font-weight: 400; }
.result td { max-width: 18rem; } .result td.text { min-width: 6.5rem; }
.result thead th { color: var(--soft); font-weight: 500; white-space: normal; }
.result .number { text-align: end; } .result td.number { white-space: nowrap; }
.result td.notes { min-width: 12rem; }
.result .speed { font-weight: 650; }
.result .speed small, .result .hint, .result small { color: var(--soft); font-weight: 400; }
.result small { display: block; font-size: 0.8125rem; }
.result tr.unranked .speed, .result tr.unranked .rank { color: var(--soft); font-weight: 400; }
.result .why { color: var(--warning); }
.result td.notes ul { margin: 0; padding: 0; list-style: none; }
.result dl.facts { display: grid; grid-template-columns: minmax(9rem, auto) 1fr; gap: 0.2rem 1.2rem; margin: 0.5rem 0; }
.result dl.facts dt { color: var(--soft); }
.result dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.result .warning { border-inline-start: 3px solid var(--warning); padding-inline-start: 0.7rem; margin: 0.6rem 0; }
.result .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.2rem 2rem; align-items: start; }
.result figure { margin: 0.6rem 0; min-width: 0; }
.result figcaption { font-weight: 600; font-size: 0.9375rem; margin-bottom: 0.3rem; overflow-wrap: anywhere; }
.result .hint { font-size: 0.8125rem; margin: 0.2rem 0; }
.result .plot > svg { display: block; width: 100%; height: auto; max-width: 38rem; fill: none; stroke: none; }
.result .plot text { font-size: 11px; fill: var(--soft); font-variant-numeric: tabular-nums; }
.result .plot text.bar { fill: var(--ink); }
.result .plot .grid { stroke: var(--line); stroke-width: 1; }
.result .plot .limit { stroke: var(--warning); stroke-width: 1.4; stroke-dasharray: 4 3; }
.result .s0 { --series: var(--s0); } .result .s1 { --series: var(--s1); } .result .s2 { --series: var(--s2); }
.result .s3 { --series: var(--s3); } .result .s4 { --series: var(--s4); } .result .s5 { --series: var(--s5); }
.result .mark { fill: var(--series); stroke: none; } .result .share { fill: var(--series); }
.result .line, .result .whisker, .result .thick, .result .thin, .result .longest, .result .median { stroke: var(--series); fill: none; }
.result .line { stroke-width: 1.4; opacity: 0.6; } .result .whisker { stroke-width: 1.6; }
.result .thick { stroke-width: 6; opacity: 0.45; } .result .thin { stroke-width: 2.5; } .result .longest { stroke-width: 1.4; stroke-dasharray: 2 3; }
.result .median { stroke-width: 1.2; stroke-dasharray: 5 4; opacity: 0.7; }
.result .legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; list-style: none; margin: 0.3rem 0; padding: 0; font-size: 0.8125rem; }
.result .legend li { display: flex; align-items: center; gap: 0.35rem; overflow-wrap: anywhere; min-width: 0; }
.result .legend svg { width: 12px; height: 12px; flex: none; }
@media (max-width: 44rem) {
  .result table.cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .result table.cards, .result table.cards tbody, .result table.cards caption { display: block; }
  .result table.cards tr { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: 0.1rem 0.8rem; padding: 0.6rem 0; border-bottom: 1px solid var(--line); }
  .result table.cards th, .result table.cards td { display: contents; text-align: start; white-space: normal; }
  .result table.cards .value { min-width: 0; overflow-wrap: anywhere; white-space: normal; }
  .result table.cards .name { color: var(--soft); font-weight: 400; font-size: 0.8125rem; }
  .result table.cards .empty .name, .result table.cards .empty .value { display: none; }
  .result dl.facts { grid-template-columns: 1fr; gap: 0; }
  .result dl.facts dd { margin-bottom: 0.4rem; }
}
@media (min-width: 44.01rem) { .result table.cards .name { display: none; } }
@media print { .result .plots { display: block; } .result figure, .result tr { break-inside: avoid; } }
`

/** Of the report's own page. */
export const reportStyle = `
:root { color-scheme: light dark; font: 16px / 1.6 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei",
  "Noto Sans CJK SC", sans-serif; -webkit-text-size-adjust: 100%; }
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem max(1rem, env(safe-area-inset-left)) 3rem; max-width: 72rem;
  background: light-dark(#f5f7f6, #10181b); color: light-dark(#1b2a2e, #e2eaea); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.5rem 0; } h2 { font-size: 1.2rem; line-height: 1.3; margin: 2rem 0 0.3rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.6rem 0 0.3rem; }
a { color: light-dark(#1c6b74, #6cc3c6); overflow-wrap: anywhere; }
footer { margin-top: 3rem; color: light-dark(#55676b, #93a5a8); font-size: 0.875rem; }
`
