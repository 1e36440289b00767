package dev.doorbell.localstack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * The child JVM: formats the storage if that is still to be done, runs the broker, and shuts it down in order when
 * standard input ends, which is when the parent closes it or is gone. Not kafka.Kafka, because that ends on Ctrl-C too,
 * before its clients are done, and knows no other orderly end on Windows.
 */
final class BrokerMain {
    static final String READY = "local-stack: broker started";

    private BrokerMain() {}

    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(System.getProperty(OwnedProcesses.HOME_PROPERTY));
        Signals.ignore("INT", "HUP");
        EndOfInput.endsThisJvm();
        OwnedProcesses.noteBroker(home);
        Path settingsFile = home.resolve("server.properties");
        format(home, settingsFile);
        Properties settings = new Properties();
        try (InputStream in = Files.newInputStream(settingsFile)) {
            settings.load(in);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "broker-shutdown"));
        try {
            server.startup();
        } catch (RuntimeException e) {
            e.printStackTrace();
            System.exit(1);
        }
        System.out.println(READY);
        server.awaitShutdown();
    }

    private static void format(Path home, Path settingsFile) {
        if (Files.exists(home.resolve("data").resolve("meta.properties"))) {
            return;
        }
        String clusterId = Uuid.randomUuid().toString();
        int code = StorageTool.execute(
                new String[] {"format", "-t", clusterId, "-c", settingsFile.toString()}, System.out);
        if (code != 0) {
            System.exit(code);
        }
    }
}
