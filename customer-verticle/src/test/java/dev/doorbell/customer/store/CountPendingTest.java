package dev.doorbell.customer.store;

import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.customer.TestStack;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten pending registrations; those of one transaction have one time. */
@ExtendWith(VertxExtension.class)
class CountPendingTest {
    private final CustomerStore store = new CustomerStore();
    private Pool pool;

    @BeforeEach
    void tenPendingAndTwoSettled(Vertx vertx) {
        pool = TestStack.pool(vertx, TestStack.newMigratedDatabase());
        String insert = "INSERT INTO customer (id, first_name, last_name, username, card_brand, card_last_four, "
                + "card_valid_thru) SELECT uuidv7(), 'Ada', 'Sample', i::text, 'visa', '1111', '2030-01-31' ";
        get(pool.query(insert + "FROM generate_series(1, 1) i").execute());
        get(pool.query(insert + "FROM generate_series(2, 6) i").execute());
        get(pool.query(insert + "FROM generate_series(7, 9) i").execute());
        get(pool.query(insert + "FROM generate_series(10, 12) i").execute());
        get(pool.query("UPDATE customer SET status = 'REGISTRATION_SUCCESS', settled_at = now() "
                        + "WHERE username IN ('4', '11')")
                .execute());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 9, 10, 11})
    void pagesMissNobodyAndCountNobodyTwice(long pageRows) {
        assertThat(get(store.countPending(pool, 100, pageRows))).isEqualTo(10);
    }

    @Test
    void itEndsWhenThereAreAsManyAsMayBe() {
        assertThat(get(store.countPending(pool, 4, 2))).isEqualTo(4);
        assertThat(get(store.countPending(pool, 4))).isEqualTo(4);
        assertThat(get(store.countPending(pool, 10))).isEqualTo(10);
    }
}
