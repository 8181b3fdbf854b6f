export { AskAhead, type AnswerRows } from './ask-ahead.js';
export { BookRun, type BookMemory, type FrameReceiver } from './book-run.js';
export { runBacktest, type BacktestOptions, type BacktestResult } from './backtest.js';
