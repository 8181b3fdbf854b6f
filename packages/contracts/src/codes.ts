/**
 * What every code means and what its reader may do: one catalogue for reasons in frames, answers over HTTP and exits
 * of the command line. `docs/reference/codes.md` is made from it by tools/generate-reference.mjs.
 */
import { ReasonCode } from './generated/messages.js';

export interface ReasonText {
  /** As it stands in JSON and logs. */
  readonly name: string;
  readonly meaning: string;
  /** What the reader may do. */
  readonly next: string;
}

const WAIT_FOR_BARS =
  'Wait: it comes by itself after enough bars. Warm-up entries of earlier days shorten it.';
const NEXT_BAR = 'Nothing: it is judged again at the next bar.';
const REGIME_WAIT = 'Wait: no new risk is taken meanwhile, and exits go on.';

/** Every reason a frame can carry. The type makes it complete: a new code without a text does not compile. */
export const REASONS: Readonly<Record<ReasonCode, ReasonText>> = {
  [ReasonCode.UNSPECIFIED]: {
    name: 'unspecified',
    meaning: 'No reason was given. No stage writes it on purpose.',
    next: 'Report it as a defect, with the decision id.',
  },
  [ReasonCode.OK]: {
    name: 'ok',
    meaning: 'The check passed, or nothing stood in the way.',
    next: 'Nothing.',
  },
  [ReasonCode.NOT_ASKED]: {
    name: 'not_asked',
    meaning: 'The entry asks for no decision: a fill, a clock entry, warm-up.',
    next: 'Nothing.',
  },
  [ReasonCode.NO_RELEASE]: {
    name: 'no_release',
    meaning: 'The book has no configuration yet: no release entry came before this one.',
    next: 'Start the feed, or append the release first. `bw start` does both.',
  },
  [ReasonCode.STALE_BAR]: {
    name: 'stale_bar',
    meaning: 'The bar is not newer than the last one of its symbol, so it changed nothing.',
    next: 'Check the source for repeated or late bars.',
  },
  [ReasonCode.UNKNOWN_SYMBOL]: {
    name: 'unknown_symbol',
    meaning: 'The symbol is not one of the book.',
    next: 'Add it under `symbols` in the book file, or send another symbol.',
  },
  [ReasonCode.WRONG_INTERVAL]: {
    name: 'wrong_interval',
    meaning: 'The bar has another length than the book is set to.',
    next: 'Send bars of the `bar_interval` of the book, or change it in the book file.',
  },
  [ReasonCode.OUTSIDE_SESSION]: {
    name: 'outside_session',
    meaning: 'The market is closed at this time by the trading calendar.',
    next: 'Check the time zone and the stamp side of the source: bars are stamped by their open, in UTC.',
  },
  [ReasonCode.ABANDONED]: {
    name: 'abandoned',
    meaning:
      'The caller was given up on before the decision came, so its order is cancelled if it is unfilled.',
    next: 'Ask again with a new signal id if the trade is still wanted.',
  },
  [ReasonCode.TIMEOUT]: {
    name: 'timeout',
    meaning:
      'The decision did not come before the deadline of the call. The answer was HOLD and is not final.',
    next: 'Repeat the call with the same id to see the final decision.',
  },
  [ReasonCode.STAGE_FAULT]: {
    name: 'stage_fault',
    meaning: 'A stage failed on this entry. Its state is unchanged and no new risk is taken.',
    next: 'Read `fault` in the frame, and report it with the decision id.',
  },
  [ReasonCode.NO_BAR_YET]: {
    name: 'no_bar_yet',
    meaning: 'No completed bar of the symbol has been seen, so there is no price to judge by.',
    next: 'Send bars first.',
  },
  [ReasonCode.WARM_UP]: {
    name: 'warm_up',
    meaning: 'Too few bars or earlier sessions have been seen to compute the number.',
    next: WAIT_FOR_BARS,
  },
  [ReasonCode.NO_VOLUME]: {
    name: 'no_volume',
    meaning: 'The source has no volume, so what needs it cannot be computed.',
    next: 'Use a source with volume. A column of zeros means that the volume is not known.',
  },
  [ReasonCode.NO_CALENDAR]: {
    name: 'no_calendar',
    meaning:
      'The calendar that is needed does not say: no calendar of economic events is loaded, or the time lies outside the ' +
      'trading calendar (2013 to 2027).',
    next: 'Where it is a feature, nothing: the number stays out. Where it is a bar, check its date.',
  },
  [ReasonCode.NOT_AVAILABLE]: {
    name: 'not_available',
    meaning: 'The input that it needs is not part of this book.',
    next: 'Nothing: the number stays out.',
  },
  [ReasonCode.UNDEFINED]: {
    name: 'undefined',
    meaning: 'The formula has no value here, for example a ratio to a range of zero.',
    next: NEXT_BAR,
  },
  [ReasonCode.REGIME_UNKNOWN]: {
    name: 'regime_unknown',
    meaning: 'The regime is not known: at the start, after a session opened, or after a gap in the bars.',
    next: REGIME_WAIT,
  },
  [ReasonCode.REGIME_UNCERTAIN]: {
    name: 'regime_uncertain',
    meaning: 'The present regime is not probable enough, and no other one is either.',
    next: REGIME_WAIT,
  },
  [ReasonCode.REGIME_PENDING]: {
    name: 'regime_pending',
    meaning: 'Another regime qualifies and has not yet lasted 180 seconds.',
    next: REGIME_WAIT,
  },
  [ReasonCode.REGIME_INPUTS_MISSING]: {
    name: 'regime_inputs_missing',
    meaning: 'A number that the regime is judged by is missing.',
    next: 'Look at the masked features of the frame: each has its own reason.',
  },
  [ReasonCode.NO_MODEL]: {
    name: 'no_model',
    meaning: 'No forecast model is promoted, so there is no forecast.',
    next: 'Nothing under `policy: rules`, where forecasts have no effect.',
  },
  [ReasonCode.CALLER_FORECAST]: {
    name: 'caller_forecast',
    meaning: 'The forecast came with the signal and stands in place of our own.',
    next: 'Nothing: the frame names the model that the caller gave.',
  },
  [ReasonCode.MODEL_SCHEMA]: {
    name: 'model_schema',
    meaning: 'The model was made for other numbers than the features of this book: it is not asked.',
    next: 'Train on this bar interval and feature set, and promote the result.',
  },
  [ReasonCode.MODEL_STALE]: {
    name: 'model_stale',
    meaning:
      'The newest label that the model learned from is older than `models.stale_after_days`: it is not asked.',
    next: 'Train again with newer data and promote the result (`bw train`, `bw models promote`).',
  },
  [ReasonCode.TRAINED_ON_SYNTHETIC]: {
    name: 'trained_on_synthetic',
    meaning: 'The model was made of synthetic data and these are market data: it is not asked.',
    next: 'Train on market data. For a trial, set `models.allow_synthetic` in the book file.',
  },
  [ReasonCode.MODEL_WARMING]: {
    name: 'model_warming',
    meaning: 'The model looks at more bars in a row than have come in this session.',
    next: WAIT_FOR_BARS,
  },
  [ReasonCode.ONLINE_ONLY]: {
    name: 'online_only',
    meaning: 'The network gave no forecast, so the regression that learns online stands alone.',
    next: 'See `bw models list` for the network and why it is not asked.',
  },
  [ReasonCode.NETWORK_ONLY]: {
    name: 'network_only',
    meaning: 'The regression that learns online has not learned enough yet, so the network stands alone.',
    next: 'Wait: it takes a session of bars.',
  },
  [ReasonCode.MODEL_INPUTS_MISSING]: {
    name: 'model_inputs_missing',
    meaning: 'None of the numbers that the model looks at is there.',
    next: WAIT_FOR_BARS,
  },
  [ReasonCode.MODEL_TAKEN]: {
    name: 'model_taken',
    meaning: 'The promotion of this entry is in force from here on.',
    next: 'Nothing.',
  },
  [ReasonCode.MODEL_LEFT]: {
    name: 'model_left',
    meaning: 'The model of this place is asked no more.',
    next: 'Nothing, or promote another one.',
  },
  [ReasonCode.TRUNK_REBUILDING]: {
    name: 'trunk_rebuilding',
    meaning:
      'A new model strategy_selection has taken its place, and what was learned is being put to it again. LinUCB chooses meanwhile.',
    next: 'Wait: at most 32 entries.',
  },
  [ReasonCode.RULES_DECIDE]: {
    name: 'rules_decide',
    meaning: 'The book is set to a model, but rules decide now: its policy is rules, or it is slow.',
    next: 'Set `policy: learned`, or see why the book is slow.',
  },
  [ReasonCode.UNMATCHED_FILL]: {
    name: 'unmatched_fill',
    meaning: 'The fill belongs to no decision of this book. It counts toward position and caps all the same.',
    next: 'Check the account at the broker: somebody traded it by hand, or an id is wrong.',
  },
  [ReasonCode.DUPLICATE_FILL]: {
    name: 'duplicate_fill',
    meaning: 'A fill with this id was counted before.',
    next: 'Nothing: it is counted once.',
  },
  [ReasonCode.NO_POSITION]: {
    name: 'no_position',
    meaning: 'There is no open position that this would close.',
    next: 'Compare the positions of the frame with those of the broker.',
  },
  [ReasonCode.TIME_STOP]: {
    name: 'time_stop',
    meaning: 'The trade has reached its longest time.',
    next: 'Nothing: the position is closed at the next bar.',
  },
  [ReasonCode.SESSION_FLAT]: {
    name: 'session_flat',
    meaning: 'The time of day by which everything must be closed has come.',
    next: 'Nothing: the position is closed at the next bar.',
  },
  [ReasonCode.CORRECTED_FILL]: {
    name: 'corrected_fill',
    meaning: 'The fill replaces an earlier one, as the broker corrected it.',
    next: 'Nothing. Where it took a fill back that closed a trade, the trade is not told to the learners again.',
  },
  [ReasonCode.EARLY_FILL]: {
    name: 'early_fill',
    meaning: 'The exit came before the entry of its own decision, so it waits for it.',
    next: 'Nothing: it counts with the entry, or by itself once the order ends.',
  },
  [ReasonCode.BARS_MISSING]: {
    name: 'bars_missing',
    meaning: 'Bars were missing for more than five minutes while the position was open.',
    next: 'Look at the source of the bars. The position is closed at the next bar: nobody knows what its stop would have met.',
  },
  [ReasonCode.OUTSIDE_WINDOW]: {
    name: 'outside_window',
    meaning: 'The strategy does not trade at this time of day.',
    next: NEXT_BAR,
  },
  [ReasonCode.STRATEGY_OFF_IN_REGIME]: {
    name: 'strategy_off_in_regime',
    meaning: 'The strategy is off in the present regime.',
    next: NEXT_BAR,
  },
  [ReasonCode.INDICATOR_MISSING]: {
    name: 'indicator_missing',
    meaning: 'An indicator that the strategy reads cannot be computed yet.',
    next: WAIT_FOR_BARS,
  },
  [ReasonCode.NOT_STRETCHED]: {
    name: 'not_stretched',
    meaning: 'The price is not far enough from VWAP.',
    next: NEXT_BAR,
  },
  [ReasonCode.NO_REVERSAL_BAR]: {
    name: 'no_reversal_bar',
    meaning: 'The price is stretched, but the bar did not turn back toward VWAP.',
    next: NEXT_BAR,
  },
  [ReasonCode.TOO_TRENDING]: {
    name: 'too_trending',
    meaning: 'The price moves too straight for a trade against the move.',
    next: NEXT_BAR,
  },
  [ReasonCode.VWAP_SLOPING]: {
    name: 'vwap_sloping',
    meaning: 'VWAP itself moves too fast for a return to it.',
    next: NEXT_BAR,
  },
  [ReasonCode.AGAINST_SLOPE]: {
    name: 'against_slope',
    meaning: 'In a calm trend only the side of the VWAP slope is traded, and this is the other one.',
    next: NEXT_BAR,
  },
  [ReasonCode.NO_SQUEEZE]: {
    name: 'no_squeeze',
    meaning: 'No squeeze ended at this bar.',
    next: 'Nothing: it is judged again at the next 5-minute bar.',
  },
  [ReasonCode.SQUEEZE_TOO_SHORT]: {
    name: 'squeeze_too_short',
    meaning: 'A squeeze ended, but it had lasted too few bars.',
    next: 'Nothing: it is judged again at the next squeeze.',
  },
  [ReasonCode.NO_MOMENTUM]: {
    name: 'no_momentum',
    meaning: 'A squeeze ended without a direction.',
    next: 'Nothing: it is judged again at the next squeeze.',
  },
  [ReasonCode.VOLUME_TOO_LOW]: {
    name: 'volume_too_low',
    meaning: 'The bar has too little volume for its time of day.',
    next: NEXT_BAR,
  },
  [ReasonCode.STOP_TOO_NEAR]: {
    name: 'stop_too_near',
    meaning: 'The stop would lie closer than 4 ticks, where noise alone reaches it.',
    next: NEXT_BAR,
  },
  [ReasonCode.STOP_TOO_FAR]: {
    name: 'stop_too_far',
    meaning: 'The stop would lie farther than 1.5 times the 5-minute ATR.',
    next: NEXT_BAR,
  },
  [ReasonCode.TARGET_TOO_NEAR]: {
    name: 'target_too_near',
    meaning: 'The target lies closer than three times the costs of a round trip.',
    next: NEXT_BAR,
  },
  [ReasonCode.STRATEGY_NOT_AVAILABLE]: {
    name: 'strategy_not_available',
    meaning: 'The strategy is not part of this release.',
    next: 'Name another strategy, or none to have one chosen.',
  },
  [ReasonCode.DAILY_TRADE_CAP]: {
    name: 'daily_trade_cap',
    meaning: 'The strategy has made its three trades of the day in this symbol.',
    next: 'Wait for the next trade date, which begins at 17:00 Chicago.',
  },
  [ReasonCode.COOL_DOWN]: {
    name: 'cool_down',
    meaning: 'The strategy was stopped out less than 10 minutes ago.',
    next: 'Wait: it comes back by itself.',
  },
  [ReasonCode.BREAKOUT_PASSED]: {
    name: 'breakout_passed',
    meaning: 'The price is beyond the trigger already, where an exchange refuses a waiting stop order.',
    next: NEXT_BAR,
  },
  [ReasonCode.SIDE_NOT_ASKED]: {
    name: 'side_not_asked',
    meaning: 'There is a setup, but on the other side than the caller asked for.',
    next: 'Ask without a side to have it considered.',
  },
  [ReasonCode.NO_SETUP]: {
    name: 'no_setup',
    meaning: 'No permitted strategy has a setup now.',
    next: 'Read `refused` in the frame: each strategy says why it has none.',
  },
  [ReasonCode.POSITION_OPEN]: {
    name: 'position_open',
    meaning: 'The symbol has an open position, and one at a time is the rule.',
    next: 'Wait until it is closed.',
  },
  [ReasonCode.ORDER_WORKING]: {
    name: 'order_working',
    meaning: 'An entry order of the symbol is still working.',
    next: 'Wait until it is filled or has ended.',
  },
  [ReasonCode.RISK_BUDGET_TOO_SMALL]: {
    name: 'risk_budget_too_small',
    meaning: 'One contract at this stop would lose more than a trade may.',
    next: 'Raise `risk_per_trade_usd`, or trade the micro contract.',
  },
  [ReasonCode.STOP_MISSING]: {
    name: 'stop_missing',
    meaning: 'The setup has no stop, so its size cannot be computed.',
    next: 'Send `hints.stop_points`, or leave the strategy to us.',
  },
  [ReasonCode.SIZE_FACTOR_TOO_SMALL]: {
    name: 'size_factor_too_small',
    meaning: 'The risk budget holds a contract, but not after the regime scaled it down.',
    next: 'Nothing, or trade micros, or raise `risk_per_trade_usd` in the book file.',
  },
  [ReasonCode.MULTIPLIER_TOO_SMALL]: {
    name: 'multiplier_too_small',
    meaning: 'The sizing agent made the size smaller than one contract.',
    next: 'Nothing, or trade micros.',
  },
  [ReasonCode.CVAR_AGENT_ONLY]: {
    name: 'cvar_agent_only',
    meaning:
      'The sizing agent that learns from decisions gave no multiplier, so the CVaR-PPO agent stands alone.',
    next: 'Train it once enough decisions are audited: `bw train rl/sac_agent --audit`.',
  },
  [ReasonCode.ONLINE_AGENT_ONLY]: {
    name: 'online_agent_only',
    meaning:
      'Neither the CVaR-PPO agent nor its backup gave a multiplier, so the agent that learns from decisions stands alone.',
    next: 'See `bw models list` for both and the frame for why they were not asked.',
  },
  [ReasonCode.BACKUP_AGENT]: {
    name: 'backup_agent',
    meaning:
      'The backup rl/test_cvar_ppo answered in the place of rl/cvar_ppo_agent, which is absent or was refused.',
    next: 'See the reason beside it, then train or promote rl/cvar_ppo_agent.',
  },
  [ReasonCode.MULTIPLIER_INVALID]: {
    name: 'multiplier_invalid',
    meaning: 'The sizing agent answered with what is no multiplier.',
    next: 'Take the model back (`bw models rollback`), and see what made it.',
  },
  [ReasonCode.KILL_LATCHED]: {
    name: 'kill_latched',
    meaning:
      'The kill loss of the day was reached: everything is closed and nothing new is opened on this trade date.',
    next: 'Nothing clears it within its trade date. The next one begins at 17:00 Chicago.',
  },
  [ReasonCode.DAILY_SOFT_LOSS]: {
    name: 'daily_soft_loss',
    meaning: 'The soft loss of the day was reached: no new risk on this trade date.',
    next: 'Wait for the next trade date. Exits go on.',
  },
  [ReasonCode.FLAT_WINDOW]: {
    name: 'flat_window',
    meaning: 'It is too late in the session for a new entry.',
    next: 'Wait for the next session.',
  },
  [ReasonCode.CAP_SYMBOL]: {
    name: 'cap_symbol',
    meaning: 'The largest position in this symbol is reached, working orders included.',
    next: 'Wait until a position or order ends, or change `limits` in the book file.',
  },
  [ReasonCode.CAP_TOTAL]: {
    name: 'cap_total',
    meaning: 'The largest position over all symbols is reached, working orders included.',
    next: 'Wait until a position or order ends, or change `limits` in the book file.',
  },
  [ReasonCode.CAP_STEP]: {
    name: 'cap_step',
    meaning: 'The size was cut to the largest change that one decision may make.',
    next: 'Nothing.',
  },
  [ReasonCode.PRICE_IMPLAUSIBLE]: {
    name: 'price_implausible',
    meaning: 'The price jumped farther than a market can, or its bar contradicts itself.',
    next: 'Check the source. No new risk is taken on such a price.',
  },
  [ReasonCode.PRICE_STALE]: {
    name: 'price_stale',
    meaning: 'The last price is too old to take new risk on.',
    next: 'Check that bars still arrive.',
  },
  [ReasonCode.AUDIT_BEHIND]: {
    name: 'audit_behind',
    meaning: 'The audit log does not keep up with the decisions, so no new risk is taken.',
    next: 'Look at the audit service: its log, its volume. The gate opens by itself once it has caught up.',
  },
  [ReasonCode.HEADROOM]: {
    name: 'headroom',
    meaning:
      'If everything open and ordered were stopped, less than the smallest headroom would be left above the floor of the account.',
    next: 'Wait for open risk to end, trade smaller, or nothing: the account is close to its largest loss.',
  },
  [ReasonCode.HEAT]: {
    name: 'heat',
    meaning: 'Too large a part of the headroom is at risk already.',
    next: 'Wait for open risk to end.',
  },
  [ReasonCode.CAP_SCALING]: {
    name: 'cap_scaling',
    meaning: 'The scaling plan of the account allows no more at its present balance.',
    next: 'Nothing: the level is set again at the end of the trade date.',
  },
  [ReasonCode.BROKER_CLOSED]: {
    name: 'broker_closed',
    meaning: 'The broker said that the account may not trade.',
    next: 'Ask the broker; a new account snapshot with `can_trade` opens the gate.',
  },
  [ReasonCode.RECONCILE]: {
    name: 'reconcile',
    meaning: 'The broker sees another position or balance than the book, so no new risk is taken.',
    next: 'Compare the two sides in `reconciliation`, report what is missing, and send a new account snapshot.',
  },
  [ReasonCode.DRY_RUN]: {
    name: 'dry_run',
    meaning: 'The book decides and enters nothing, after a kill or because an operator said so.',
    next: '`bw operator resume` ends it; within the trade date of a kill it does not.',
  },
  [ReasonCode.ACCOUNT_BREACHED]: {
    name: 'account_breached',
    meaning: 'The account has been at or under its floor: by the rules of the firm it is lost.',
    next: 'Close what is left. A new account is a new start balance or profile in the book file.',
  },
  [ReasonCode.CAP_DAILY]: {
    name: 'cap_daily',
    meaning: 'As many contracts as the profile allows were traded in this trade date.',
    next: 'Wait for 17:00 Chicago.',
  },
  [ReasonCode.NEWS]: {
    name: 'news',
    meaning: 'An important release is near, or no calendar says when one is.',
    next: 'Wait, or load a calendar, or set `news_block_minutes` to 0.',
  },
  [ReasonCode.MIN_SIZE]: {
    name: 'min_size',
    meaning: 'Nothing of the size was left.',
    next: 'Nothing.',
  },
  [ReasonCode.OPERATOR]: {
    name: 'operator',
    meaning: 'An operator closes everything.',
    next: 'Nothing.',
  },
  [ReasonCode.ORDER_EXPIRED]: {
    name: 'order_expired',
    meaning: 'The entry order was not filled in its time.',
    next: 'Nothing: it is gone, and its contracts no longer count.',
  },
  [ReasonCode.ORDER_REPLACED]: {
    name: 'order_replaced',
    meaning: 'A newer decision took the place of the order.',
    next: 'Nothing.',
  },
  [ReasonCode.REGIME_LEFT]: {
    name: 'regime_left',
    meaning: 'The regime in which the trade was decided has gone and the trade does not pay: it is closed.',
    next: 'Nothing: the close goes out with this decision. `management.close_regime_left_r` sets the bound.',
  },
  [ReasonCode.PROFIT_TAKEN]: {
    name: 'profit_taken',
    meaning: 'The trade is far enough in profit that a quarter of it is sold, once.',
    next: 'Nothing. `management.take_partial_r` sets the bound.',
  },
  [ReasonCode.PROFIT_TRAILED]: {
    name: 'profit_trailed',
    meaning:
      'The trade has been far enough in profit for its stop to follow the price at a distance of the ATR.',
    next: 'Nothing: the stop moves by itself from now on.',
  },
  [ReasonCode.SWING_FOLLOWED]: {
    name: 'swing_followed',
    meaning: 'The stop follows the last confirmed swing, which lies nearer than the ATR trail.',
    next: 'Nothing: the stop moves by itself from now on.',
  },
  [ReasonCode.GAIN_GIVEN_BACK]: {
    name: 'gain_given_back',
    meaning: 'The trade had a gain and lost most of it: the distance to its stop was halved.',
    next: 'Nothing. `management.tighten_from_r` and `tighten_kept_share` set the bounds.',
  },
  [ReasonCode.EXIT_UNDER_WAY]: {
    name: 'exit_under_way',
    meaning: 'An exit of this trade was asked for already, so nothing else is done with it.',
    next: 'Nothing: it ends with its fill.',
  },
  [ReasonCode.STOP_MOVED]: {
    name: 'stop_moved',
    meaning: 'The protective stop goes to a new price, nearer to the market.',
    next: 'On an outside broker: replace the stop order, and keep the old one until the new one stands.',
  },
  [ReasonCode.NO_PLAN]: {
    name: 'no_plan',
    meaning: 'The position has no plan with a stop, so it is not managed; it ends by a close or at flat-by.',
    next: 'Close it by hand, or report its fills with the decision id.',
  },
  [ReasonCode.DEGRADED_MODE]: {
    name: 'degraded_mode',
    meaning: 'Decisions take too long, so sizes are halved and rounded down, and nothing was left.',
    next: 'Find what slows the book; the mode ends by itself.',
  },
  [ReasonCode.BROKER_SAID]: {
    name: 'broker_said',
    meaning: 'The broker ended the order; its outcome says how.',
    next: 'Read the text of the broker on the machine that holds the order.',
  },
  [ReasonCode.VOLUME_CAP]: {
    name: 'volume_cap',
    meaning: 'The order is larger than the share of the bar’s volume that a paper fill may take.',
    next: 'Trade smaller or at a busier hour; `paper.volume_share_pct` sets the bound.',
  },
  [ReasonCode.RANGE_TOO_NARROW]: {
    name: 'range_too_narrow',
    meaning: 'The range that the strategy trades out of or in is too small against the usual one.',
    next: NEXT_BAR,
  },
  [ReasonCode.RANGE_TOO_WIDE]: {
    name: 'range_too_wide',
    meaning: 'The range that the strategy trades out of or in is too large against the usual one.',
    next: NEXT_BAR,
  },
  [ReasonCode.NO_DIRECTION]: {
    name: 'no_direction',
    meaning: 'The price chose no side: too small a body, or a close in the middle.',
    next: NEXT_BAR,
  },
  [ReasonCode.NO_TREND]: {
    name: 'no_trend',
    meaning: 'The averages, their slope or the strength of the trend say that there is none.',
    next: NEXT_BAR,
  },
  [ReasonCode.NO_PULLBACK]: {
    name: 'no_pullback',
    meaning: 'The price has not come back to where a trend is joined, or has gone too far.',
    next: NEXT_BAR,
  },
  [ReasonCode.NO_TRIGGER]: {
    name: 'no_trigger',
    meaning: 'The bar did not close beyond the bar before it in the direction of the trade.',
    next: NEXT_BAR,
  },
  [ReasonCode.GAP_TOO_SMALL]: {
    name: 'gap_too_small',
    meaning: 'The cash session opened too near to the close of the day before.',
    next: NEXT_BAR,
  },
  [ReasonCode.GAP_TOO_LARGE]: {
    name: 'gap_too_large',
    meaning: 'The cash session opened too far from the close of the day before.',
    next: NEXT_BAR,
  },
  [ReasonCode.GAP_EXTENDED]: {
    name: 'gap_extended',
    meaning: 'The price went on away from the close of the day before, beyond what is allowed.',
    next: NEXT_BAR,
  },
  [ReasonCode.VOLUME_TOO_HIGH]: {
    name: 'volume_too_high',
    meaning: 'More has been traded than a fade allows at this time of day.',
    next: NEXT_BAR,
  },
  [ReasonCode.BOX_UNTESTED]: {
    name: 'box_untested',
    meaning: 'The sides of the range have not been touched often enough.',
    next: NEXT_BAR,
  },
  [ReasonCode.OUTSIDE_BOX]: {
    name: 'outside_box',
    meaning: 'The last 5-minute bar closed outside of the range, or the price is outside now.',
    next: NEXT_BAR,
  },
  [ReasonCode.NO_SWEEP]: {
    name: 'no_sweep',
    meaning: 'The price has not just come back from beyond the high or low of the day before.',
    next: NEXT_BAR,
  },
  [ReasonCode.SWEEP_TOO_DEEP]: {
    name: 'sweep_too_deep',
    meaning: 'The price went too far beyond the high or low of the day before.',
    next: NEXT_BAR,
  },
  [ReasonCode.SWEEP_TOO_LONG]: {
    name: 'sweep_too_long',
    meaning: 'The price stayed beyond the high or low of the day before for too long.',
    next: NEXT_BAR,
  },
  [ReasonCode.ZONES_MISSING]: {
    name: 'zones_missing',
    meaning: 'No supply and demand zones are computed.',
    next: 'Nothing: this build computes none, so the strategy does not trade.',
  },
  [ReasonCode.NO_ZONE]: {
    name: 'no_zone',
    meaning: 'No fresh zone lies where an order could wait at it.',
    next: NEXT_BAR,
  },
  [ReasonCode.MOVE_TOO_SMALL]: {
    name: 'move_too_small',
    meaning: 'The price has not moved far enough.',
    next: NEXT_BAR,
  },
  [ReasonCode.NO_REJECTION]: {
    name: 'no_rejection',
    meaning: 'The last bar did not turn away from the move.',
    next: NEXT_BAR,
  },
  [ReasonCode.AGAINST_TREND]: {
    name: 'against_trend',
    meaning: 'The trade would stand against the larger move.',
    next: NEXT_BAR,
  },
  [ReasonCode.ENTRY_PASSED]: {
    name: 'entry_passed',
    meaning: 'The price is beyond the limit price already.',
    next: NEXT_BAR,
  },
  [ReasonCode.EVENT_NEAR]: {
    name: 'event_near',
    meaning: 'An economic release is too near, or falls on this morning.',
    next: NEXT_BAR,
  },
  [ReasonCode.NOT_IN_REGIME_MAP]: {
    name: 'not_in_regime_map',
    meaning: 'The book chooses by regime, and this strategy is not that of the regime.',
    next: 'Nothing, or set another `bandit.selection` in the book file.',
  },
  [ReasonCode.STREAM_OFF]: {
    name: 'stream_off',
    meaning: 'The book does not read this stream.',
    next: 'Nothing, or set it under `streams` in the book file.',
  },
  [ReasonCode.STREAM_ABSENT]: {
    name: 'stream_absent',
    meaning: 'Nothing of this stream has come yet.',
    next: 'Send its events, or leave it: what it would say is missing, and nothing is put in its place.',
  },
  [ReasonCode.STREAM_DELAYED]: {
    name: 'stream_delayed',
    meaning: 'The newest event of this stream is older than the limit of the stream.',
    next: 'Look at its source. Its numbers are left out meanwhile.',
  },
  [ReasonCode.STREAM_ENDS_SOON]: {
    name: 'stream_ends_soon',
    meaning: 'The calendar of releases ends within 14 days. What it says still counts.',
    next: 'Load the next part of the calendar.',
  },
  [ReasonCode.NEWS_AGAINST]: {
    name: 'news_against',
    meaning:
      'The news of the last hours speaks against this side, more strongly than `streams.news.block_score`.',
    next: NEXT_BAR,
  },
  [ReasonCode.SEASON_AGAINST]: {
    name: 'season_against',
    meaning:
      'These five minutes usually go against this side, more clearly than `streams.seasonality.block_t`.',
    next: NEXT_BAR,
  },
  [ReasonCode.ZONE_FOLLOWED]: {
    name: 'zone_followed',
    meaning: 'The stop follows the far edge of a supply or demand zone, which is nearer than the last swing.',
    next: 'Nothing.',
  },
  [ReasonCode.CONFIDENCE_LOW]: {
    name: 'confidence_low',
    meaning: 'The trade of this arm is less likely to end positive than `models.confidence_min`.',
    next: NEXT_BAR,
  },
  [ReasonCode.FORECAST_AGAINST]: {
    name: 'forecast_against',
    meaning: 'The forecast gives the side of this arm less than `models.forecast_min`.',
    next: NEXT_BAR,
  },
  [ReasonCode.ARM_UNPROVEN]: {
    name: 'arm_unproven',
    meaning:
      'The arm has a setup, but no evidence on market data that it earns money: its setup is recorded and not traded.',
    next: 'See `bw evidence list`; measure it with `bw ablate --arms --evidence`, or let it trade with `evidence.override` in the book file.',
  },
  [ReasonCode.MODEL_IN_SHADOW]: {
    name: 'model_in_shadow',
    meaning:
      'The model was asked, but there is no evidence on market data that it adds anything: its answer is recorded and not used.',
    next: 'See `bw evidence list`; measure it with `bw ablate --evidence`, or let it decide with `evidence.override` in the book file.',
  },
  [ReasonCode.ORDER_OVER]: {
    name: 'order_over',
    meaning: 'The order was taken on after it had been filled or ended, so its contracts are given back.',
    next: 'Nothing. Where it is seen often in an external book, fills are reported before the order is written down: report them a moment later.',
  },
};

