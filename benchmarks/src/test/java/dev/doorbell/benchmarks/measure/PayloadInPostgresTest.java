package dev.doorbell.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.localstack.LocalPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Backlogs are made by PostgreSQL, loads by us: they must be the same rows. */
class PayloadInPostgresTest {
    @Test
    void sqlMakesTheSameBytes() throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start(LocalPostgres.Options.defaults());
                Connection connection = DriverManager.getConnection(postgres.jdbcUrl("postgres"));
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT " + Payload.sql("n") + " FROM (SELECT 42::bigint AS n) AS row")) {
            result.next();

            assertThat(result.getBytes(1)).isEqualTo(new Payload(42, 0).bytes());
        }
    }
}
