package dev.doorbell.relay;

import dev.doorbell.service.Environment;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An outbox table in a database of its own that somebody else has made, and the settings that name it. */
final class ExistingTable {
    /** The one in Debezium's documentation, in a place that our own migrations would like to have. */
    static final String DEBEZIUM_DDL = "CREATE TABLE outbox (id uuid PRIMARY KEY, aggregatetype varchar(255) NOT NULL, "
            + "aggregateid varchar(255) NOT NULL, type varchar(255) NOT NULL, payload jsonb)";

    final TestSource source = TestSource.unmigrated();
    private final Map<String, String> settings = new HashMap<>();

    ExistingTable(String... statements) throws SQLException {
        for (String statement : statements) {
            source.execute(statement);
        }
    }

    static ExistingTable debeziums() throws SQLException {
        return new ExistingTable(DEBEZIUM_DDL)
                .with("TABLE", "public.outbox")
                .with("COLUMNS", "debezium")
                .with("HEADER_STYLE", "debezium");
    }

    /** @param setting of the source, without its prefix */
    ExistingTable with(String setting, String value) {
        settings.put("RELAY_SOURCE_" + source.name.toUpperCase(Locale.ROOT).replace('-', '_') + "_" + setting, value);
        return this;
    }

    /** @param more settings of the whole relay */
    Map<String, String> settings(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(more);
        return all;
    }

    Environment environment() {
        return new Environment(TestRelay.environment(settings, source));
    }

    SourceConfig config() {
        return RelayConfig.sources(environment()).get(0);
    }

    void install(boolean publishExisting, String... more) {
        List<String> arguments = new java.util.ArrayList<>(
                List.of("--source", source.name, "--publish-existing", Boolean.toString(publishExisting)));
        arguments.addAll(List.of(more));
        Install.run(environment(), arguments);
    }

    ExistingTable installed(boolean publishExisting) {
        install(publishExisting, "--yes");
        return this;
    }

    TestRelay relay(Map<String, String> more) {
        return TestRelay.start(settings(more), source);
    }

    /** Into a table of Debezium's columns. */
    void append(String id, String aggregateId, String type, String payload) throws SQLException {
        source.execute("INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload) VALUES ('" + id
                + "', 'customer', '" + aggregateId + "', '" + type + "', " + payload + ")");
    }
}
