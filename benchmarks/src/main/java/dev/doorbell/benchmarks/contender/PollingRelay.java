package dev.doorbell.benchmarks.contender;

import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.lab.Topic;
import java.util.List;
import java.util.Map;

/** What many teams write for themselves, written well: {@link PollingRelayMain}. */
public final class PollingRelay implements Contender {
    @Override
    public String name() {
        return "polling";
    }

    @Override
    public void prepare(Lab lab, Database database) {
        database.dropTrigger();
    }

    @Override
    public Running start(Lab lab, Database database, Topic topic, Goal goal) {
        return new ChildRunning(lab.start(
                "polling",
                Map.of("CLASSPATH", System.getProperty("java.class.path"), "JDBC_URL", database.jdbcUrl()),
                List.of(
                        "-Xmx256m",
                        lab.quietLogging(),
                        PollingRelayMain.class.getName(),
                        lab.kafka().bootstrapServers(),
                        topic.name(),
                        goal == Goal.LATENCY ? "1" : "10",
                        goal == Goal.LATENCY ? "0" : "5",
                        goal == Goal.LATENCY ? "none" : "lz4",
                        goal == Goal.LATENCY ? "16384" : "262144")));
    }
}