export interface ErrorText {
  /** Status of the HTTP answer; null for what no HTTP call can meet. */
  readonly http_status: number | null;
  /** Exit code of the command line; null for what ends no command. */
  readonly exit_code: number | null;
  readonly meaning: string;
  /** What the reader may do. */
  readonly next: string;
}

function text(
  http_status: number | null,
  exit_code: number | null,
  meaning: string,
  next: string,
): ErrorText {
  return { http_status, exit_code, meaning, next };
}

/**
 * Everything that can go wrong at the edges, by its stable code. Exit codes group by what to do: 1 report a defect,
 * 2 change the command or configuration, 3 change the data, 4 change what runs around it, 5 the answers differ,
 * 6 a part of the system has stopped.
 */
export const ERRORS = {
  invalid_request: text(
    400,
    null,
    'The request does not have the form that the route asks for.',
    'Read `problems`: each names a field and what is wrong with it. The schemas are under /docs.',
  ),
  invalid_json: text(400, null, 'The body is not JSON.', 'Send one JSON object, encoded in UTF-8.'),
  unsupported_media_type: text(
    415,
    null,
    'The body is of another type than JSON.',
    'Send `content-type: application/json`.',
  ),
  body_too_large: text(413, null, 'The body is larger than the route takes.', 'Send fewer items in a call.'),
  unknown_book: text(
    404,
    null,
    'This gateway serves no book of that name.',
    'Ask /health which books it serves.',
  ),
  unknown_symbol: text(
    400,
    3,
    'The symbol is not one of the book, or not one that Bellwether knows.',
    'Use one of ES, NQ, MES, MNQ, and name it under `symbols` in the book file.',
  ),
  off_tick_grid: text(
    400,
    null,
    'The price does not lie on the tick grid of its symbol.',
    'Send raw prices: multiples of 0.25 points. Ratio-adjusted series are not on the grid.',
  ),
  unknown_order: text(
    404,
    null,
    'No decision of the book has ordered that.',
    'Name the intent as the decision does: `<decision id>/<number>`, of an order to enter or to close.',
  ),
  unauthorized: text(
    401,
    null,
    'The request does not carry the token of the operator.',
    'Send `Authorization: Bearer <token>`. `bw start` keeps it in the store, in operator-token.',
  ),
  operator_off: text(
    403,
    null,
    'This gateway takes no operator commands.',
    'Set BW_OPERATOR_TOKEN for the gateway, and start it again.',
  ),
  not_found: text(404, null, 'There is no such route.', 'See /docs for the routes.'),
  decision_not_found: text(
    404,
    null,
    'There is no decision of that id, or it is older than what the gateway keeps.',
    'Check the id. Older decisions are in the audit log.',
  ),
  features_not_found: text(
    404,
    null,
    'There are no features of that id, or they are older than what the gateway keeps.',
    'Check the id.',
  ),
  no_position: text(
    404,
    null,
    'There is no open position that this would close.',
    'Ask for the positions first.',
  ),
  method_not_allowed: text(
    405,
    null,
    'The route has no such method.',
    'See /docs for the methods of the route.',
  ),
  id_reused: text(
    409,
    3,
    'The id was used before with other content. The first one stands and this one had no effect.',
    'Use a new id for a new request. From a file: it changed since it was first read, so feed a new book.',
  ),
  outcome_unknown: text(
    503,
    4,
    'The acknowledgement was lost: the request may or may not have been taken.',
    'Repeat it with the same id. It has no second effect.',
  ),
  not_ready: text(
    503,
    null,
    'The gateway is starting, or a part that it needs is down.',
    'Ask /health what is missing, and try again.',
  ),
  too_busy: text(503, null, 'Too many calls are waiting.', 'Try again after a moment, with the same id.'),
  journal_full: text(
    507,
    4,
    'The journal is full and refuses new entries. Nothing was lost.',
    'Make room on the disk or raise the limit of the stream. Nothing is deleted by itself.',
  ),
  internal: text(
    500,
    1,
    'A defect of Bellwether.',
    'Report it with the log lines around it. Repeating the request with the same id is safe.',
  ),
  usage: text(
    null,
    2,
    'The command line is not one that the program understands.',
    'Run the command with --help.',
  ),
  config_invalid: text(
    null,
    2,
    'The configuration is not valid.',
    'Read `problems`: all of them are listed, each with the place in the file.',
  ),
  data_unreadable: text(
    null,
    3,
    'A data file cannot be read, or what it holds cannot be right.',
    'Go to the line named and correct the file at its source. No row is skipped or repaired.',
  ),
  data_refused: text(
    null,
    2,
    'The verdict on a data file is refuse: its bars cannot be believed.',
    'Read the reasons: each is a code of docs/reference/verdict.md. Correct the file at its source, or import it with ' +
      '--synthetic if you made it, with --trust-times if only its stamps are doubted; --accept-verdict takes it as it ' +
      'is, and every result says so.',
  ),
  format_unclear: text(
    null,
    2,
    'What a file tells of its format, time zone or stamp side conflicts or does not suffice, and nothing is guessed.',
    'Give the option that the message names. docs/reference/import.md says what each format means.',
  ),
  symbol_unclear: text(
    null,
    2,
    'The file holds other instruments than asked for, or several that could be meant.',
    'Give --symbol, --contract or --instrument to match one of those that the message names.',
  ),
  foreign_format: text(
    null,
    2,
    'The file is of a format that has to be imported before it can be used.',
    'Run `bw import` with the file, then name the bars with --data catalog:SYMBOL.',
  ),
  data_empty: text(
    null,
    3,
    'The data hold no bar that was asked for.',
    'Compare the dates asked for with those of the file.',
  ),
  interval_unsupported: text(
    null,
    3,
    'The bars have a length that the book does not decide on.',
    'Use one-minute or five-minute bars, and set `bar_interval` in the book file to the same.',
  ),
  no_calendar: text(
    400,
    3,
    'The time lies outside the trading calendar, which covers the trade dates 2013-01-01 to 2027-12-31.',
    'Check the dates and the time zone of the data. For a later year the calendar must be extended first.',
  ),
  catalog_conflict: text(
    null,
    3,
    'The catalog holds bars of another import for a symbol and trade date that the file has too.',
    'Keep what is there, or import again with --replace to put the new bars in its place.',
  ),
  catalog_corrupt: text(
    null,
    3,
    'The catalog is not what its manifests say: a file is missing or was changed.',
    'Import the source file again with --replace. `bw catalog verify` names everything that is wrong.',
  ),
  catalog_in_use: text(
    null,
    4,
    'Another process writes to the catalog.',
    'Wait until it has ended, or name another folder with --catalog.',
  ),
  nats_missing: text(
    null,
    4,
    'There is no nats-server to start.',
    'Install it (Debian: apt-get install nats-server), or run embedded, which needs none.',
  ),
  bus_unreachable: text(
    null,
    4,
    'The message bus does not answer.',
    'Check that it runs and that the address is right.',
  ),
  port_in_use: text(null, 4, 'Another program listens on that port.', 'Stop it, or choose another port.'),
  bus_refused: text(
    503,
    4,
    'The bus refused the message, and nothing was written.',
    'Read the detail: the stream is full or missing, or the message is too large.',
  ),
  bus_misconfigured: text(
    null,
    4,
    'A stream of the bus is set up differently from what this build declares.',
    'The detail names stream and field. Mend the stream with the NATS tools, or use another account or store.',
  ),
  store_corrupt: text(
    null,
    4,
    'The folder of the embedded store is not whole, or is none of ours.',
    'Restore it from a copy, or name another folder with --store.',
  ),
  sequence_conflict: text(
    null,
    4,
    'Somebody else wrote to the subject: another process owns the book now.',
    'Nothing, where a standby took over. Otherwise stop one of the two.',
  ),
  diverged: text(
    null,
    5,
    'A replay gave other bytes than those stored. A book that finds that by itself is stopped.',
    'Compare build, Node version and logic versions with those of the run. The first difference is named.',
  ),
  digest_mismatch: text(
    null,
    5,
    'Two runs that should be alike have different digests.',
    'Run the comparison, which names the first frame and field that differ.',
  ),
  stage_down: text(
    null,
    6,
    'The portfolio or risk stage failed, so the book is stopped: without them no exit is safe.',
    'Close open positions at the broker, and report the fault with the log.',
  ),
  input_gap: text(
    null,
    6,
    'The input of a stage skips a frame, also when it is read again, so the book is stopped.',
    'Look at the stream of the stage before: messages were purged or deleted. Its writer can make them again.',
  ),
  audit_unavailable: text(
    503,
    4,
    'The audit log does not answer, and the decision is older than what the gateway keeps itself.',
    'Check that the audit service runs, and ask again.',
  ),
  audit_corrupt: text(
    null,
    5,
    'The audit log is not what was written: a record was changed, inserted, removed or cut off.',
    'Keep the folder as it is and compare it with a copy; `bw audit verify` names the first record that is wrong.',
  ),
  log_thin: text(
    422,
    2,
    'The log of choices is too thin to train on.',
    'Record more trades, or a book with a higher probability_floor; `bw bandit evaluate` says what the log is worth.',
  ),
  audit_missing: text(
    null,
    3,
    'There is no audit log where it was looked for.',
    'Name its folder with --folder and its book with --book. A log begins with the first decision that is audited.',
  ),
  feed_failed: text(
    null,
    4,
    'A feed could not be fetched, or gave something else than was expected.',
    'Read the line of the feed. It is asked again after a pause; what was taken before stands.',
  ),
  service_died: text(
    null,
    6,
    'A service ended that should run on.',
    'Read its last log lines. Starting it again is safe.',
  ),
  snapshot_corrupt: text(
    null,
    6,
    'A snapshot does not match its checksum.',
    'Nothing: the older one is used, or the state is made again from the journal.',
  ),
  model_unavailable: text(
    null,
    6,
    'A promoted model cannot be loaded, so the book is stopped.',
    'Put the model with the hash named in the log in its place, and start again.',
  ),
  model_refused: text(
    null,
    2,
    'A model is not what its manifest says, or nobody trusted signed it, so it is not loaded.',
    'Read `problems`. Fetch it again, or train it again; a key to trust goes into the folder of keys.',
  ),
  models_in_sample: text(
    null,
    2,
    'A model was trained on the days that are tested, or on later ones: the result would say nothing of it.',
    'Test later days (--from), name a registry whose models end before them (--models), train on earlier days (bw train --to), or take it with --allow-overlap: then every page says "in sample".',
  ),
  model_unknown: text(404, 2, 'The registry has no such model or version.', 'See `bw models list`.'),
  sizing_log_thin: text(
    null,
    2,
    'The audit log has too few sizes to learn from, or all of them are alike.',
    'Let a book run with a promoted sizing agent, and try again; the detail says what is missing.',
  ),
  model_version_taken: text(
    409,
    2,
    'The version is kept already: a version never changes its bytes.',
    'Give the new model another version.',
  ),
  model_registry_busy: text(
    null,
    4,
    'Another process changes the registry of models and does not end.',
    'Try again; see whether a trainer hangs.',
  ),
  model_registry_full: text(
    null,
    2,
    'The registry of models is at its bound.',
    'Remove versions that nobody needs, or begin another registry.',
  ),
  model_registry_corrupt: text(
    null,
    6,
    'The registry of models cannot be read.',
    'The detail names what is wrong. Restore the file; models themselves are not touched.',
  ),
  contract_violation: text(
    400,
    1,
    'A message has no canonical form: a field is missing, unknown or out of range.',
    'The detail names the field. From a caller: correct the request. Otherwise report it as a defect.',
  ),
  other_inputs: text(
    null,
    2,
    'The journal of this book holds other inputs, or another configuration, than this run would give it.',
    'Give the book another name in its book file, or use another store.',
  ),
  model_malformed: text(
    null,
    3,
    'The file is no model that Bellwether wrote: its bytes cannot be read, or its metadata is not complete.',
    'Copy it anew from where it was made, or train it again.',
  ),
  model_not_finite: text(
    null,
    1,
    'A model holds numbers that are not finite, so it was not written.',
    'Its training has diverged: lower the learning rate or the longest gradient, and see the data.',
  ),
  research_log_in_use: text(
    null,
    4,
    'Another process has kept the research log for itself for ten seconds.',
    'See whether it hangs. The lock of a process that is gone is taken over by itself.',
  ),
  store_in_use: text(
    null,
    4,
    'Another process runs a book on this store.',
    'Stop it, or name another folder with --store.',
  ),
  invariant_broken: text(
    500,
    1,
    'Something that can never be was found, so the process stopped rather than go on.',
    'Report it with the log. Starting again is safe.',
  ),
} as const satisfies Readonly<Record<string, ErrorText>>;

export type ErrorCode = keyof typeof ERRORS;

/** One thing that is wrong with an input, and where: `limits.max_es: Expected …`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** An error of the catalogue. `detail` says what happened this time; the catalogue says what it means. */
export class BellwetherError extends Error {
  override readonly name = 'BellwetherError';
  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly problems: readonly Problem[] = [],
    options?: { readonly cause: unknown },
  ) {
    super(
      [`${code}: ${detail}`, ...problems.map(({ path, message }) => `  ${path}: ${message}`)].join('\n'),
      options,
    );
  }

  /** What the catalogue says of this code. */
  get text(): ErrorText {
    return ERRORS[this.code];
  }
}

/** True for a code of the catalogue, such as that of an error of another package. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}
