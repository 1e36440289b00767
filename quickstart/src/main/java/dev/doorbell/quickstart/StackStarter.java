package dev.doorbell.quickstart;

import dev.doorbell.localstack.LocalKafka;
import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.localstack.LocalStack;
import dev.doorbell.localstack.Progress;

/** PostgreSQL and Kafka for the quickstart, ephemeral or in the directory that the user named. */
final class StackStarter {
    private StackStarter() {}

    static LocalStack start(QuickstartArguments arguments, int postgresPort, int kafkaPort, Progress progress) {
        LocalPostgres.Options postgres =
                LocalPostgres.Options.defaults().withPort(postgresPort).withProgress(progress);
        LocalKafka.Options kafka =
                LocalKafka.Options.defaults().withPort(kafkaPort).withProgress(progress);
        if (arguments.directory() != null) {
            postgres = postgres.withDirectory(arguments.directory().resolve("postgresql"));
            kafka = kafka.withDirectory(arguments.directory().resolve("kafka"));
        }
        return LocalStack.start(postgres, kafka);
    }
}
