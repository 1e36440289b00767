package dev.doorbell.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransientFailuresTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "08006", "0A000", "25006", "25P03", "26000", "40001", "40P01", "42501", "42P01", "53100", "55P03",
                "57P01"
            })
    void whatTheEnvironmentMayMendIsRetried(String sqlState) {
        assertThat(TransientFailures.isTransient(postgres(sqlState))).isTrue();
        assertThat(TransientFailures.isTransient(new IllegalStateException(postgres(sqlState))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"22P02", "22003", "23505", "23514", "P0001"})
    void whatLiesInTheRecordIsNot(String sqlState) {
        assertThat(TransientFailures.isTransient(postgres(sqlState))).isFalse();
    }

    @Test
    void brokenConnectionsAndTimeoutsPass() {
        assertThat(TransientFailures.isTransient(new IOException("reset"))).isTrue();
        assertThat(TransientFailures.isTransient(new TimeoutException())).isTrue();
        assertThat(TransientFailures.isTransient(ClosedConnectionException.INSTANCE))
                .isTrue();
        assertThat(TransientFailures.isTransient(new ConnectionUnavailableException(new RuntimeException())))
                .isTrue();
    }

    @Test
    void bytesThatAreNoJsonAreNotRetriedThoughJacksonCallsItAnIoException() {
        try {
            Buffer.buffer("no json").toJsonObject();
        } catch (DecodeException e) {
            assertThat(TransientFailures.isTransient(e)).isFalse();
            assertThat(DeadLetters.describe(e)).doesNotContain("no json");
            return;
        }
        throw new AssertionError("read");
    }

    @Test
    void aHandlersOwnMistakeIsNotRetried() {
        assertThat(TransientFailures.isTransient(new NullPointerException())).isFalse();
        assertThat(TransientFailures.isTransient(new PoisonEventException("no")))
                .isFalse();
    }

    private static PgException postgres(String sqlState) {
        return new PgException("text", "ERROR", sqlState, null);
    }
}
