"""The style of HTML reports: one column for screens, A4 for paper, black on white, no picture and no font from outside."""

STYLE = """
:root { --ink: #16202c; --soft: #4a5560; --hair: #c9d0d6; --wash: #f4f6f7; }
* { box-sizing: border-box; }
html { background: #e9ecee; }
body { margin: 0 auto; max-width: 54rem; padding: 2.6rem 3.2rem 3rem; background: #fff; color: var(--ink);
  font: 15px/1.6 "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 1.2rem 0 .9rem; letter-spacing: .02em; }
h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; padding-bottom: .25rem; border-bottom: 2px solid var(--ink); }
h3 { font-size: 1rem; margin: 1.5rem 0 .3rem; display: flex; gap: .7rem; align-items: baseline; }
h3 .id { color: var(--soft); font-weight: 400; min-width: 2.2rem; }
h3 .status { margin-left: auto; font-weight: 600; white-space: nowrap; }
p { margin: .35rem 0; }
.policy { font-size: .82rem; color: var(--soft); border-bottom: 1px solid var(--hair); padding-bottom: .7rem; }
.overall { border: 2px solid var(--ink); padding: .8rem 1.1rem; font-size: 1.05rem; font-weight: 600; }
.overall p { font-size: .92rem; font-weight: 400; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .12rem 1.1rem; margin: .5rem 0; }
dt { color: var(--soft); }
dd { margin: 0; }
dl, .hash, .observed { overflow-wrap: anywhere; }
.hash, .observed dd { font-family: ui-monospace, "SFMono-Regular", Consolas, "Noto Sans Mono CJK SC", monospace;
  font-size: .8rem; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .5rem .8rem .5rem 0; border-bottom: 1px solid var(--hair); }
th { font-weight: 600; }
thead th { color: var(--soft); font-weight: 400; font-size: .85rem; padding-bottom: .25rem; }
td p { margin: 0 0 .2rem; }
td, th { overflow-wrap: anywhere; }
.axes { table-layout: fixed; } .axes th:first-child { width: 19%; } .axes th:nth-child(2) { width: 20%; }
.axes .result { font-weight: 600; }
.moment { white-space: nowrap; }
.mark { display: inline-block; width: 1.2em; }
.limits { columns: 2; column-gap: 2rem; padding-left: 1.1rem; margin: .3rem 0; font-size: .88rem; }
.limits li { break-inside: avoid; margin-bottom: .15em; }
.closing { margin-top: 1.4rem; padding-top: .7rem; border-top: 1px solid var(--hair); font-size: .9rem;
  white-space: pre-line; }
.meaning { font-size: .9rem; color: var(--soft); }
.findings { list-style: none; margin: .4rem 0 0; padding: 0; font-size: .9rem; }
.findings > li { border-left: 3px solid var(--hair); padding: .1rem 0 .1rem .8rem; margin: .45rem 0; }
.findings > li.notable { border-left-color: var(--ink); }
.observed { font-size: .82rem; margin: .15rem 0 .3rem; }
.detail { break-before: page; }
svg { max-width: 100%; height: auto; display: block; margin: .6rem 0; }
@media screen { dd > .hash { display: block; } }
@media (max-width: 40rem) {
  body { padding: 1.2rem 1rem 2rem; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; }
  .limits { columns: 1; }
  .axes thead { display: none; }
  .axes tr, .axes th, .axes td { display: block; border: 0; padding: 0; }
  .axes tbody th:first-child { width: auto; }
  .axes tr { border-bottom: 1px solid var(--hair); padding: .6rem 0; }
}
@page { size: A4; margin: 11mm 15mm 10mm; }
@media print {
  html { background: #fff; }
  body { max-width: none; padding: 0; font-size: 8.6pt; line-height: 1.3; }
  h1 { font-size: 15pt; margin: .4rem 0; } h2 { font-size: 10pt; margin: .5rem 0 .15rem; }
  h2, h3 { break-after: avoid; } p { margin: .15rem 0; } dl { margin: .2rem 0; }
  .policy { padding-bottom: .3rem; } .hash, .observed dd { font-size: 7.2pt; }
  .overall { padding: .4rem .7rem; font-size: 10.5pt; }
  .closing { margin-top: .6rem; padding-top: .3rem; } .limits { font-size: 7.8pt; line-height: 1.25; }
  .closing, .findings, .meaning { font-size: 8.5pt; } .observed { font-size: 7.6pt; }
  tr, .findings > li { break-inside: avoid; }
  th, td { padding: .14rem .6rem .14rem 0; } td p { margin-bottom: .1rem; }
}
"""
