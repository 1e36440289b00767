package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RelaySessionTest {
    private static final String SETTINGS = "SELECT current_setting('idle_session_timeout'), "
            + "current_setting('idle_in_transaction_session_timeout'), current_setting('statement_timeout'), "
            + "current_setting('tcp_user_timeout'), current_setting('lock_timeout'), "
            + "current_setting('synchronous_commit')";

    /** Each of the four meets one state of a frozen relay's session; one that is missing keeps the leadership for ever. */
    @Test
    void whateverItsSessionIsDoingAFrozenRelayLosesIt() throws Exception {
        TestSource source = TestSource.unmigrated();
        Vertx vertx = Vertx.vertx();
        try {
            Row row = PgConnection.connect(vertx, SessionOptions.of(source.url(), "test", 7_000))
                    .compose(connection -> connection.query(SETTINGS).execute())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS)
                    .iterator()
                    .next();
            List<String> settings =
                    IntStream.range(0, row.size()).mapToObj(row::getString).toList();
            assertThat(settings).containsExactly("7s", "7s", "7s", "7000", "2s", "off");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }
}
