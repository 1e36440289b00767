package dev.doorbell.benchmarks;

import dev.doorbell.benchmarks.contender.Debezium;
import dev.doorbell.benchmarks.measure.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;

/** On what it was measured: without this no figure means anything. */
final class Machine {
    private static final double KIB_PER_GIB = 1 << 20;

    private Machine() {}

    static Map<String, String> describe(String postgresVersion) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "processors",
                firstOf("/proc/cpuinfo", "model name")
                        .map(name -> Runtime.getRuntime().availableProcessors() + " × " + name)
                        .orElse(String.valueOf(Runtime.getRuntime().availableProcessors())));
        firstOf("/proc/meminfo", "MemTotal")
                .ifPresent(total -> facts.put(
                        "memory", Math.round(Double.parseDouble(total.replaceAll("\\D", "")) / KIB_PER_GIB) + " GiB"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put("postgresql", postgresVersion);
        facts.put("kafka", AppInfoParser.getVersion());
        facts.put("debezium", Debezium.version());
        facts.put("payload", Payload.BYTES + " bytes");
        return facts;
    }

    private static java.util.Optional<String> firstOf(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException notLinux) {
            return java.util.Optional.empty();
        }
    }
}
