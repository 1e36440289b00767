package dev.doorbell.customer.usecase;

import dev.doorbell.customer.store.RegistrationRow;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coalesces registrations: those that one tick of the event loop brings, and those that came while all transactions were
 * under way, share one transaction. No timer holds a registration back for company: a lone one goes at the end of its
 * tick. The more there is to do, the larger the batches, up to {@value #BATCH_ROWS_MAX}.
 *
 * <p>A batch that PostgreSQL refuses goes again one by one, so that a row which cannot be inserted, or waits for long,
 * harms itself only; {@value #ALONE_MAX} at a time, because the pool has connections for others too. Use from one event
 * loop, that of the context in which it was made.
 */
final class RegistrationQueue {
    static final int BATCH_ROWS_MAX = 128;
    static final int WAITING_MAX = 1_000;
    /** Beside the batches: what one row waits for must not hold up those of others. */
    static final int ALONE_MAX = 2;
    /** A part of the wait that is allowed, so that it is overdrawn by no more. */
    private static final int LOOKS_PER_WAIT = 10;

    private static final Logger log = LoggerFactory.getLogger(RegistrationQueue.class);

    private record Waiting(RegistrationRow row, Promise<RegisterCustomer.Result> answer, long sinceNanos) {}

    private final Vertx vertx;
    private final Context context;
    private final RegistrationTransaction transaction;
    private final RegisterCustomer.Batching batching;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    /** Of batches that were refused. */
    private final ArrayDeque<Waiting> alone = new ArrayDeque<>();

    private int running;
    private int runningAlone;
    private boolean tickEndAwaited;
    private boolean lookAwaited;

    RegistrationQueue(Vertx vertx, RegistrationTransaction transaction, RegisterCustomer.Batching batching) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.transaction = transaction;
        this.batching = batching;
    }

    boolean isFull() {
        return queue.size() + alone.size() >= WAITING_MAX;
    }

    /** Completes only after the commit; a failure means that there is no customer. */
    Future<RegisterCustomer.Result> add(RegistrationRow row) {
        Promise<RegisterCustomer.Result> answer = Promise.promise();
        queue.add(new Waiting(row, answer, System.nanoTime()));
        if (running < batching.transactionsMax() && !tickEndAwaited) {
            tickEndAwaited = true;
            // Tasks run when all sockets that had something to read have been read.
            context.runOnContext(tickEnd -> {
                tickEndAwaited = false;
                next();
            });
        }
        lookForStuck();
        return answer.future();
    }

    private void next() {
        while (running < batching.transactionsMax() && !queue.isEmpty()) {
            List<Waiting> batch = new ArrayList<>(Math.min(queue.size(), BATCH_ROWS_MAX));
            while (batch.size() < BATCH_ROWS_MAX && !queue.isEmpty()) {
                batch.add(queue.poll());
            }
            running++;
            transaction.run(rows(batch)).onComplete(ended -> {
                running--;
                // The database has work again before the answers are written.
                next();
                end(batch, ended);
            });
        }
    }

    private void end(List<Waiting> batch, AsyncResult<RegistrationTransaction.Outcome> ended) {
        if (ended.failed()) {
            batch.forEach(each -> fail(each, ended.cause()));
        } else if (ended.result() instanceof RegistrationTransaction.Outcome.RolledBack refused && batch.size() > 1) {
            log.info(
                    "{} registrations go again one by one: {}",
                    batch.size(),
                    refused.cause().getMessage());
            batching.listener().repeated(batch.size());
            alone.addAll(batch);
            nextAlone();
            lookForStuck();
        } else {
            answer(batch, ended.result());
        }
    }

    private void nextAlone() {
        while (runningAlone < ALONE_MAX && !alone.isEmpty()) {
            Waiting each = alone.poll();
            runningAlone++;
            transaction.run(List.of(each.row())).onComplete(ended -> {
                runningAlone--;
                nextAlone();
                end(List.of(each), ended);
            });
        }
    }

    private void answer(List<Waiting> batch, RegistrationTransaction.Outcome outcome) {
        if (outcome instanceof RegistrationTransaction.Outcome.Committed committed) {
            batching.listener().committed(batch.size());
            for (Waiting each : batch) {
                tell(each, RegisterCustomer.answer(each.row(), committed.registered()));
            }
        } else if (outcome instanceof RegistrationTransaction.Outcome.Unknown unknown) {
            for (Waiting each : batch) {
                if (unknown.registered().contains(each.row().id())) {
                    tell(each, RegisterCustomer.unknown(each.row(), unknown.cause()));
                } else {
                    // Lost the name, perhaps to a row of this very batch; either way there is no such customer.
                    fail(each, unknown.cause());
                }
            }
        } else if (outcome instanceof RegistrationTransaction.Outcome.RolledBack refused) {
            batch.forEach(each -> fail(each, refused.cause()));
        }
    }

    private void lookForStuck() {
        if (!lookAwaited) {
            lookAwaited = true;
            vertx.setTimer(batching.waitMax().toMillis() / LOOKS_PER_WAIT, look -> giveUpWaiting());
        }
    }

    /** Finds something only while all transactions are stuck: a server that fell silent answers none for up to 45 s. */
    private void giveUpWaiting() {
        lookAwaited = false;
        long before = System.nanoTime() - batching.waitMax().toNanos();
        refuse(queue, before);
        refuse(alone, before);
        if (!queue.isEmpty() || !alone.isEmpty()) {
            lookForStuck();
        }
    }

    private static void refuse(ArrayDeque<Waiting> waiting, long before) {
        while (!waiting.isEmpty() && waiting.peek().sinceNanos() - before < 0) {
            tell(waiting.poll(), RegisterCustomer.Result.Busy.QUEUE);
        }
    }

    private static List<RegistrationRow> rows(List<Waiting> batch) {
        return batch.stream().map(Waiting::row).toList();
    }

    private static void tell(Waiting one, RegisterCustomer.Result result) {
        guarded(one, () -> one.answer().complete(result));
    }

    private static void fail(Waiting one, Throwable cause) {
        guarded(one, () -> one.answer().fail(cause));
    }

    /** What goes wrong with one answer must not keep the others of its batch from theirs. */
    private static void guarded(Waiting one, Runnable answer) {
        try {
            answer.run();
        } catch (RuntimeException e) {
            log.error("Registration {} could not be answered", one.row().id(), e);
        }
    }
}
