package dev.doorbell.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.localstack.Ports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The wait for a database that is there and migrated. */
@ExtendWith(VertxExtension.class)
class DatabaseTest {
    @Test
    void aDatabaseThatIsNotThereYetIsWaitedFor(Vertx vertx) throws Throwable {
        int port = Ports.free();
        String password = "p";
        DatabaseUrl nowhere = new DatabaseUrl("127.0.0.1", port, "postgres", "postgres", password);
        Future<Void> waiting = Database.awaitMigrated(vertx, nowhere, "customers", "x.jar");
        try (LocalPostgres postgres =
                LocalPostgres.start(LocalPostgres.Options.defaults().withPort(port))) {
            // It came up with a password of its own: the wait ends, and tells of the wrong setting.
            assertThatThrownBy(() -> get(waiting))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith("DATABASE_URL: ")
                    .hasMessageNotContaining(postgres.password());
            DatabaseUrl right = DatabaseUrl.parse(postgres.url("postgres"));
            assertThatThrownBy(() -> get(Database.awaitMigrated(vertx, right, "customers", "x.jar")))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(
                            "outbox 1 (outbox), outbox 2 (inbox), outbox 3 (dead letter per event), outbox 4 (doorbell), "
                                    + "customers 1 (customer)")
                    .hasMessageContaining("java -jar x.jar migrate");
            assertThat(new Migrations(right, "customers").migrate()).hasSize(10);
            get(Database.awaitMigrated(vertx, right, "customers", "x.jar"));
            DatabaseUrl missing = DatabaseUrl.parse(postgres.url("missing"));
            assertThatThrownBy(() -> get(Database.awaitMigrated(vertx, missing, "customers", "x.jar")))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("missing");
        }
    }

    @Test
    void aUserWhoMayNotReadTheSchemaStopsTheStart(Vertx vertx) throws Throwable {
        try (LocalPostgres postgres = LocalPostgres.start(LocalPostgres.Options.defaults())) {
            DatabaseUrl owner = DatabaseUrl.parse(postgres.url("postgres"));
            new Migrations(owner, "customers").migrate();
            try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("postgres"));
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE ROLE stranger LOGIN PASSWORD 'sesame'");
            }
            DatabaseUrl stranger = new DatabaseUrl(owner.host(), owner.port(), owner.database(), "stranger", "sesame");
            assertThatThrownBy(() -> get(Database.awaitMigrated(vertx, stranger, "customers", "x.jar")))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith("DATABASE_URL: ")
                    .hasMessageContaining("permission denied")
                    .hasMessageNotContaining("sesame");
        }
    }

    /** A consumer's handlers may take 8 s, and the server's limits must not end them before. */
    @Test
    void aSessionOfThePoolHasLimitsThatLeaveAHandlerItsTime(Vertx vertx) throws Throwable {
        try (LocalPostgres postgres = LocalPostgres.start(LocalPostgres.Options.defaults())) {
            Pool pool = Database.pool(vertx, DatabaseUrl.parse(postgres.url("postgres")), "test", 1);
            Row limits = pool.query(
                            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'), "
                                    + "current_setting('idle_in_transaction_session_timeout'), current_setting('tcp_user_timeout')")
                    .execute()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS)
                    .iterator()
                    .next();
            assertThat(List.of(limits.getString(0), limits.getString(1), limits.getString(2), limits.getString(3)))
                    .containsExactly("30s", "5s", "10s", "10000");
        }
    }

    @Test
    void migratingADatabaseThatIsNotThereNamesIt() {
        DatabaseUrl nowhere = new DatabaseUrl("127.0.0.1", Ports.free(), "customers", "ada", "sesame");
        assertThatThrownBy(() -> new Migrations(nowhere, "customers").migrate())
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith(nowhere + " cannot be migrated: ")
                .hasMessageNotContaining("sesame");
    }

    private static void get(Future<Void> future) throws Throwable {
        try {
            future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
