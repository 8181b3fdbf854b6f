import { stage } from '@bellwether/risk';
import { runStageService } from '@bellwether/host';

process.exitCode = await runStageService(stage, process.env);
