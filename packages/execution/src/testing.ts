/** For tests of other packages: the line with the real portfolio and risk stages and a script in place of the others. */
export { runScriptedLine } from './scripted-line-service.js';
export { aPaperConfig, atMarket, barOf, type Prices, type Proposal, type Script } from './scripted-line.js';
