import { describe, expect, it } from '@jest/globals';
import { STREAMS } from '@bellwether/contracts';
import {
  auditSettings,
  executionSettings,
  gatewaySettings,
  ingestionSettings,
  readSettings,
  serviceSettings,
  stageSettings,
  trainerSettings,
} from '@bellwether/host';
import { readText } from '../workspace.js';
import { composeServices, type ComposeService } from './service-lists.js';

/**
 * Goal: what docs/how-to/containers.md promises of the compose files holds for every container, also for one that is added.
 * Method: the files are read; test/compose/prove.sh shows on a real engine that it works.
 */

const line = composeServices('docker-compose.yml');
const observability = composeServices('compose.observability.yml');
const all = Object.entries({ ...line, ...observability });
/** It ends at once: no restart, no log to speak of, no health. */
const ONE_SHOT = 'volumes';
const running = all.filter(([name]) => name !== ONE_SHOT);
const ours = running.filter(([, { image }]) => image?.includes('BELLWETHER_IMAGE') === true);

describe('every container', () => {
  it.each(all)('%s cannot write to its root, gain a right, or take all memory', (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.stringMatching(/^\d+[mg]$/),
    });
  });

  it.each(running)('%s is started again, has a bounded log and a health check', (_name, service) => {
    expect(service.restart).toBe('unless-stopped');
    expect(service.logging).toEqual({
      driver: 'json-file',
      options: { 'max-size': '10m', 'max-file': '3' },
    });
    expect(service.healthcheck?.test?.[0]).toBe('CMD');
  });

  it.each(all)('%s publishes on loopback only', (_name, { ports = [] }) => {
    expect(
      ports.filter((port) => !/^127\.0\.0\.1:\$\{BELLWETHER_[A-Z]+_PORT:-\d+\}:\d+$/.test(port)),
    ).toEqual([]);
  });

  it.each(all)('%s has an image with a version', (_name, { image }) => {
    expect(image).toMatch(/^(\$\{BELLWETHER_IMAGE:-bellwether:local\}|[a-z/]+:v?\d+\.\d+[\w.-]*)$/);
  });

  it('is root in one case, which may only change an owner', () => {
    const root = all.filter(([, { user }]) => user?.startsWith('0') === true);
    expect(root.map(([name]) => name)).toEqual([ONE_SHOT]);
    expect(line[ONE_SHOT]).toMatchObject({
      cap_add: ['CHOWN'],
      network_mode: 'none',
      entrypoint: ['chown', '1000:1000', '/data'],
    });
    expect(all.filter(([name, { cap_add = [] }]) => name !== ONE_SHOT && cap_add.length > 0)).toEqual([]);
  });

  it('publishes the gateway, NATS, Prometheus and Grafana, and nothing else', () => {
    const published = all.filter(([, { ports = [] }]) => ports.length > 0).map(([name]) => name);
    expect(published.sort()).toEqual(['gateway', 'grafana', 'nats', 'prometheus']);
  });
});

describe('every service of ours', () => {
  it.each(ours)('%s waits for NATS, runs under an init, and has a /tmp', (_name, service) => {
    expect(service.depends_on).toMatchObject({ nats: { condition: 'service_healthy' } });
    expect(service.init).toBe(true);
    expect(service.tmpfs).toEqual(['/tmp:size=64m,mode=1777']);
  });

  /** The settings that each service reads; a stage has those of all stages. */
  const SETTINGS = {
    gateway: gatewaySettings,
    ingestion: ingestionSettings,
    execution: executionSettings,
    audit: auditSettings,
    trainer: trainerSettings,
  } as const;
  type Named = keyof typeof SETTINGS;

  /** What an interpolated value is when no variable is set. */
  const byDefault = (text: string): string => text.replace(/\$\{[A-Z_]+:?-([^}]*)\}/g, '$1');

  const environmentOf = ({ environment = {}, env_file = [] }: ComposeService): Record<string, string> => {
    const lines = env_file.flatMap((file) => readText(byDefault(file)).split('\n'));
    const pairs = lines.filter((text) => text.startsWith('BW_')).map((text) => text.split(/=(.*)/s));
    return {
      ...Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value])),
      ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, byDefault(value)])),
    };
  };

  it.each(ours)('%s takes its settings', (name, service) => {
    const shape = name in SETTINGS ? SETTINGS[name as Named] : stageSettings;
    const settings = readSettings(shape, environmentOf(service));
    expect(settings).toMatchObject({ BW_NATS_URL: 'nats://nats:4222', BW_HEALTH_PORT: 7081 });
  });

  it('trainings and the key of the models lie on volumes of their own, the bars are read only', () => {
    const folders = ['/var/lib/bellwether/training', '/var/lib/bellwether/model-key'];
    expect(line['trainer']).toMatchObject({
      volumes: [
        `training-data:${folders[0]}`,
        `model-key:${folders[1]}`,
        'audit-data:/var/lib/bellwether/audit:ro',
        '${BELLWETHER_DATA_DIR:-./config/data}:/data:ro',
      ],
      environment: {
        ...{ BW_TRAINING_FOLDER: folders[0], BW_MODEL_KEY_FOLDER: folders[1] },
        BW_CATALOG: '/data/catalog',
      },
    });
    expect(readText('Dockerfile')).toContain(`${folders.join(' ')} `);
  });

  it('the audit log and its key lie on volumes of their own, in folders that the image gives to the user', () => {
    const folders = ['/var/lib/bellwether/audit', '/var/lib/bellwether/audit-key'];
    expect(line['audit']).toMatchObject({
      volumes: [`audit-data:${folders[0]}`, `audit-key:${folders[1]}`],
      environment: { BW_AUDIT_FOLDER: folders[0], BW_AUDIT_KEY_FOLDER: folders[1] },
    });
    expect(readText('Dockerfile')).toContain(
      `install -d -o node -g node /var/lib/bellwether ${folders.join(' ')} `,
    );
  });
});

describe('the NATS server', () => {
  const config = readText('deploy/nats/nats-server.conf');

  it('has room for every stream that the services reserve, and as much again for snapshots', () => {
    const gigabytes = Number(/max_file_store: (\d+)GB/.exec(config)?.[1]);
    const mib = readSettings(serviceSettings, {}).BW_NATS_STREAM_MIB;
    const reserved = STREAMS.length * mib * 1024 ** 2;
    expect(gigabytes * 1024 ** 3).toBeGreaterThan(reserved * 1.5);
  });

  it('has an acknowledged message on the disk', () => {
    expect(config).toMatch(/^ {2}sync_interval: always$/m);
  });
});
