/** The look of every page: system fonts, one measure, colours by meaning, light and dark by the reader's own setting. */
export const STYLE = `
:root{--bg:#fafaf8;--card:#fff;--ink:#1c1e21;--soft:#5d636b;--edge:#e2e3de;--grid:#ebece8;--main:#2f6f9f;--second:#b8602a;
--good:#3a8f5c;--warn:#c08a1e;--bad:#c2413a;--quiet:#a9aeb4;--band:#b8602a47}
@media(prefers-color-scheme:dark){:root{--bg:#15171a;--card:#1d2024;--ink:#e6e7e4;--soft:#9aa1a9;--edge:#2d3136;--grid:#2a2e33;
--main:#6fb1dd;--second:#e19a63;--good:#62bd86;--warn:#e0b04b;--bad:#ee7a72;--quiet:#6a7077;--band:#e19a6352}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
p,li,dt,dd,h1,h2,h3,footer{overflow-wrap:anywhere}
header,main,footer{max-width:1000px;margin-inline:auto;padding-inline:16px}
.warning{max-width:968px;margin-inline:auto;padding-inline:18px}
header{padding-top:28px}
h1{font-size:1.55rem;line-height:1.25;margin:0}
h2{font-size:1.08rem;margin:0 0 4px}
.subtitle,.lead,footer{color:var(--soft)}
.subtitle{margin:4px 0 10px}
.lead{margin:0 0 12px;max-width:75ch}
.badges{margin:0 0 16px;display:flex;flex-wrap:wrap;gap:8px}
.badge{display:inline-block;padding:2px 10px;border-radius:99px;font-weight:600;font-size:.84rem;border:1px solid currentColor;white-space:nowrap}
.badge.good{color:var(--good)}.badge.warn{color:var(--warn)}.badge.bad{color:var(--bad)}.badge.quiet{color:var(--soft)}
.badge.main{color:var(--main)}.badge.second{color:var(--second)}
.warning{background:var(--bad);color:#fff;padding-block:12px;border-radius:8px;margin-bottom:16px;font-weight:600;width:calc(100% - 32px)}
@media(prefers-color-scheme:dark){.warning{color:#1b0d0c}}
section{background:var(--card);border:1px solid var(--edge);border-radius:10px;padding:18px;margin:0 0 16px}
footer{padding-block:8px 36px;font-size:.86rem}
svg{display:block;max-width:100%;height:auto;overflow:visible}
.phone{display:none}
@media(max-width:760px){.desk{display:none}.phone{display:block}section{padding:14px 12px}header{padding-top:20px}}
.grid{stroke:var(--grid);stroke-width:1}
.tick{fill:var(--soft);font-size:11px;font-variant-numeric:tabular-nums}
.line{fill:none;stroke-width:1.5;stroke-linejoin:round}
.line.main{stroke:var(--main)}.line.second{stroke:var(--second)}.line.good{stroke:var(--good)}.line.warn{stroke:var(--warn)}
.line.bad{stroke:var(--bad)}.line.quiet{stroke:var(--quiet)}
.bar.main,.cell.main{fill:var(--main)}.bar.second,.cell.second{fill:var(--second)}.bar.good,.cell.good{fill:var(--good)}
.bar.warn,.cell.warn{fill:var(--warn)}.bar.bad,.cell.bad{fill:var(--bad)}.bar.quiet,.cell.quiet{fill:var(--quiet)}
.band{fill:var(--band)}
.zero{stroke:var(--soft);stroke-width:1;fill:none}
.level{stroke-width:1;stroke-dasharray:4 3;fill:none}.level.bad{stroke:var(--bad)}.level.quiet{stroke:var(--quiet)}
.name{fill:var(--ink);font-size:12px}
.dot{fill-opacity:.55}.dot.solid{fill-opacity:1}
.dot.main{fill:var(--main)}.dot.second{fill:var(--second)}.dot.good{fill:var(--good)}.dot.warn{fill:var(--warn)}
.dot.bad{fill:var(--bad)}.dot.quiet{fill:var(--quiet)}
.whisker{stroke-width:2.5;stroke-linecap:round}
.whisker.main{stroke:var(--main)}.whisker.second{stroke:var(--second)}.whisker.good{stroke:var(--good)}.whisker.warn{stroke:var(--warn)}
.whisker.bad{stroke:var(--bad)}.whisker.quiet{stroke:var(--quiet)}
.wick{stroke:var(--quiet);stroke-width:1;fill:none}.candle.up{fill:var(--quiet)}.candle.down{fill:var(--soft)}
.trade.good{fill:var(--good);stroke:var(--good)}.trade.bad{fill:var(--bad);stroke:var(--bad)}.trade.quiet{fill:var(--soft);stroke:var(--soft)}
.trade .link{fill:none;stroke-width:1.6}.trade .entry{stroke:var(--card);stroke-width:.6}.trade .exit{fill:var(--card);stroke-width:2}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:10px 0 0;color:var(--soft);font-size:.86rem}
.legend span{display:inline-flex;align-items:center;gap:6px}
.swatch{width:11px;height:11px;border-radius:3px;display:inline-block}
.swatch.main{background:var(--main)}.swatch.second{background:var(--second)}.swatch.good{background:var(--good)}
.swatch.band{background:var(--band)}.swatch.warn{background:var(--warn)}.swatch.bad{background:var(--bad)}.swatch.quiet{background:var(--quiet)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.89rem}
th,td{padding:5px 10px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--edge)}
th{color:var(--soft);font-weight:600;white-space:nowrap}
@media(max-width:760px){th{white-space:normal}}
tbody tr:last-child td{border-bottom:0}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
code.quiet{color:var(--soft)}
code{font:.88em ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(140px,1fr));gap:10px 18px;margin:0}
.facts dt{color:var(--soft);font-size:.82rem}.facts dd{margin:0;font-size:.93rem;font-variant-numeric:tabular-nums}
.findings{list-style:none;margin:0;padding:0}
.findings li{border-left:4px solid var(--quiet);padding:4px 0 4px 12px;margin:0 0 12px}
.findings li.bad{border-color:var(--bad)}.findings li.warn{border-color:var(--warn)}
.findings li:last-child{margin-bottom:0}
.findings+.findings{margin-top:12px}.findings+.lead{margin-top:12px}
.findings p{margin:2px 0 0}.findings .next{color:var(--soft)}
.small{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:16px 18px}
.small h3{font-size:.86rem;margin:0 0 2px;font-weight:600}
.small p{margin:2px 0 0;color:var(--soft);font-size:.78rem;font-variant-numeric:tabular-nums}
.sentence{font-size:1.12rem;line-height:1.4;margin:0 0 10px;font-weight:600;max-width:75ch}
.missing{color:var(--soft);font-style:italic}p.missing{margin:4px 0 0}
.facts .missing{font-size:.82rem}
small{color:var(--soft);font-size:.8rem}
.nowrap{white-space:nowrap}
.reference{display:inline-block;min-width:16ch;overflow-wrap:anywhere}
summary{cursor:pointer;margin:6px 0;font-size:.89rem;color:var(--soft)}
h3+.scroll,.legend+.scroll,.facts+.scroll,.scroll+.scroll{margin-top:12px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:16px 24px}
section h3{font-size:.95rem;margin:14px 0 4px}
.year{margin:10px 0 2px;font-weight:600;font-size:.9rem}
`;
