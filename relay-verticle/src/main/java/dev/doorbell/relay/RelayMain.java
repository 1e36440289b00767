package dev.doorbell.relay;

import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Migrations;
import dev.doorbell.service.Service;
import java.util.List;

/** The relay as a process; {@code --help} lists commands and settings. */
public final class RelayMain {
    private RelayMain() {}

    public static void main(String[] args) {
        new Service(
                        "relay-verticle",
                        "publishes the outboxes of its sources to Kafka",
                        RelayConfig.SETTINGS,
                        (environment, metrics) -> new RelayVerticle(RelayConfig.read(environment), metrics))
                .command("migrate", "creates the outbox tables in every source", RelayMain::migrate)
                .command(Install.USAGE, Install.DESCRIPTION, Install::run)
                .command(ResetCursor.USAGE, ResetCursor.DESCRIPTION, ResetCursor::run)
                .command(ReplayFilter.USAGE, ReplayCommand.DESCRIPTION, ReplayCommand::run)
                .command(ReleaseKey.USAGE, ReleaseKey.DESCRIPTION, ReleaseKey::run)
                .main(args);
    }

    private static Migrations migrations(SourceConfig source) {
        return source.table().ours()
                ? new Migrations(source.database(), null)
                : Migrations.ofSharedTablesIn(SourceSql.BOOKS, source.database());
    }

    private static void migrate(Environment environment, List<String> arguments) {
        if (!arguments.isEmpty()) {
            throw new ConfigException("migrate takes no arguments");
        }
        List<SourceConfig> sources = RelayConfig.sources(environment);
        environment.check();
        for (SourceConfig source : sources) {
            List<String> applied = migrations(source).migrate();
            System.out.println("source " + source.name() + ": "
                    + (applied.isEmpty() ? "nothing to apply" : "applied " + String.join(", ", applied)));
        }
    }
}
