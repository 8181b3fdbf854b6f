import { stage } from '@bellwether/forecast';
import { runStageService } from '@bellwether/host';

process.exitCode = await runStageService(stage, process.env);
