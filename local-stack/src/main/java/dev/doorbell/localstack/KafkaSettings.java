package dev.doorbell.localstack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The server.properties of a single KRaft node, written afresh at each start. */
final class KafkaSettings {
    private KafkaSettings() {}

    /**
     * Three listeners: CLIENT, whose advertised port may be that of a proxy; INTERNAL, by which the broker reaches itself
     * whatever stands before CLIENT; CONTROLLER. Further ones for clients are CLIENT1, CLIENT2 and so on.
     */
    static Properties render(
            Path data, KafkaPorts ports, List<LocalKafka.Listener> further, Map<String, String> extra) {
        Properties settings = new Properties();
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", "1");
        // The static quorum: it is not written into the data, so kept data can start again on other ports.
        settings.setProperty("controller.quorum.voters", "1@127.0.0.1:" + ports.controller());
        List<String> listeners =
                new ArrayList<>(List.of(at("CLIENT", ports.client()), at("INTERNAL", ports.internal())));
        List<String> advertised =
                new ArrayList<>(List.of(at("CLIENT", ports.advertised()), at("INTERNAL", ports.internal())));
        List<String> protocols =
                new ArrayList<>(List.of("CLIENT:PLAINTEXT", "INTERNAL:PLAINTEXT", "CONTROLLER:PLAINTEXT"));
        for (int i = 0; i < further.size(); i++) {
            String name = "CLIENT" + (i + 1);
            listeners.add(at(name, further.get(i).port()));
            advertised.add(at(name, further.get(i).advertisedPort()));
            protocols.add(name + ":PLAINTEXT");
        }
        listeners.add(at("CONTROLLER", ports.controller()));
        settings.setProperty("listeners", String.join(",", listeners));
        settings.setProperty("advertised.listeners", String.join(",", advertised));
        settings.setProperty("listener.security.protocol.map", String.join(",", protocols));
        settings.setProperty("inter.broker.listener.name", "INTERNAL");
        settings.setProperty("controller.listener.names", "CONTROLLER");
        settings.setProperty("log.dirs", data.toString());
        // Nobody creates a topic by a slip of the name.
        settings.setProperty("auto.create.topics.enable", "false");
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.setProperty(topic + ".replication.factor", "1");
            // Few, because each costs the start some files and an election.
            settings.setProperty(topic + ".num.partitions", "5");
        }
        settings.setProperty("transaction.state.log.min.isr", "1");
        settings.setProperty("share.coordinator.state.topic.min.isr", "1");
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        // The default buffer, 128 MiB, is a quarter of the heap.
        settings.setProperty("log.cleaner.dedupe.buffer.size", "16777216");
        // A broker that was killed may register again only when its last session is over.
        settings.setProperty("broker.heartbeat.interval.ms", "500");
        settings.setProperty("broker.session.timeout.ms", "3000");
        settings.putAll(extra);
        return settings;
    }

    private static String at(String listener, int port) {
        return listener + "://127.0.0.1:" + port;
    }

    /** @param advertised the port that clients are told, the client port itself unless a proxy stands before it */
    record KafkaPorts(int client, int advertised, int internal, int controller) {}
}
