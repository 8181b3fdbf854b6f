import { stage } from '@bellwether/sizing';
import { runStageService } from '@bellwether/host';
import { serviceModels } from '@bellwether/models';

process.exitCode = await runStageService(stage, process.env, serviceModels);
