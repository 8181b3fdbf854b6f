import {
  createAuditMetrics,
  loadOrCreateAuditKey,
  nodeAuditFiles,
  openAuditIndex,
  runAudit,
} from '@bellwether/audit';
import { LINE } from '@bellwether/line';
import { auditSettings, connectNats, pause, runBooks, runService } from '@bellwether/host';

const BYTES_PER_MIB = 1024 * 1024;
const US_PER_MS = 1_000;
const MS_PER_S = 1_000;

process.exitCode = await runService(
  {
    name: 'audit',
    settings: auditSettings,
    connect: (settings) => connectNats('audit', settings),
    main: async ({ settings, owner, bus, log, metrics: host, registry, signal, setNotReady }) => {
      const folder = settings.BW_AUDIT_FOLDER;
      const key = await loadOrCreateAuditKey(settings.BW_AUDIT_KEY_FOLDER || `${folder}-key`);
      log.info({ folder, keyId: key.id }, 'signing with this key');
      const files = nodeAuditFiles(folder);
      const metrics = createAuditMetrics(registry, host);
      try {
        await runBooks(settings.BW_BOOKS, setNotReady, (book) =>
          runAudit({
            ...{ bus, book, files, key, index: () => openAuditIndex(folder, book) },
            ...{ owner, lease: settings.BW_LEASE, signal, log, metrics, pause },
            nowUs: () => Date.now() * US_PER_MS,
            measureLatency: settings.BW_AUDIT_LATENCY,
            commitMs: settings.BW_AUDIT_COMMIT_MS,
            commitFrames: settings.BW_AUDIT_COMMIT_FRAMES,
            segmentBytesMax: settings.BW_AUDIT_SEGMENT_MIB * BYTES_PER_MIB,
            ...(settings.BW_AUDIT_REPLAY_S === 0
              ? {}
              : {
                  replay: {
                    stages: LINE,
                    everyMs: settings.BW_AUDIT_REPLAY_S * MS_PER_S,
                    framesMax: settings.BW_AUDIT_REPLAY_FRAMES,
                  },
                }),
          }),
        );
      } finally {
        await files.close();
      }
    },
  },
  process.env,
);
