import { stage } from '@bellwether/features';
import { runStageService } from '@bellwether/host';

process.exitCode = await runStageService(stage, process.env);
