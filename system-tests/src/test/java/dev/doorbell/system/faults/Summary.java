package dev.doorbell.system.faults;

import dev.doorbell.system.faults.history.Violation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The runs so far in figures. */
final class Summary {
    /** How often a kind of fault was tried, and how often it really hit. */
    record Count(int tried, int hit) {}

    private final List<MixResult> results = new ArrayList<>();
    private long afterTheRuns;

    void add(MixResult result) {
        results.add(result);
    }

    /** Violations that are of no run, but of the end of a world. */
    void addAtEnd(List<Violation> violations) {
        afterTheRuns += violations.size();
    }

    int runs() {
        return results.size();
    }

    long acknowledged() {
        return results.stream().mapToLong(MixResult::acknowledged).sum();
    }

    long unknown() {
        return results.stream().mapToLong(MixResult::unknown).sum();
    }

    long violations() {
        return afterTheRuns
                + results.stream()
                        .mapToLong(result -> result.violations().size())
                        .sum();
    }

    Map<String, Count> faults() {
        Map<String, Count> counts = new TreeMap<>();
        results.stream()
                .flatMap(result -> result.faults().stream())
                .forEach(outcome -> counts.merge(
                        outcome.fault().kind(),
                        new Count(1, outcome.hit() ? 1 : 0),
                        (a, b) -> new Count(a.tried() + b.tried(), a.hit() + b.hit())));
        return counts;
    }

    private List<Duration> rests() {
        return results.stream().map(result -> result.rest().took()).toList();
    }

    private long loadSeconds() {
        return results.stream()
                .mapToLong(result -> result.timetable().load().toSeconds())
                .sum();
    }

    JsonObject json() {
        JsonObject faults = new JsonObject();
        faults().forEach((kind, count) ->
                faults.put(kind, new JsonObject().put("tried", count.tried()).put("hit", count.hit())));
        JsonArray seeds = new JsonArray();
        results.forEach(result -> seeds.add(result.timetable().seed()));
        return new JsonObject()
                .put("runs", runs())
                .put("loadSeconds", loadSeconds())
                .put("acknowledged", acknowledged())
                .put("unknown", unknown())
                .put("violations", violations())
                .put("restSecondsP50", Percentiles.seconds(rests(), 50))
                .put("restSecondsMax", Percentiles.seconds(rests(), 100))
                .put("faults", faults)
                .put("seeds", seeds);
    }

    void write(Path file) {
        write(file, json());
    }

    static void write(Path file, JsonObject json) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, json.encodePrettily() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%d runs, %d s of load, %d registrations acknowledged, %d calls unknown, %d violations; at rest after"
                        + " %.1f s (median), %.1f s (longest)%n",
                runs(),
                loadSeconds(),
                acknowledged(),
                unknown(),
                violations(),
                Percentiles.seconds(rests(), 50),
                Percentiles.seconds(rests(), 100)));
        faults().forEach((kind, count) -> table.append(
                String.format(Locale.ROOT, "  %-36s tried %3d, hit %3d%n", kind, count.tried(), count.hit())));
        return table.toString();
    }
}
