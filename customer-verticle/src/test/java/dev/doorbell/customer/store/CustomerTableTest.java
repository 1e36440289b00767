package dev.doorbell.customer.store;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.customer.TestStack;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the table refuses by itself, whoever writes to it. */
@ExtendWith(VertxExtension.class)
class CustomerTableTest {
    private Pool pool;

    @BeforeEach
    void database(Vertx vertx) {
        pool = TestStack.pool(vertx, TestStack.newMigratedDatabase());
    }

    @Test
    void aUsernameIsClaimedOnce() {
        insert("ada", "NULL");
        insert("grace", "NULL");
        assertThatThrownBy(() -> insert("ada", "NULL")).hasMessageContaining("customer_username_claim");
    }

    @Test
    void aReleasedUsernameIsNobodys() {
        insert("ada", "now()");
        insert("ada", "now()");
        insert("ada", "NULL");
        assertThat(count(pool, "customer WHERE username = 'ada'")).isEqualTo(3);
    }

    private void insert(String username, String releasedAt) {
        get(pool.query("INSERT INTO customer (id, first_name, last_name, username, username_released_at, card_brand, "
                        + "card_last_four, card_valid_thru) VALUES (uuidv7(), 'Ada', 'Sample', '" + username + "', "
                        + releasedAt + ", 'visa', '1111', '2030-01-31')")
                .execute());
    }
}
