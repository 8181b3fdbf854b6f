export {
  dueTimes,
  everyMinutes,
  lastDue,
  minuteOf,
  nextDue,
  type Cadence,
  type Days,
  type Pattern,
} from './cadence.js';
export { cronLines, dueByCron } from './cron-lines.js';
export { cronTimes, lastCronTime, parseCron, type CronLine } from './cron.js';
export { dueJobs, dueOf, nextRun, nothingNew, type DueJob, type LastRun, type LastRuns } from './due-jobs.js';
export { JOBS, JOB_NAMES, isJobName, jobNamed, type Job, type JobName } from './jobs.js';
