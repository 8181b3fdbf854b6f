import { calendarWarning } from '@bellwether/events';
import type { DataPlan } from './data-plan.js';

/** Says on standard error that the calendars of a plan end too soon after its data. */
export function warnOfCalendar(plan: DataPlan, end_us: number): void {
  const warning = calendarWarning(plan.events.facts, end_us);
  if (warning !== null) process.stderr.write(`${warning}\n`);
}
