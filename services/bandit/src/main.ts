import { stage } from '@bellwether/bandit';
import { runStageService } from '@bellwether/host';
import { serviceModels } from '@bellwether/models';

process.exitCode = await runStageService(stage, process.env, serviceModels);
