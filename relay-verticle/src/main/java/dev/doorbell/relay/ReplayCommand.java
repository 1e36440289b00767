package dev.doorbell.relay;

import dev.doorbell.service.Environment;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/** The command {@code replay}: {@link Replay} as a program, for consumers that have lost or never had the events. */
final class ReplayCommand {
    static final String DESCRIPTION = "publishes retained events again, marked ce_replayed=true";

    private static final long PROGRESS_EVERY_EVENTS = 100_000;

    private final SourceConfig source;
    private long reportedEvents;
    private Replay replay;

    private ReplayCommand(SourceConfig source) {
        this.source = source;
    }

    static void run(Environment environment, List<String> arguments) {
        ReplayFilter.Request request = ReplayFilter.parse(arguments);
        RelayConfig config = RelayConfig.read(environment);
        SourceConfig source = StoppedSource.find(config.sources(), request.source());
        Vertx vertx = Vertx.vertx();
        try {
            new ReplayCommand(source).run(vertx, config, request);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private void run(Vertx vertx, RelayConfig config, ReplayFilter.Request request) {
        KafkaTopics topics = new KafkaTopics(config);
        WorkerExecutor worker = vertx.createSharedWorkerExecutor("replay", 1);
        // Longer than Kafka may take for a batch, while the session has nothing to do.
        int sessionTimeoutMs = Math.max(config.sessionTimeoutMs(), 2 * config.deliveryTimeoutMs());
        Future<Replay.Progress> running = RelaySession.open(vertx, source, "doorbell-relay-replay", sessionTimeoutMs)
                .compose(session -> session.schema()
                        .compose(schema -> {
                            String missing = schema.unreadable();
                            if (missing != null) {
                                return Future.failedFuture(missing);
                            }
                            replay = new Replay(
                                    vertx,
                                    config,
                                    source,
                                    request.filter(),
                                    request.dryRun(),
                                    session,
                                    worker,
                                    topics,
                                    this::report);
                            return replay.run();
                        })
                        .eventually(session::close));
        try {
            Replay.Progress progress =
                    running.toCompletionStage().toCompletableFuture().join();
            System.out.println("source " + source.name() + ": " + progress.events()
                    + (request.dryRun() ? " events would be published again" : " events are published again")
                    + (progress.withheld() == 0
                            ? ""
                            : "; " + progress.withheld() + " were never published (dead letters) and are left out"));
        } catch (CompletionException | CancellationException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        } finally {
            topics.close();
        }
    }

    private void report(Replay.Progress progress) {
        if (progress.events() >= reportedEvents + PROGRESS_EVERY_EVENTS) {
            reportedEvents = progress.events();
            System.out.println("source " + source.name() + ": " + progress.events() + " events, through seq "
                    + progress.through());
        }
    }

    /** Kafka may have some of the batch that failed; whoever goes on repeats those. */
    private IllegalStateException failure(Throwable cause) {
        String progress = replay == null || replay.progress().through() < 0
                ? ""
                : " (everything through seq " + replay.progress().through() + " is done, go on with --from "
                        + (replay.progress().through() + 1) + ")";
        return new IllegalStateException("source " + source.name() + ": " + cause.getMessage() + progress, cause);
    }
}
