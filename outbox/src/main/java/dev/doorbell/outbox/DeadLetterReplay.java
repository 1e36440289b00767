package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** What a person can do with the dead letters of a key: run them again, or drop the first. */
final class DeadLetterReplay {
    private final Transactions transactions;
    private final ReplayTransaction replayTransaction;

    DeadLetterReplay(Transactions transactions, ReplayTransaction replayTransaction) {
        this.transactions = transactions;
        this.replayTransaction = replayTransaction;
    }

    Future<Integer> replay(String topic, String key) {
        Promise<Integer> done = Promise.promise();
        next(topic, bytes(key), 0, done);
        return done.future();
    }

    private void next(String topic, Buffer key, int replayed, Promise<Integer> done) {
        transactions
                .run(connection -> replayTransaction.next(connection, topic, key))
                .onSuccess(one -> {
                    if (one) {
                        next(topic, key, replayed + 1, done);
                    } else {
                        done.complete(replayed);
                    }
                })
                .onFailure(done::fail);
    }

    Future<Boolean> discardFirst(String topic, String key) {
        return transactions.run(connection -> replayTransaction.discardFirst(connection, topic, bytes(key)));
    }

    private static Buffer bytes(String key) {
        return Buffer.buffer(key.getBytes(StandardCharsets.UTF_8));
    }
}
