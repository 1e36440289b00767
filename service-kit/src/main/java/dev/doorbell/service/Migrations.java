package dev.doorbell.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.output.MigrateOutput;

/**
 * The Flyway migrations of one database, from the {@code sql} module: first the outbox and inbox tables, which every
 * database shares, then the service's own. Each set has its own history table, so that the two number their files
 * independently and a team's own Flyway history never meets ours. Every method blocks.
 */
public final class Migrations {
    private static final String OUTBOX_FOLDER = "outbox";
    private static final String OUTBOX_HISTORY = "outbox_schema_history";
    private static final String SERVICE_HISTORY = "flyway_schema_history";

    /** NULLS NOT DISTINCT. */
    private static final int OUTBOX_SERVER_VERSION_MIN = 15;
    /** RETURNING old and new, in the payment service. */
    private static final int SERVICE_SERVER_VERSION_MIN = 18;

    private record MigrationSet(String folder, Flyway flyway) {}

    private final DatabaseUrl url;
    private final int serverVersionMin;
    private final List<MigrationSet> sets = new ArrayList<>();

    /** @param folder the service's folder below {@code db/}, or null for the shared tables alone */
    public Migrations(DatabaseUrl url, String folder) {
        this(url, folder, null);
    }

    /** The shared tables alone, in a schema that is made when it is missing. */
    public static Migrations ofSharedTablesIn(String schema, DatabaseUrl url) {
        return new Migrations(url, null, schema);
    }

    private Migrations(DatabaseUrl url, String folder, String schema) {
        this.url = url;
        this.serverVersionMin = folder == null ? OUTBOX_SERVER_VERSION_MIN : SERVICE_SERVER_VERSION_MIN;
        sets.add(new MigrationSet(OUTBOX_FOLDER, flyway(url, OUTBOX_FOLDER, OUTBOX_HISTORY, schema)));
        if (folder != null) {
            sets.add(new MigrationSet(folder, flyway(url, folder, SERVICE_HISTORY, schema)));
        }
    }

    /**
     * Applies what is pending; several processes at once are safe, Flyway locks.
     *
     * @return what was applied, as "outbox 2 (inbox)"
     * @throws StartException when the database cannot be reached or a migration fails; its message names the database
     */
    public List<String> migrate() {
        try {
            return apply();
        } catch (FlywayException e) {
            throw new StartException(url + " cannot be migrated: " + reason(e));
        }
    }

    /** A server that is too old would take the migrations, or most of them, and fail at the first event. */
    private void requireServer() {
        try (Connection connection = url.connect()) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < serverVersionMin) {
                throw new StartException(
                        url + " is PostgreSQL " + version + "; " + serverVersionMin + " or newer is needed");
            }
        } catch (SQLException e) {
            throw new FlywayException(reason(e), e);
        }
    }

    private List<String> apply() {
        requireServer();
        List<String> applied = new ArrayList<>();
        for (MigrationSet set : sets) {
            for (MigrateOutput migration : set.flyway().migrate().migrations) {
                applied.add(describe(set, migration.version, migration.description));
            }
        }
        return applied;
    }

    /**
     * Returns the migrations that the database lacks, in the same form.
     *
     * @throws FlywayException when the database cannot be reached or a migration once failed
     * @throws StartException when the server is too old
     */
    public List<String> pending() {
        requireServer();
        List<String> pending = new ArrayList<>();
        for (MigrationSet set : sets) {
            for (MigrationInfo info : set.flyway().info().pending()) {
                pending.add(describe(set, String.valueOf(info.getVersion()), info.getDescription()));
            }
        }
        return pending;
    }

    /**
     * Returns the text of the same migrations, each headed by its name in a comment: for whoever has to approve it.
     *
     * @throws FlywayException as {@link #pending} does
     */
    public List<String> pendingSql() {
        requireServer();
        List<String> texts = new ArrayList<>();
        for (MigrationSet set : sets) {
            for (MigrationInfo info : set.flyway().info().pending()) {
                texts.add("-- " + describe(set, String.valueOf(info.getVersion()), info.getDescription()) + "\n"
                        + text("db/" + set.folder() + "/" + info.getScript()));
            }
        }
        return texts;
    }

    private static String text(String resource) {
        try (InputStream text = Migrations.class.getClassLoader().getResourceAsStream(resource)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String describe(MigrationSet set, String version, String description) {
        return set.folder() + " " + version + " (" + description + ")";
    }

    private static Flyway flyway(DatabaseUrl url, String folder, String history, String schema) {
        return Flyway.configure()
                .dataSource(url.jdbcUrl(), url.user(), url.password())
                .locations("classpath:db/" + folder)
                .table(history)
                // The other set's tables make the schema "not empty", which Flyway would refuse without a baseline.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                // Null is the connection's own, which is public unless the role says otherwise.
                .defaultSchema(schema)
                .load();
    }

    /** The first line of the deepest cause: what a person needs of Flyway's and JDBC's many-line messages. */
    public static String reason(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return Arrays.stream(message.split("\\R"))
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse(message)
                .strip();
    }
}
