import { stage } from '@bellwether/bandit';
import { runStageService } from '@bellwether/host';

process.exitCode = await runStageService(stage, process.env);
