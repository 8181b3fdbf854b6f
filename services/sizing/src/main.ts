import { stage } from '@bellwether/sizing';
import { runStageService } from '@bellwether/host';

process.exitCode = await runStageService(stage, process.env);
