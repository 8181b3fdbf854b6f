import { stage } from '@bellwether/portfolio';
import { runStageService } from '@bellwether/host';

process.exitCode = await runStageService(stage, process.env);
