package dev.doorbell.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Migrations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sql/schema} shows what the migrations make of an empty database, so that a review sees both. */
class SchemaIsCurrentTest {
    private static final String WRITE = "schema.write";
    /** Quoted because PowerShell takes an unquoted argument apart at its dots. */
    private static final String COMMAND = "mvn -pl system-tests -am test \"-Dtest=SchemaIsCurrentTest\""
            + " \"-Dsurefire.failIfNoSpecifiedTests=false\" \"-D" + WRITE + "=true\"";

    private static LocalPostgres postgres;

    @BeforeAll
    static void start() {
        postgres = LocalPostgres.start(LocalPostgres.Options.defaults());
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"customers", "payments"})
    void schemaIsWhatTheMigrationsMake(String database) throws Exception {
        Path file = Repository.root().resolve("sql/schema").resolve(database + ".sql");
        String schema = header(database) + dumpAfterMigrations(database);
        if (Boolean.getBoolean(WRITE)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, schema);
        }

        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as("sql/schema/%s.sql is not what the migrations make; to write it anew:%n  %s%n", database, COMMAND)
                .isEqualTo(schema);
    }

    private static String dumpAfterMigrations(String database) throws Exception {
        postgres.createDatabase(database);
        DatabaseUrl url = DatabaseUrl.parse(postgres.url(database));
        new Migrations(url, database).migrate();
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password())) {
            return SchemaDump.of(connection);
        }
    }

    private static String header(String database) {
        return "-- The schema of the database " + database + ", generated from the catalogue after all migrations.\n"
                + "-- For review, not to be edited or run. To write it anew:\n--   " + COMMAND + "\n";
    }
}
