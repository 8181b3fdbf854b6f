import { stage } from '@bellwether/regime';
import { runStageService } from '@bellwether/host';

process.exitCode = await runStageService(stage, process.env);
