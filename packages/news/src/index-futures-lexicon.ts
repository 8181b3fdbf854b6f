import { lexiconOf, type Lexicon, type LexiconTerm } from './lexicon.js';

/**
 * Words of headlines that speak for or against ES and NQ, by our own judgement; raise {@link VERSION} with every change. "For" means
 * what a buyer of index futures would like to read at once: easier money, growth without inflation, peace in trade.
 */
const VERSION = 1;

const TERMS: Readonly<Record<string, string>> = {
  '3': `emergency rate cut|surprise rate cut|trade deal reached|trade deal signed|ceasefire agreed|vaccine breakthrough|
    tariffs cancelled|tariffs removed|bailout approved|unlimited quantitative easing`,
  '2.5': `rate cut|rate cuts|cuts rates|cut rates|cuts interest rates|cut interest rates|lowers rates|quantitative easing|
    stimulus package|stimulus bill passes|trade deal|trade agreement|peace deal|tariff exemption|tariff exemptions|pause tariffs|
    tariff pause|pauses tariffs|tariffs delayed|delay tariffs|delays tariffs|soft landing|debt ceiling deal|shutdown averted`,
  '2': `all time high|all time highs|record high|record highs|beats estimates|beat estimates|tops estimates|tops forecasts|
    beats expectations|beat expectations|better than expected|above expectations|exceeds expectations|raises guidance|raises outlook|
    raises forecast|blowout earnings|inflation cools|inflation eases|inflation slows|inflation falls|cpi cools|lower inflation|
    cooler than expected|softer than expected|dovish|fed pivot|pause rate hikes|pauses rate hikes|ends rate hikes|stimulus|easing|
    surges|surge|soars|soar|soared|surged|skyrockets|rallies|rally|rallied|ceasefire|breakthrough|rebounds sharply|
    jobless claims fall|unemployment falls|unemployment rate falls|strong jobs report|stocks jump|risk on|short squeeze`,
  '1.5': `jumps|jump|jumped|rebounds|rebound|rebounded|recovers|recovery|bullish|optimism|optimistic|upgrade|upgraded|upgrades|
    buyback|share buyback|strong demand|strong growth|growth accelerates|expands|expansion|record profit|record sales|profit rises|
    approval|approves|approved|truce|talks resume|talks progress|constructive talks|great progress|de escalation|deescalation|
    liquidity injection|injects liquidity|tax cut|tax cuts|deregulation|outperform|outperforms|boom|booming|consumer confidence rises|
    retail sales rise|pmi rises|stocks rise|stocks climb|futures rise|futures higher|stocks higher|yields fall|yields drop|
    oil prices fall|vix falls|stabilizes|stabilises|bull market|accommodative|patient on rates|lower rates|lower interest rates`,
  '1': `gains|gain|gained|rises|rise|rose|climbs|climb|climbed|higher|advance|advances|advanced|up|beats|beat|tops|topped|
    strong|stronger|strength|robust|solid|resilient|improves|improve|improved|improving|growth|grows|grew|profit|profits|
    positive|confidence|hopes|hope|relief|eases|ease|eased|cools|cooling|progress|deal|agreement|agree|agrees|agreed|success|
    successful|boost|boosts|boosted|lifts|lift|lifted|support|supports|supported|upbeat|buying|buyers|demand|hiring|jobs added|
    accelerates|record|win|wins|tailwind|tailwinds|great|good news|good|healthy|calm|reopens|reopening`,
  '-1': `falls|fall|fell|drops|drop|dropped|slips|slip|slipped|declines|decline|declined|lower|down|loses|loss|losses|lost|
    misses|miss|missed|weak|weaker|weakness|weakens|soft|slows|slow|slowed|slowing|slowdown|concern|concerns|worry|worries|
    worried|fear|fears|uncertainty|uncertain|risk|risks|caution|cautious|cautions|negative|pressure|pressures|tension|tensions|
    dispute|delay|delays|delayed|cuts jobs|cut jobs|volatile|volatility|headwind|headwinds|selling|sellers|retreats|retreat|
    retreated|doubt|doubts|probe|investigation|lawsuit|strike|disappointing|disappoints|disappointed|bad|bad news|worse|
    unfair|stall|stalls|stalled|shortage|shortages|deficit|sanction|tightening|unrest|protests`,
  '-1.5': `tumbles|tumble|tumbled|slides|slide|slid|sinks|sink|sank|bearish|pessimism|downgrade|downgraded|downgrades|layoffs|
    layoff|job cuts|warns|warning|warned|sanctions|tariff|tariffs|export ban|export curbs|blacklist|retaliation|retaliates|
    retaliate|retaliatory|hot inflation|inflation rises|inflation jumps|inflation accelerates|prices jump|sticky inflation|
    yields rise|yields jump|yields surge|yields spike|oil prices surge|oil spikes|vix jumps|vix spikes|stocks fall|stocks drop|
    stocks slip|futures fall|futures lower|futures drop|stocks lower|contraction|contracts sharply|jobless claims rise|
    unemployment rises|unemployment rate rises|retail sales fall|consumer confidence falls|pmi falls|strained|standoff|
    government shutdown|shutdown|recall|cyberattack|outage|inverted yield curve|yield curve inverts|overvalued|bubble|
    hiring freeze|underperforms|higher for longer|lockdown|quarantine|outbreak`,
  '-2': `plunges|plunge|plunged|plummets|plummet|plummeted|selloff|sell off|sell offs|slump|slumps|slumped|hawkish|
    misses estimates|missed estimates|miss estimates|misses expectations|worse than expected|below expectations|
    hotter than expected|cuts guidance|cut guidance|lowers guidance|cuts outlook|lowers outlook|cuts forecast|profit warning|
    trade war|tariff hike|new tariffs|additional tariffs|tariff increase|raise tariffs|raises tariffs|tariffs on china|
    escalation|escalates|escalate|attack|attacks|missile|missiles|invasion|invades|war|conflict|recession fears|
    credit downgrade|liquidity crisis|margin calls|bear market|correction territory|quantitative tightening|capital controls|
    stagflation|talks collapse|talks fail|talks break down|circuit breaker|risk off|debt crisis|downturn`,
  '-2.5': `rate hike|rate hikes|hikes rates|raises rates|raise rates|raises interest rates|raise interest rates|hike rates|
    recession|default|defaults|defaulted|bankruptcy|bankrupt|files for bankruptcy|bank failure|bank failures|bank run|
    banking crisis|financial crisis|contagion|panic|panics|panic selling|pandemic|terror attack|declares war|insolvent`,
  '-3': `crash|crashes|crashed|collapse|collapses|collapsed|meltdown|emergency rate hike|surprise rate hike|nuclear strike|
    nuclear attack|limit down|trading halted|black monday|sovereign default|depression`,
};

/** Weights in a fixed order. */
const WEIGHTS = ['3', '2.5', '2', '1.5', '1', '-1', '-1.5', '-2', '-2.5', '-3'] as const;

export const INDEX_FUTURES_TERMS: readonly LexiconTerm[] = WEIGHTS.flatMap((weight) =>
  (TERMS[weight] ?? '').split('|').map((phrase) => ({ phrase: phrase.trim(), weight: Number(weight) })),
);

export const INDEX_FUTURES_LEXICON: Lexicon = lexiconOf(`lexicon:${VERSION}`, INDEX_FUTURES_TERMS);
