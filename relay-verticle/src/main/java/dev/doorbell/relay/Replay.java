package dev.doorbell.relay;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Publishes retained events of one source again, in the order of {@code seq}, with their ids and headers and
 * {@code ce_replayed=true}. The source's relay may go on meanwhile.
 *
 * <p>Only what Kafka had before: nothing above the cursor, no open gap and no dead letter. An event that the replay
 * published before the relay did would be a first occurrence out of its order. The cursor is read once, so the replay
 * has an end.
 *
 * <p>Runs on one event loop, with one batch of the relay's size in memory and one on its way.
 */
final class Replay {
    private static final Header REPLAYED = new RecordHeader("ce_replayed", "true".getBytes(StandardCharsets.US_ASCII));

    /**
     * @param events that match, and are published unless it was a dry run
     * @param withheld that match and never were in Kafka: dead letters of the relay, and what is too large
     * @param through the last seq that is done
     */
    record Progress(long events, long withheld, long through) {
        Progress plus(long moreEvents, long moreWithheld, long nowThrough) {
            return new Progress(events + moreEvents, withheld + moreWithheld, nowThrough);
        }
    }

    private final RelayConfig config;
    private final ReplayFilter filter;
    private final boolean dryRun;
    private final EventMapper mapper;
    private final UnpublishableRows unpublishable;
    private final RelaySession session;
    private final Consumer<Progress> onProgress;
    private final Promise<Progress> done = Promise.promise();
    private final Publisher publisher;
    private OutboxCursor cursor;
    private SeqRanges gaps;
    private Progress progress;

    /** @param onProgress told after every batch, on the event loop */
    Replay(
            Vertx vertx,
            RelayConfig config,
            SourceConfig source,
            ReplayFilter filter,
            boolean dryRun,
            RelaySession session,
            WorkerExecutor worker,
            KafkaTopics topics,
            Consumer<Progress> onProgress) {
        this.config = config;
        this.filter = filter;
        this.dryRun = dryRun;
        this.mapper = new EventMapper(source);
        this.unpublishable = new UnpublishableRows(config.recordBytesMax());
        this.session = session;
        this.onProgress = onProgress;
        this.publisher =
                new Publisher(vertx, worker, topics, new ProducerFactory(config, source.name()), done::tryFail);
        this.progress = new Progress(0, 0, filter.fromSeq() - 1);
    }

    /** Fails with the first statement or record that does; {@link #progress} says how far it came. */
    Future<Progress> run() {
        session.loadCursor()
                .onSuccess(loaded -> {
                    if (loaded == null) {
                        done.tryFail(session.sql().noCursor());
                    } else {
                        cursor = loaded;
                        gaps = SeqRanges.of(loaded.gaps());
                        next();
                    }
                })
                .onFailure(done::tryFail);
        return done.future().eventually(publisher::close);
    }

    Progress progress() {
        return progress;
    }

    private void next() {
        session.replayable(progress.through(), filter, config)
                .compose(this::publish)
                .onSuccess(more -> {
                    if (more) {
                        onProgress.accept(progress);
                        next();
                    } else {
                        done.tryComplete(progress);
                    }
                })
                .onFailure(done::tryFail);
    }

    /** @return whether there may be more behind these */
    private Future<Boolean> publish(RelaySession.Replayable found) {
        if (found.end()) {
            return Future.succeededFuture(false);
        }
        List<OutboxRow> matching =
                found.rows().stream().filter(this::wasPublished).toList();
        if (matching.isEmpty()) {
            return Future.succeededFuture(proceed(0, 0, found.through()));
        }
        return session.deadLettered(matching.stream()
                        .map(row -> EventIds.letterId(row.eventId()))
                        .toArray(UUID[]::new))
                .compose(dead -> {
                    List<OutboundEvent> events = publishable(matching, dead);
                    Future<Void> published =
                            dryRun || events.isEmpty() ? Future.succeededFuture() : publisher.publish(events);
                    return published.map(
                            acknowledged -> proceed(events.size(), matching.size() - events.size(), found.through()));
                });
    }

    private boolean proceed(long events, long withheld, long through) {
        progress = progress.plus(events, withheld, through);
        return through < cursor.publishedThrough();
    }

    private boolean wasPublished(OutboxRow row) {
        return row.seq() <= cursor.publishedThrough() && !gaps.contains(row.seq());
    }

    private List<OutboundEvent> publishable(List<OutboxRow> rows, Set<UUID> dead) {
        return rows.stream()
                .filter(row -> !dead.contains(EventIds.letterId(row.eventId())))
                .map(mapper::map)
                .map(Replay::marked)
                .filter(event -> unpublishable.cause(event) == null)
                .collect(Collectors.toList());
    }

    private static OutboundEvent marked(OutboundEvent event) {
        List<Header> headers = new ArrayList<>(event.headers());
        // Of an event that was a replay already when it was appended.
        headers.removeIf(header -> header.key().equals(REPLAYED.key()));
        headers.add(REPLAYED);
        long bytes = event.bytes() + EventMapper.bytes(REPLAYED);
        return new OutboundEvent(event.seq(), event.topic(), event.key(), event.value(), headers, bytes);
    }
}
