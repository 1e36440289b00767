package dev.doorbell.relay;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Does something once, at the moment when the relay notes who is writing. It blocks an event loop, which a test may. */
final class AtLook implements AutoCloseable {
    private final AtomicReference<Doze.Write> next = new AtomicReference<>();

    void then(Doze.Write write) {
        next.set(write);
    }

    void awaitDone() {
        await().atMost(TestRelay.PATIENCE).until(() -> next.get() == null);
    }

    /** What is to be done is done before the relay looks. */
    WriterWatch before(RelaySession session) {
        return watch(session, () -> {
            run();
            return session.openWriters();
        });
    }

    /** What is to be done is done when the relay has looked, before it knows what it has seen. */
    WriterWatch after(RelaySession session) {
        return watch(
                session,
                () -> session.openWriters().map(writers -> {
                    run();
                    return writers;
                }));
    }

    private interface Look {
        Future<Set<String>> look();
    }

    private static WriterWatch watch(RelaySession session, Look look) {
        return new WriterWatch() {
            @Override
            public Future<Set<String>> openWriters() {
                return look.look();
            }

            @Override
            public Future<Set<String>> gapWriters() {
                return session.gapWriters();
            }
        };
    }

    private void run() {
        Doze.Write write = next.getAndSet(null);
        try {
            if (write != null) {
                write.run();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        next.set(null);
    }
}
